"""Checkpoint files: whole or not there, equal in every bit, and nothing in them runs."""

import io
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from vjdream.dream.checkpoint import VERSION, load_checkpoint, save_checkpoint
from vjdream.errors import OutputError

STATE: dict[str, Any] = {
    "numbers": (3, -2.5, float("-inf"), True, None),
    "words": ["", "größer", "\0"],
    "nested": {"deeper": [{"deepest": (1,)}, ()], "nothing": {}},
    "bytes": b"\xff\x00\x80",
    "no bytes": b"",
    "flags": np.array([[True, False]]),
    "levels": np.arange(24, dtype=np.uint8).reshape(2, 3, 4),
    "ways": np.array([-1, 0, 1], np.int8),
    "times": np.array([0.1, -np.inf]),
    "tensor": torch.arange(6.0).reshape(1, 2, 3),
}


def same(one: Any, other: Any) -> bool:
    """Whether both are equal in kind and in every bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if isinstance(one, torch.Tensor):
        return one.stride() == other.stride() and torch.equal(one, other)
    return bool(one == other)


def refused(path: Path) -> str:
    """The sentence that the file at `path` is refused with."""
    with pytest.raises(OutputError) as caught:
        load_checkpoint(path)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert "\n" not in sentence
    return sentence


def test_what_was_saved_comes_back_in_kind_and_in_every_bit(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "a.checkpoint", STATE)
    assert same(load_checkpoint(tmp_path / "a.checkpoint"), STATE)


def test_tensors_keep_their_order_in_memory(tmp_path: Path) -> None:
    """A sum over the same numbers in another order is another sum."""
    picture = torch.rand(1, 3, 4, 5).contiguous(memory_format=torch.channels_last)
    state = {"picture": picture, "part": torch.rand(4, 6)[:, ::2]}
    save_checkpoint(tmp_path / "a", state)
    assert same(load_checkpoint(tmp_path / "a"), state)


def test_arrays_that_must_not_be_written_to_are_saved_as_well(tmp_path: Path) -> None:
    array = np.arange(5)
    array.flags.writeable = False
    save_checkpoint(tmp_path / "a", {"array": array})
    assert same(load_checkpoint(tmp_path / "a"), {"array": array})


def test_the_same_state_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        save_checkpoint(tmp_path / name, STATE)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("value", [np.float64(1.0), {1, 2}, object(), Path("a")])
def test_what_could_not_be_loaded_is_not_saved(tmp_path: Path, value: object) -> None:
    with pytest.raises(TypeError, match=f"cannot hold a {type(value).__name__}"):
        save_checkpoint(tmp_path / "a", {"deep": [value]})
    assert list(tmp_path.iterdir()) == []


# -- whole or not there ---------------------------------------------------------------------------


def test_a_newer_checkpoint_takes_the_place_of_the_older(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for number in (1, 2):
        save_checkpoint(path, {"number": number})
    assert load_checkpoint(path) == {"number": 2}
    assert list(tmp_path.iterdir()) == [path]


def test_on_a_full_disk_the_older_one_stays_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    save_checkpoint(path, {"number": 1})

    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"cannot write the checkpoint .*: No space left"):
        save_checkpoint(path, {"number": 2})
    assert list(tmp_path.iterdir()) == [path]
    assert load_checkpoint(path) == {"number": 1}


@pytest.mark.parametrize("place", ["missing/a", "file/a", "folder"])
def test_where_nothing_can_be_written_a_sentence_says_so(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=f"cannot write the checkpoint .*{place}: "):
        save_checkpoint(tmp_path / place, {})
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]


# -- what is refused ------------------------------------------------------------------------------


def saved(value: object) -> bytes:
    stream = io.BytesIO()
    torch.save(value, stream)
    return stream.getvalue()


def test_a_checkpoint_that_is_not_there_is_missed(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "a")
    assert "cannot read" in refused(tmp_path)


FOREIGN = {
    "empty": b"",
    "words": b"vjdream: 1\n",
    "network": saved({"weight": torch.ones(3)}),
    "tensor": saved(torch.ones(3)),
    "list": saved([1, 2]),
    "no state": saved({"vjdream": 1, "checkpoint": [1]}),
    "odd version": saved({"vjdream": torch.ones(2), "checkpoint": {}}),
    "odd array": saved({"vjdream": 1, "checkpoint": {"a": {"\0array": "b"}}}),
    "pickle": pickle.dumps({"vjdream": 1, "checkpoint": {}}),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_another_file_is_refused(tmp_path: Path, kind: str) -> None:
    (tmp_path / "a").write_bytes(FOREIGN[kind])
    assert "is damaged, or no checkpoint of vjdream" in refused(tmp_path / "a")


def test_a_checkpoint_of_a_later_version_is_refused(tmp_path: Path) -> None:
    later = saved({"vjdream": VERSION + 1, "checkpoint": {}})
    (tmp_path / "a").write_bytes(later)
    assert f"version {VERSION + 1}, but this vjdream reads {VERSION}" in refused(tmp_path / "a")


def test_a_checkpoint_cut_short_anywhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a"
    save_checkpoint(path, STATE)
    content = path.read_bytes()
    for length in range(0, len(content), 97):
        path.write_bytes(content[:length])
        refused(path)


def test_a_byte_that_changed_anywhere_is_found_or_means_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a"
    save_checkpoint(path, STATE)
    content = path.read_bytes()
    found = 0
    for place in range(0, len(content), 41):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :])
        try:
            assert same(load_checkpoint(path), STATE)
        except OutputError:
            found += 1
    assert found > 10


def test_a_number_that_changed_is_found(tmp_path: Path) -> None:
    """torch itself would load it."""
    path = tmp_path / "a"
    save_checkpoint(path, {"numbers": torch.full((1000,), 1.5)})
    content = bytearray(path.read_bytes())
    content[content.index(torch.full((10,), 1.5).numpy().tobytes()) + 2] ^= 1
    path.write_bytes(content)
    assert torch.load(path)["checkpoint"]["numbers"][0] != 1.5
    assert "damaged" in refused(path)


class Foreign:
    """Leaves a trace wherever it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, (str(self.trace),))


def test_a_foreign_class_in_a_checkpoint_is_refused_and_nothing_of_it_runs(
    tmp_path: Path,
) -> None:
    path, trace = tmp_path / "a", tmp_path / "trace"
    path.write_bytes(saved({"vjdream": VERSION, "checkpoint": {"a": Foreign(trace)}}))
    refused(path)
    assert not trace.exists()
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None  # nothing else is wrong with it
    torch.load(path, weights_only=False)
    assert trace.exists()  # it would have run
