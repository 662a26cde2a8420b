"""Teaching a network somebody's own pictures, with interruptions."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.dream.training.small import COURSE, examples, shipped, world
from vjdream.dream.networks import load_network
from vjdream.dream.training import own
from vjdream.dream.training.folder import World
from vjdream.dream.training.own import Plan, check_out, plan_of, teach
from vjdream.dream.training.trainer import Lesson
from vjdream.errors import DreamerError, OutputError, SettingsError, WeightsError
from vjdream.settings import Settings
from vjdream.vocabulary import load_descriptor


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is built on is tiny."""
    (tmp_path / "shipped").mkdir()
    descriptor = shipped(tmp_path / "shipped")
    monkeypatch.setattr(own, "load_descriptor", lambda _name: descriptor)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "w.safetensors"


@pytest.fixture
def plan(out: Path) -> Plan:
    return Plan(COURSE, out, "My world")


class Watch:
    """Remembers what it is told; interrupts after some batches."""

    def __init__(self, interrupt_after: int | None = None) -> None:
        self.told: list[tuple[int, bool]] = []
        self._last = interrupt_after

    def __call__(self, done: int, lesson: Lesson | None) -> bool:
        self.told.append((done, lesson is not None))
        return done != self._last


def bytes_of(plan: Plan) -> bytes:
    """What an uninterrupted training writes."""
    assert teach(world(), plan, Watch()) is not None
    content = plan.out.read_bytes()
    plan.out.unlink()
    return content


def names(out: Path) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir())


PART = ".w.safetensors.training"


def test_what_was_taught_can_be_played(plan: Plan) -> None:
    result = teach(world(), plan, Watch())
    assert result is not None
    assert result.pictures == 3
    network = load_network(Settings(network=str(plan.out)))
    assert [entry.slug for entry in network.vocabulary.classes] == ["red", "green", "blue"]
    assert network.logits(torch.rand(1, 3, 64, 64)).shape[1] == 3
    descriptor = load_descriptor(str(plan.out))
    assert (descriptor.name, descriptor.title) == ("w", "My world")
    assert descriptor.raw["course"]["batches"] == 6
    assert (descriptor.raw["clean"], descriptor.raw["robust"]) == (result.clean, result.robust)


def test_whoever_watches_is_told_of_every_batch(plan: Plan) -> None:
    watch = Watch()
    teach(world(), plan, watch)
    assert watch.told == [(done, True) for done in range(1, 7)]


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("stops", [(1,), (3,), (6,), (1, 2, 5)])
def test_an_interrupted_training_gives_the_same_file(
    plan: Plan, stops: tuple[int, ...], fresh: bool
) -> None:
    plan = replace(plan, fresh=fresh)
    whole = bytes_of(plan)
    before = 0
    for stop in stops:
        watch = Watch(stop)
        assert teach(world(), plan, watch) is None
        assert names(plan.out) == [PART]
        assert watch.told[0] == ((before, False) if before else (1, True))
        before = stop
    watch = Watch()
    assert teach(world(), plan, watch) is not None
    assert watch.told == [(before, False), *((done, True) for done in range(before + 1, 7))]
    assert plan.out.read_bytes() == whole
    assert names(plan.out) == ["w.safetensors"]


def test_a_training_that_was_killed_goes_on_from_what_was_kept(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = bytes_of(plan)
    monkeypatch.setattr(own, "KEEP_EVERY", 2)

    def killed(done: int, _lesson: Lesson | None) -> bool:
        if done == 5:
            raise KeyboardInterrupt
        return True

    with pytest.raises(KeyboardInterrupt):
        teach(world(), plan, killed)
    watch = Watch()
    teach(world(), plan, watch)
    assert watch.told[0] == (4, False)
    assert plan.out.read_bytes() == whole


def test_what_is_built_on_dreamnet_sees_as_dreamnet_does(plan: Plan, tmp_path: Path) -> None:
    """As long as it has learnt next to nothing; who begins anew sees something else."""
    picture = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))

    def seen(path: Path) -> torch.Tensor:
        return load_network(Settings(network=str(path))).activation(picture, "head").flatten()

    known, alike = seen(tmp_path / "shipped" / "tiny.json"), []
    for fresh in (False, True):
        still = replace(plan, course=replace(COURSE, batches=1, rate=1e-9), fresh=fresh)
        plan.out.unlink(missing_ok=True)
        teach(world(), still, Watch())
        alike.append(float(torch.corrcoef(torch.stack([known, seen(plan.out)]))[0, 1]))
    assert alike[0] > 0.98
    assert alike[1] < 0.9


@pytest.mark.parametrize(
    "changed",
    [
        {"course": replace(COURSE, seed=2)},
        {"course": replace(COURSE, batches=7)},
        {"course": replace(COURSE, epsilon=1.0)},
        {"fresh": True},
    ],
)
def test_a_training_of_another_plan_is_neither_gone_on_with_nor_lost(
    plan: Plan, changed: dict[str, Any]
) -> None:
    not_gone_on_with(world(), plan, replace(plan, **changed))


def not_gone_on_with(interrupted: World, plan: Plan, other: Plan | None = None) -> None:
    """Interrupt a training and ask for another in its place."""
    whole = bytes_of(plan) if other else b""
    assert teach(interrupted, plan, Watch(2)) is None
    kept = plan.out.with_name(PART).read_bytes()
    with pytest.raises(OutputError, match=r"w\.safetensors\.training is an interrupted training"):
        teach(world(), other or plan, Watch())
    assert names(plan.out) == [PART]
    assert plan.out.with_name(PART).read_bytes() == kept
    if other:
        teach(world(), plan, Watch())
        assert plan.out.read_bytes() == whole


def test_a_training_of_other_pictures_is_not_gone_on_with(plan: Plan) -> None:
    taught = examples()
    darker = replace(taught, pictures=taught.pictures // 2)
    not_gone_on_with(replace(world(), taught=darker), plan)


def test_a_training_of_other_classes_is_not_gone_on_with(plan: Plan) -> None:
    not_gone_on_with(replace(world(), classes=world().classes[::-1]), plan)


def test_a_training_on_another_network_that_shipped_is_not_gone_on_with(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert teach(world(), plan, Watch(2)) is None
    newer = shipped(tmp_path / "shipped")
    newer.raw["title"] = "newer"
    monkeypatch.setattr(own, "load_descriptor", lambda _name: newer)
    with pytest.raises(OutputError, match="is an interrupted training of other pictures"):
        teach(world(), plan, Watch())


def flipped(content: bytes) -> bytes:
    """One bit of a weight is another: torch would not notice."""
    place = len(content) // 3
    return content[:place] + bytes([content[place] ^ 64]) + content[place + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:20],
        lambda content: content[: len(content) // 2],
        lambda content: b"hello" * 1000,
        flipped,
        lambda content: content + b"\0",
    ],
)
def test_a_damaged_beginning_is_forgotten(
    plan: Plan, damage: Callable[[bytes], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    whole = bytes_of(plan)
    assert teach(world(), plan, Watch(2)) is None
    part = plan.out.with_name(PART)
    part.write_bytes(damage(part.read_bytes()))
    watch = Watch()
    teach(world(), plan, watch)
    assert watch.told[0] == (1, True)
    assert plan.out.read_bytes() == whole
    assert "is damaged; the training begins anew" in caplog.text


def test_a_gpu_without_memory_ends_in_a_sentence(plan: Plan) -> None:
    def full(_done: int, _lesson: Lesson | None) -> bool:
        raise torch.OutOfMemoryError("CUDA out of memory")

    with pytest.raises(DreamerError, match="--device cpu has too little memory to train"):
        teach(world(), plan, full)


def test_a_file_that_came_meanwhile_stays_and_nothing_learnt_is_lost(plan: Plan) -> None:
    whole = bytes_of(plan)

    def somebody_writes(done: int, _lesson: Lesson | None) -> bool:
        if done == 6:
            plan.out.write_text("precious")
        return True

    with pytest.raises(WeightsError, match="is there already"):
        teach(world(), plan, somebody_writes)
    assert plan.out.read_text() == "precious"
    plan.out.unlink()
    watch = Watch()
    teach(world(), plan, watch)
    assert watch.told == [(plan.course.batches, False)], "only examined and written"
    assert plan.out.read_bytes() == whole


def test_a_file_that_cannot_be_written_ends_in_a_sentence(plan: Plan) -> None:
    def take_away(done: int, _lesson: Lesson | None) -> bool:
        if done == 6:
            plan.out.parent.rmdir()
        return True

    with pytest.raises(OutputError, match=r"w\.safetensors cannot be written: No such file"):
        teach(world(), plan, take_away)


# -- where it is to go ----------------------------------------------------------------------------


def test_a_file_that_can_be_written_is_fine(out: Path) -> None:
    check_out(out)
    check_out(out.with_suffix(".SafeTensors"))
    assert not list(out.parent.iterdir())


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("w.pth", "ends with .safetensors, got 'w.pth'"),
        ("w", "ends with .safetensors, got 'w'"),
        (".safetensors", "ends with .safetensors, got '.safetensors'"),
        ("w.json", "ends with .safetensors"),
        ("a folder.safetensors", "a folder.safetensors is a folder"),
        ("nowhere/w.safetensors", "nowhere for w.safetensors"),
        ("a file/w.safetensors", "a file for w.safetensors"),
        ("x" * 300 + ".safetensors", "cannot be written: File name too long"),
        ("x" * 230 + ".safetensors", "cannot be written: File name too long"),  # its part's name
        ("precious.safetensors", "precious.safetensors is there already - give another name"),
    ],
)
def test_a_place_where_nothing_can_be_written_is_refused_at_once(
    out: Path, name: str, sentence: str
) -> None:
    (out.parent / "a folder.safetensors").mkdir()
    (out.parent / "a file").write_text("")
    (out.parent / "precious.safetensors").write_text("")
    with pytest.raises(WeightsError, match=sentence.replace(".", r"\.")):
        check_out(out.parent / name)
    if name == "w.pth":
        with pytest.raises(WeightsError):
            teach(world(), Plan(COURSE, out.parent / name, ""), Watch())


# -- what the command line asks for ---------------------------------------------------------------


def options(**changed: Any) -> argparse.Namespace:
    usual = {"folder": "worlds/mine", "batches": 600, "fresh": False, "title": None, "seed": 1,
             "device": "cpu", "threads": 1}  # fmt: skip
    return argparse.Namespace(**{**usual, **changed})


def test_a_plan_is_what_was_asked_for(out: Path) -> None:
    plan = plan_of(options(batches=60, seed=4), out)
    assert (plan.course.batches, plan.course.ramp, plan.course.seed) == (60, 10, 4)
    assert (plan.title, plan.fresh, plan.device, plan.out) == ("w: mine", False, "cpu", out)
    assert plan_of(options(title="Deep"), out).title == "Deep"


def test_beginning_anew_learns_faster(out: Path) -> None:
    slow, fast = (plan_of(options(fresh=fresh), out).course.rate for fresh in (False, True))
    assert fast > slow


def test_the_folder_one_is_in_has_a_name(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path / "out")
    assert plan_of(options(folder="."), out).title == "w: out"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"batches": 9}, "--batches must be 10 to 1000000, got 9"),
        ({"batches": 10**30}, "--batches must be"),
        ({"threads": -1}, "--threads must be 0 to 1024, got -1"),
        ({"threads": 5000}, "--threads must be"),
        ({"seed": -1}, "--seed must be 0 to"),
        ({"seed": 2**31}, "--seed must be 0 to"),
        ({"device": "gpu"}, "--device gpu is unknown"),
    ],
)
def test_a_number_that_cannot_be_is_refused(
    out: Path, changed: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        plan_of(options(**changed), out)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is one")
def test_a_gpu_that_is_not_there_is_refused(out: Path) -> None:
    with pytest.raises(DreamerError, match="torch finds none"):
        plan_of(options(device="cuda"), out)
