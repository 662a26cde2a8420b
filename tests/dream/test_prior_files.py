"""Priors from elsewhere: what they come to, and what is refused in one sentence."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file

from vjdream.cli import main
from vjdream.dream.dreamer import create_dreamer
from vjdream.dream.prior import Form, PatchPrior
from vjdream.dream.prior_files import OWN, read_prior
from vjdream.errors import WeightsError
from vjdream.settings import Settings
from vjdream.vocabulary import DATA

Array = NDArray[np.float64]

HEIGHT, WIDTH = 10, 11
V = 0.665248
BY_NAME = ("student_prior_filters.npy", "student_prior_mean.npy")
OF_GAUSSIANS = ("prior_filters.npy", "prior_mean.npy")
both_forms = pytest.mark.parametrize("form", ["student", "gaussian"])


def bank(seed: int = 0) -> tuple[Array, Array]:
    """Filters (row, column, colour, filter) and a mean, of the size that those of 2015 have.

    Nothing in it is symmetric: whatever is turned, mirrored or exchanged gives other energies. The
    first few look at one place each, the others at everything.
    """
    dice = np.random.default_rng(seed)
    filters = dice.standard_normal((8, 8, 3, 192)) * 0.002
    filters[..., :3] = 0
    filters[0, 0, 0, 0] = 0.02  # red, at the corner where a correlation would look for it
    filters[7, 2, 1, 1] = 0.02
    filters[1, 5, 2, 2] = -0.02
    return filters, dice.standard_normal(192) * 0.3


def picture() -> torch.Tensor:
    """A picture (1, 3, h, w) in 0..1 whose colours differ."""
    dice = torch.Generator().manual_seed(2)
    tint = torch.tensor([0.5, 0.8, 1.0])[None, :, None, None]
    return torch.rand(1, 3, HEIGHT, WIDTH, generator=dice) * tint


def as_in_2015(filters: Array, mean: Array, form: Form) -> tuple[float, Array]:
    """Energy of every patch, and its gradient by the picture in 0..1, by true convolution.

    A plain loop over places and filters on the picture in 0..255, from which 128 is taken.
    """
    x = picture()[0].numpy().astype(np.float64) * 255
    total, count, gradient = 0.0, 0, np.zeros_like(x)
    for row in range(HEIGHT - 7):
        for column in range(WIDTH - 7):
            for k in range(192):
                z = -mean[k]
                seen = np.zeros_like(x)  # how z depends on the picture
                for i in range(8):
                    for j in range(8):
                        there = x[:, row + 7 - i, column + 7 - j]
                        z += float(((there - 128) * filters[i, j, :, k]).sum())
                        seen[:, row + 7 - i, column + 7 - j] = filters[i, j, :, k]
                total += z * z / 2 if form == "gaussian" else math.log1p(z * z / V)
                gradient += seen * (z if form == "gaussian" else 2 * z / (V + z * z))
                count += 1
    return total / count, 255 * gradient / count


def write(folder: Path, names: tuple[str, str] = BY_NAME, seed: int = 0, **changes: Any) -> Path:
    """Write a pair into a folder, with other filters or another mean if they are given."""
    folder.mkdir(exist_ok=True)
    filters, mean = bank(seed)
    np.save(folder / names[0], changes.get("filters", filters))
    np.save(folder / names[1], changes.get("mean", mean))
    return folder


def same(one: PatchPrior, other: PatchPrior) -> bool:
    alike = torch.equal(one.filters, other.filters) and torch.equal(one.mean, other.mean)
    return alike and one.v == other.v


def refused(folder: Path) -> str:
    """Read a folder that must be refused; return the sentence."""
    with pytest.raises(WeightsError) as caught:
        read_prior(str(folder))
    sentence = str(caught.value)
    assert str(folder) in sentence
    assert sentence.isprintable(), "one line, and nothing that a terminal would obey"
    return sentence


# -- what is read ---------------------------------------------------------------------------------


@both_forms
def test_a_pair_of_2015_is_what_its_own_convolution_comes_to(tmp_path: Path, form: Form) -> None:
    energy, gradient = as_in_2015(*bank(), form)
    ours = read_prior(str(write(tmp_path)))
    assert ours.v == V
    assert float(ours.pyramid_energy(picture(), form)) == pytest.approx(energy, rel=1e-5)
    written_out = ours.pyramid_gradient(picture(), form)[0].numpy()
    assert np.abs(written_out - gradient).max() < 1e-5 * np.abs(gradient).max()


def test_filters_are_turned_and_colours_are_not(tmp_path: Path) -> None:
    """The first filter of the bank looks at red in the last corner of the patch alone."""
    first = read_prior(str(write(tmp_path))).filters[0].view(3, 8, 8)
    assert first[0, 7, 7] == pytest.approx(0.02 * 255)
    assert int(first.count_nonzero()) == 1


@pytest.mark.parametrize("names", [OF_GAUSSIANS, ("w.npy", "mu.npy"), ("b.npy", "a.npy")])
def test_other_names_are_read_too(tmp_path: Path, names: tuple[str, str]) -> None:
    folder = write(tmp_path / "any", names)
    np.save(folder / "classes.npy", np.zeros(1000))  # what else lies there is of another shape
    assert same(read_prior(str(folder)), read_prior(str(write(tmp_path / "named"))))


def test_of_both_pairs_of_2015_that_of_its_stream_is_read(tmp_path: Path) -> None:
    alone = read_prior(str(write(tmp_path / "alone")))
    write(tmp_path / "alone", OF_GAUSSIANS, seed=1)
    assert same(read_prior(str(tmp_path / "alone")), alone)


@pytest.mark.parametrize("kind", ["<f4", ">f8", "<f2"])
def test_numbers_of_any_width_are_read(tmp_path: Path, kind: str) -> None:
    filters, mean = (values.astype(kind) for values in bank())
    ours = read_prior(str(write(tmp_path, filters=np.asfortranarray(filters), mean=mean)))
    assert torch.allclose(ours.filters, read_prior(str(write(tmp_path))).filters, atol=1e-2)


def test_a_prior_of_ours_is_read_as_it_was_written(tmp_path: Path) -> None:
    content = {
        "filters": torch.arange(192.0 * 192).view(192, 192),
        "mean": torch.arange(192.0),
        "v": torch.tensor([0.25]),
    }
    save_file(content, tmp_path / OWN)
    made = read_prior(str(tmp_path))
    assert torch.equal(made.filters, content["filters"])
    assert torch.equal(made.mean, content["mean"])
    assert made.v == 0.25


def test_the_folder_that_ships_holds_the_prior_that_ships() -> None:
    assert same(read_prior(str(DATA)), PatchPrior.load())


def test_a_dreamer_climbs_with_the_prior_that_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vjdream.dream import dreamer as dreaming

    given: list[PatchPrior] = []
    whole = dreaming.Ascent

    def ascent(network: Any, prior: PatchPrior, canvas: Any) -> Any:
        given.append(prior)
        return whole(network, prior, canvas)

    monkeypatch.setattr(dreaming, "Ascent", ascent)
    for prior in (None, str(write(tmp_path))):
        create_dreamer(Settings(dtype="float32", threads=1, prior=prior))
    assert same(given[0], PatchPrior.load())
    assert same(given[1], read_prior(str(tmp_path)))


# -- what is refused ------------------------------------------------------------------------------


def test_a_folder_without_a_prior_is_refused_with_what_is_needed(tmp_path: Path) -> None:
    told = refused(tmp_path)
    assert "needed prior.safetensors, or student_prior_filters.npy of shape (8, 8, 3, 192)" in told
    assert "got none of them" in told


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refused(tmp_path / "nowhere")


@pytest.mark.parametrize("missing", [0, 1])
def test_a_half_of_a_pair_is_refused_with_what_was_found(tmp_path: Path, missing: int) -> None:
    (write(tmp_path) / BY_NAME[missing]).unlink()
    assert f"got '{BY_NAME[1 - missing]}' (of shape" in refused(tmp_path)


def test_a_half_of_a_pair_is_not_completed_from_the_other_pair(tmp_path: Path) -> None:
    write(write(tmp_path), OF_GAUSSIANS)
    (tmp_path / BY_NAME[1]).unlink()
    assert "several arrays that may be the filters" in refused(tmp_path)


@pytest.mark.parametrize(
    ("shape", "told"), [((8, 8, 3, 192), "the filters: "), ((192,), "the mean: ")]
)
def test_arrays_that_may_both_be_meant_are_refused(
    tmp_path: Path, shape: tuple[int, ...], told: str
) -> None:
    write(tmp_path, ("a.npy", "b.npy"))
    np.save(tmp_path / "c.npy", np.zeros(shape))
    sentence = refused(tmp_path)
    assert told in sentence
    assert "'c.npy'" in sentence
    assert f"needed is one of shape {shape}" in sentence


def test_a_prior_of_ours_beside_arrays_is_refused(tmp_path: Path) -> None:
    (write(tmp_path) / OWN).write_bytes((DATA / OWN).read_bytes())
    assert "holds prior.safetensors and 'student_prior_filters.npy'" in refused(tmp_path)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"filters": np.zeros((192, 3, 8, 8))}, "has shape (192, 3, 8, 8), needed (8, 8, 3, 192)"),
        ({"mean": np.zeros((1, 192))}, "has shape (1, 192), needed (192,)"),
        ({"filters": np.full((8, 8, 3, 192), np.nan)}, "filters.npy' holds values that are no num"),
        ({"mean": np.full(192, -np.inf)}, "mean.npy' holds values that are no numbers"),
        ({"filters": np.full((8, 8, 3, 192), 1e300)}, "filters.npy' holds values that are too lar"),
        ({"mean": np.full(192, 1e300)}, "mean.npy' holds values that are too large"),
        ({"filters": np.zeros((8, 8, 3, 192), complex)}, "no NumPy array of plain numbers"),
        ({"mean": np.zeros(192, bool)}, "no NumPy array of plain numbers"),
    ],
)
def test_arrays_that_are_no_prior_are_refused(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    assert told in refused(write(tmp_path, **changes))


class Unpickled:
    """Says so when a pickle that holds it is opened."""

    def __reduce__(self) -> tuple[Any, ...]:
        return pytest.fail, ("the pickle was opened",)


@pytest.mark.parametrize("names", [BY_NAME, ("a.npy", "b.npy")])
def test_pickled_arrays_are_refused_and_nothing_is_run(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    objects = np.full(192, Unpickled(), dtype=object)
    folder = write(tmp_path, names)
    np.save(folder / names[1], objects, allow_pickle=True)
    told = refused(folder)
    assert "pickled" in told if names == BY_NAME else "'b.npy' (no plain numbers)" in told


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"PK\x03\x04", b"\x93NUMPY\x01\x00\xff\xff{" + b"(" * 65534]
)
def test_files_that_are_no_arrays_are_refused(tmp_path: Path, content: bytes) -> None:
    (write(tmp_path) / BY_NAME[0]).write_bytes(content)
    assert "'student_prior_filters.npy' is no NumPy array of plain numbers" in refused(tmp_path)


def test_an_array_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path) / BY_NAME[0]
    path.write_bytes(path.read_bytes()[:1000])
    assert "or is damaged" in refused(tmp_path)


def test_names_of_files_reach_no_terminal_as_they_are(tmp_path: Path) -> None:
    np.save(tmp_path / "a\x1b[2J\n.npy", np.zeros(3))
    assert r"\x1b" in refused(tmp_path)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"filters": torch.zeros(192, 191)}, "'filters' has shape 192×191, needed 192×192"),
        ({"mean": torch.zeros(3)}, "'mean' has shape 3, needed 192"),
        ({"v": torch.zeros(0)}, "'v' has shape 0, needed 1"),
        ({"v": torch.zeros(1)}, "'v' is to be above 0, got 0"),
        ({"mean": torch.full((192,), torch.nan)}, "'mean' holds values that are no numbers"),
        ({"v": torch.tensor([torch.inf])}, "'v' holds values that are no numbers"),
        ({"scale": torch.zeros(1)}, "'scale' is unknown to it"),
    ],
)
def test_a_file_of_ours_that_is_no_prior_is_refused(
    tmp_path: Path, changes: dict[str, torch.Tensor], told: str
) -> None:
    content = {
        "filters": torch.zeros(192, 192), "mean": torch.zeros(192), "v": torch.ones(1), **changes,
    }  # fmt: skip
    save_file(content, tmp_path / OWN)
    assert f"{OWN} is not a prior: {told}" in refused(tmp_path)


def test_a_file_of_ours_that_is_damaged_is_refused(tmp_path: Path) -> None:
    (tmp_path / OWN).write_bytes(b"neither a prior nor weights")
    assert "no weight file of torch or safetensors, or is damaged" in refused(tmp_path)


def test_a_render_takes_a_prior_and_shows_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = ["render", "--size", "128x128", "--canvas", "128x128", "--fps", "8", "--threads", "1"]
    options = [*tiny, "--dtype", "float32", "--duration", "0.5", "--set", "prior=4"]
    folder = write(tmp_path / "prior")
    assert main([*options, str(tmp_path / "usual")]) == 0
    assert main([*options, "--prior", str(folder), str(tmp_path / "other")]) == 0
    last = [sorted((tmp_path / out).glob("*.png"))[-1].read_bytes() for out in ("usual", "other")]
    assert last[0] != last[1]
    np.save(folder / BY_NAME[1], np.zeros(191))
    capsys.readouterr()
    assert main([*options, "--prior", str(folder), str(tmp_path / "refused")]) == 2
    assert "has shape (191,), needed (192,)" in capsys.readouterr().err.splitlines()[-1]
