"""Weight files of strangers: whatever is in them, a state dict comes out or one sentence."""

import io
import json
import os
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from torch import Tensor, nn

from vjdream.dream.state_dicts import fit, read_state_dict
from vjdream.errors import WeightsError

WEIGHTS = {"features.0.weight": torch.arange(8.0).view(2, 4), "features.0.bias": torch.ones(2)}


def equal(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def save(path: Path, content: Any, legacy: bool = False) -> Path:
    torch.save(content, path, _use_new_zipfile_serialization=not legacy)
    return path


def saved(content: Any, legacy: bool = False) -> bytes:
    stream = io.BytesIO()
    torch.save(content, stream, _use_new_zipfile_serialization=not legacy)
    return stream.getvalue()


def refused(path: Path) -> str:
    """Read a file that must be refused; return the sentence."""
    with pytest.raises(WeightsError) as caught:
        read_state_dict(path)
    sentence = str(caught.value)
    assert sentence.startswith(str(path))
    assert sentence.isprintable(), "one line, and nothing that a terminal would obey"
    assert len(sentence) < 400 + len(str(path))
    return sentence


# -- what is read ---------------------------------------------------------------------------------


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("name", ["places.pth", "places.pt", "places.pth.tar", "places"])
def test_both_formats_of_torch_are_read(name: str, legacy: bool, tmp_path: Path) -> None:
    assert equal(read_state_dict(save(tmp_path / name, WEIGHTS, legacy)), WEIGHTS)


@pytest.mark.parametrize("name", ["places.safetensors", "renamed.pth"])
def test_safetensors_are_read_whatever_they_are_called(name: str, tmp_path: Path) -> None:
    save_file(WEIGHTS, tmp_path / name)
    assert equal(read_state_dict(tmp_path / name), WEIGHTS)


@pytest.mark.parametrize("name", ["places.safetensors", "places.pth"])
def test_a_file_may_vanish_after_it_was_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    save_file(WEIGHTS, path) if path.suffix == ".safetensors" else save(path, WEIGHTS)
    state = read_state_dict(path)
    with path.open("r+b") as file:
        file.truncate(0)
    assert equal(state, WEIGHTS)


def test_the_types_of_the_file_are_kept(tmp_path: Path) -> None:
    half = {name: value.half() for name, value in WEIGHTS.items()}
    state = read_state_dict(save(tmp_path / "half.pth", half))
    assert equal(state, half)
    assert {value.dtype for value in state.values()} == {torch.float16}


def test_parameters_become_plain_tensors(tmp_path: Path) -> None:
    linear = nn.Linear(2, 3)
    state = read_state_dict(save(tmp_path / "linear.pth", dict(linear.named_parameters())))
    assert not any(
        isinstance(value, nn.Parameter) or value.requires_grad for value in state.values()
    )


@pytest.mark.parametrize("wrapper", ["state_dict", "model_state_dict", "model"])
def test_checkpoints_of_trainings_are_unwrapped(wrapper: str, tmp_path: Path) -> None:
    content = {"epoch": 90, "arch": "vgg16", "optimizer": {"lr": 0.1}, wrapper: WEIGHTS}
    assert equal(read_state_dict(save(tmp_path / "checkpoint.pth", content)), WEIGHTS)
    content = {"model": content}
    assert equal(read_state_dict(save(tmp_path / "checkpoint.pth", content)), WEIGHTS)


@pytest.mark.parametrize(
    "key",
    [
        "features.0.weight",
        "module.features.0.weight",
        "model.features.0.weight",
        "module.model.features.0.weight",
        "attacker.model.features.0.weight",
        "module.attacker.model.features.0.weight",
        "features.module.0.weight",
        "module.features.module.0.weight",
    ],
)
def test_the_modules_around_a_network_are_taken_off(key: str, tmp_path: Path) -> None:
    state = read_state_dict(save(tmp_path / "wrapped.pth", {key: torch.ones(2)}))
    assert list(state) == ["features.0.weight"]


def test_a_checkpoint_of_the_robustness_library_gives_its_network_once(tmp_path: Path) -> None:
    state: OrderedDict[str, Tensor] = OrderedDict()
    statistics = torch.zeros(3, 1, 1)
    state["module.normalizer.new_mean"] = state["module.normalizer.new_std"] = statistics
    state["module.attacker.normalize.new_mean"] = statistics
    for shell in ("module.model.", "module.attacker.model."):
        state.update({shell + name: value for name, value in WEIGHTS.items()})
    path = save(tmp_path / "robust.pt", {"model": state, "epoch": 89})
    assert equal(read_state_dict(path), WEIGHTS)


def test_two_networks_in_one_file_are_not_guessed_between(tmp_path: Path) -> None:
    two = {"module.a.weight": torch.ones(2), "model.a.weight": torch.zeros(2)}
    assert "two different tensors for 'a.weight'" in refused(save(tmp_path / "two.pth", two))


# -- what is refused ------------------------------------------------------------------------------


def bomb() -> bytes:
    """A small archive that unpacks to much."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(WEIGHTS))) as honest,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for entry in honest.infolist():
            content = honest.read(entry)
            archive.writestr(entry.filename, content if len(content) < 32 else bytes(30_000_000))
    assert len(stream.getvalue()) < 300_000
    return stream.getvalue()


def rewritten(change: Callable[[bytes], bytes]) -> bytes:
    """An archive of torch whose pickle was changed."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved({"a": torch.arange(8.0)}))) as honest,
        zipfile.ZipFile(stream, "w") as archive,
    ):
        for entry in honest.infolist():
            content = honest.read(entry)
            pickled = entry.filename.endswith("data.pkl")
            archive.writestr(entry.filename, change(content) if pickled else content)
    return stream.getvalue()


def longer(pickled: bytes) -> bytes:
    """Let a tensor of 8 numbers claim to have a million."""
    million = b"J" + struct.pack("<i", 1_000_000)
    return pickled.replace(b"K\x08t", million + b"t").replace(b"K\x08\x85", million + b"\x85")


def header(content: Any, body: bytes = b"") -> bytes:
    """A safetensors file with that header."""
    text = json.dumps(content).encode()
    return struct.pack("<Q", len(text)) + text + body


def script() -> bytes:
    """The archive of a TorchScript program, as far as it is looked at."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in ("data.pkl", "constants.pkl", "version", "code/__torch__.py"):
            archive.writestr(f"program/{name}", b"")
    return stream.getvalue()


LYING = {"a": {"dtype": "F32", "shape": [1_000_000], "data_offsets": [0, 4_000_000]}}
NO_WEIGHTS = "is no weight file of torch or safetensors, or is damaged"
BAD_FILES = {
    "empty.pth": (b"", "is empty"),
    "text.pth": (b"hello, I am no weight file\n", NO_WEIGHTS),
    "page.pth": (b"\n<!DOCTYPE html><html>log in</html>", "is a web page"),
    "zeros.pth": (bytes(1000), NO_WEIGHTS),
    "truncated.pth": (saved(WEIGHTS)[:-100], NO_WEIGHTS),
    "begun.pth": (saved(WEIGHTS)[:100], NO_WEIGHTS),
    "old.pth": (saved(WEIGHTS, legacy=True)[:-5], NO_WEIGHTS),
    "old-begun.pth": (saved(WEIGHTS, legacy=True)[:40], NO_WEIGHTS),
    "bomb.pth": (bomb(), "is a compressed archive"),
    "longer.pth": (rewritten(longer), NO_WEIGHTS),
    "script.pth": (script(), "is a TorchScript program"),
    "archive.pth": (b"PK\x05\x06" + bytes(18), NO_WEIGHTS),
    "pickle.pth": (pickle.dumps({"a": 1}), NO_WEIGHTS),
    "broken.safetensors": (b"\xff" * 8 + b"{", NO_WEIGHTS),
    "short.safetensors": (b"{", NO_WEIGHTS),
    "no-json.safetensors": (header("x")[:8] + b"{{{{", NO_WEIGHTS),
    "lying.safetensors": (header(LYING, bytes(16)), NO_WEIGHTS),
    "deep.safetensors": (struct.pack("<Q", 50_000) + b'{"a":' * 10_000, NO_WEIGHTS),
    "zip.safetensors": (saved(WEIGHTS), NO_WEIGHTS),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_one_sentence(name: str, tmp_path: Path) -> None:
    content, sentence = BAD_FILES[name]
    path = tmp_path / name
    path.write_bytes(content)
    assert sentence in refused(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ([torch.ones(2)], "holds a list, needed a state dict"),
        (torch.ones(2), "holds a Tensor, needed a state dict"),
        ({}, "holds no weights"),
        ({"state_dict": {}}, "holds no weights"),
        ({"a": torch.ones(2), "epoch": 3}, "'epoch' is a int, not a tensor"),
        ({"net": WEIGHTS}, "'net' is a dict, not a tensor"),
        ({1: torch.ones(2)}, "it has a int where names are needed"),
        ({"a": torch.ones(3).to_sparse()}, "'a' is no plain tensor"),
        ({"a": torch.ones(3, device="meta")}, "'a' is no plain tensor"),
        ({"a": torch.ones(3, dtype=torch.complex64)}, "'a' is no plain tensor"),
        ({"a": torch.ones(1).expand(100_000)}, "'a' claims to be larger than the file"),
        ({"\x1b[2J\n": 1}, "is a int, not a tensor"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_without_a_state_dict_says_what_it_holds(
    content: Any, sentence: str, tmp_path: Path
) -> None:
    assert sentence in refused(save(tmp_path / "content.pth", content))


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    assert "does not exist" in refused(tmp_path / "nothing.pth")
    assert "is a folder" in refused(tmp_path)


# -- what asks to run code ------------------------------------------------------------------------


class Malicious:
    """Runs a command where it is unpickled carelessly."""

    def __init__(self, marker: Path) -> None:
        self._marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"echo run > {self._marker}",)


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("environment", ["", "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"])
def test_a_malicious_file_runs_nothing(
    legacy: bool, environment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if environment:
        monkeypatch.setenv(environment, "1")
    marker = tmp_path / "marker"
    path = save(tmp_path / "evil.pth", {**WEIGHTS, "epoch": Malicious(marker)}, legacy)
    sentence = refused(path)
    assert f"asks to run code ({os.name if os.name == 'nt' else 'posix'}.system)" in sentence
    assert "refused, nothing was run" in sentence
    assert not marker.exists()
    torch.load(path, weights_only=False)
    assert marker.exists(), "the file was harmless, so the test proved nothing"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("name", ["evil.pth", "evil.safetensors", "evil.pkl"])
def test_a_malicious_pickle_runs_nothing(name: str, protocol: int, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    path = tmp_path / name
    path.write_bytes(pickle.dumps(Malicious(marker), protocol))
    refused(path)
    assert not marker.exists()


def test_code_is_named_but_never_obeyed_by_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "evil.pth"
    path.write_bytes(rewritten(lambda _: b"\x80\x02cos\x1b[2J\nsystem\nX\x01\x00\x00\x00x\x85R."))
    refused(path)


# -- anything -------------------------------------------------------------------------------------

HONEST = (saved(WEIGHTS), saved(WEIGHTS, legacy=True), header(LYING, bytes(4_000)))
ONE_FOLDER = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150
)


def read_whatever(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        assert all(isinstance(value, Tensor) for value in read_state_dict(path).values())
    except WeightsError as error:
        assert str(error).isprintable()


@ONE_FOLDER
@given(
    start=st.sampled_from(
        [b"", b"PK\x03\x04", b"\x80\x02", HONEST[1][:14], b"\x10" + bytes(7) + b"{"]
    ),
    rest=st.binary(max_size=400),
    suffix=st.sampled_from([".pth", ".safetensors"]),
)
def test_random_bytes_are_one_sentence(
    start: bytes, rest: bytes, suffix: str, tmp_path: Path
) -> None:
    read_whatever(tmp_path / f"random{suffix}", start + rest)


@ONE_FOLDER
@given(
    content=st.sampled_from(HONEST),
    place=st.floats(0, 1, exclude_max=True),
    byte=st.integers(0, 255),
    end=st.none() | st.floats(0, 1),
)
def test_a_damaged_file_is_one_sentence_or_still_a_state_dict(
    content: bytes, place: float, byte: int, end: float | None, tmp_path: Path
) -> None:
    damaged = bytearray(content)
    damaged[int(place * len(content))] = byte
    read_whatever(
        tmp_path / "damaged.pth", damaged[: None if end is None else int(end * len(content))]
    )


# -- what fits ------------------------------------------------------------------------------------

EXPECTED = {"a.weight": (4, 3, 3, 3), "a.bias": (4,), "fc.weight": (10, 4), "fc.bias": (10,)}
LAST = ("fc.weight", "fc.bias")
PATH = Path("places.pth")


def state(**changes: Tensor | None) -> dict[str, Tensor]:
    """A state dict that fits, but for the changes; double underscores stand for dots."""
    fitting: dict[str, Tensor | None] = {n: torch.zeros(s) for n, s in EXPECTED.items()}
    fitting.update({name.replace("__", "."): value for name, value in changes.items()})
    return {name: value for name, value in fitting.items() if value is not None}


def misfit(state: dict[str, Tensor], **options: Any) -> str:
    with pytest.raises(WeightsError) as caught:
        fit(state, EXPECTED, "vgg16", PATH, **options)
    assert str(caught.value).isprintable()
    return str(caught.value)


def test_exactly_the_expected_tensors_come_out_in_their_order() -> None:
    given = dict(reversed(state(aux1__x=torch.ones(1)).items()))
    fitted = fit(given, EXPECTED, "vgg16", PATH, ignorable=("aux1.",))
    assert list(fitted) == list(EXPECTED)
    assert all(fitted[name] is given[name] for name in EXPECTED)


def test_the_shapes_may_come_from_torch() -> None:
    shapes = {name: value.shape for name, value in state().items()}
    assert fit(state(), shapes, "vgg16", PATH).keys() == EXPECTED.keys()


def test_counters_of_batch_normalisation_are_never_missed_nor_minded() -> None:
    counter = {"bn.num_batches_tracked": torch.tensor(7)}
    assert fit({**state(), **counter}, EXPECTED, "vgg16", PATH).keys() == EXPECTED.keys()


def test_a_different_shape_is_named_with_the_needed_one() -> None:
    assert misfit(state(a__weight=torch.zeros(4, 3, 7, 7))) == (
        "places.pth is not a vgg16: 'a.weight' has shape 4×3×7×7, needed 4×3×3×3"
    )
    assert "'a.bias' has shape of one number, needed 4" in misfit(state(a__bias=torch.tensor(1.0)))


def test_a_missing_tensor_is_named_with_its_shape() -> None:
    assert misfit(state(a__weight=None)) == (
        "places.pth is not a vgg16: 'a.weight' (4×3×3×3) is missing"
    )


def test_an_unknown_tensor_is_named() -> None:
    assert misfit(state(bn__weight=torch.ones(1))) == (
        "places.pth is not a vgg16: 'bn.weight' is unknown to it"
    )


def test_all_that_differs_is_counted() -> None:
    changes = {"a__bias": None, "a__weight": torch.zeros(4, 3, 7, 7), "\x1b": torch.ones(1)}
    assert misfit(state(**changes)).endswith("needed 4×3×3×3 (and 2 more)")
    assert "'a.weight' (4×3×3×3) is missing (and 3 more)" in misfit({})


def test_any_number_of_classes_fits_where_it_is_free() -> None:
    other = state(fc__weight=torch.zeros(365, 4), fc__bias=torch.zeros(365))
    fitted = fit(other, EXPECTED, "vgg16", PATH, free_first_dimension=LAST)
    assert len(fitted["fc.bias"]) == 365
    assert "'fc.weight' has shape 365×4, needed 10×4 (and 1 more)" in misfit(other)


def test_a_free_number_of_classes_must_be_one_number() -> None:
    two = state(fc__weight=torch.zeros(365, 4))
    assert "'fc.bias' and 'fc.weight' disagree about the number of classes" in misfit(
        two, free_first_dimension=LAST
    )
    none = state(fc__weight=torch.zeros(0, 4), fc__bias=torch.zeros(0))
    assert "'fc.weight' has shape 0×4" in misfit(none, free_first_dimension=LAST)
    wider = state(fc__weight=torch.zeros(365, 5), fc__bias=torch.zeros(365))
    assert "'fc.weight' has shape 365×5" in misfit(wider, free_first_dimension=LAST)
    assert "is missing" in misfit(state(fc__bias=None), free_first_dimension=LAST)
    assert "of one number" in misfit(state(fc__bias=torch.tensor(1.0)), free_first_dimension=LAST)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(value: float) -> None:
    assert "'a.bias' holds values that are no numbers" in misfit(
        state(a__bias=torch.tensor([0, 1, 2, value]).half())
    )
