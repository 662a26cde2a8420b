"""The quality bench: start canvases, networks from files, figures and sheets."""

import json
from fractions import Fraction
from pathlib import Path

import measures
import numpy as np
import pytest
from quality import parsed
from quality_bench import Figure, contact_sheet, halves, whole
from rehearsal import Company, Rehearsal, installed, random_canvas

from vjdream import vocabulary
from vjdream.errors import VJDreamError
from vjdream.frames import Size
from vjdream.settings import Settings
from vjdream.vocabulary import load_descriptor

SMALL = Size(256, 144)


def test_a_start_canvas_has_the_spectrum_of_photographs_and_is_repeatable() -> None:
    first, again, other = (random_canvas(Size(640, 360), seed) for seed in (1, 1, 2))
    assert np.array_equal(first.picture, again.picture)
    assert not np.array_equal(first.picture, other.picture)
    picture = measures.rgb(first.picture)
    assert measures.spectrum_slope(picture) == pytest.approx(-1.2, abs=0.15)
    assert measures.colours(picture).mean == pytest.approx(0.45, abs=0.02)
    assert measures.self_similarity(picture) < 0.3


@pytest.mark.parametrize(("rate", "painted"), [(2.0, 3), (100.0, 7)])
def test_a_rehearsal_paints_as_fast_as_its_machine_affords_and_no_faster_than_asked(
    rate: float, painted: int
) -> None:
    settings = Settings(
        size=SMALL,
        canvas=SMALL,
        fps=Fraction(8),
        dtype="float32",
        values=(("keyframes", 4.0), ("steps", 1)),
    )
    show = Rehearsal(Company.gather(settings), settings, random_canvas(SMALL, 1), rate)
    frames = list(show.play(1.0))
    show.send("/vjdream/classes", "eye")
    frames += show.play(1.0)
    assert [frame.time for frame in frames] == [n / 8 for n in range(16)]
    assert show.performance.presenter.newest.sequence == 1 + painted
    assert show.performance.target.class_1 == "eye"
    zooms = [frame.viewpoint.pose.log_zoom for frame in frames]
    assert zooms == sorted(zooms)
    assert not np.array_equal(frames[0].picture, frames[-1].picture)


@pytest.mark.parametrize("named", [".safetensors", ".json"])
def test_a_network_from_a_file_takes_the_place_of_dreamnet_and_gives_it_back(
    tmp_path: Path, named: str
) -> None:
    shipped = json.loads((vocabulary.DATA / "dreamnet.json").read_text())
    mine = tmp_path / "trial.safetensors"
    mine.write_bytes(b"weights")
    content = {**shipped, "name": "trial", "title": "A trial"}
    mine.with_suffix(".json").write_text(json.dumps(content))
    before = vocabulary.DATA
    with installed(mine.with_suffix(named)):
        assert load_descriptor("dreamnet").title == "A trial"
        assert load_descriptor("dreamnet").name == "dreamnet"
        found = vocabulary.networks()["dreamnet"].with_suffix(".safetensors")
        assert found.read_bytes() == b"weights"
        assert "vgg16" in vocabulary.networks()
        assert len(load_descriptor("vgg16").classes) == 1000
    assert before == vocabulary.DATA
    with installed(None):
        assert before == vocabulary.DATA


def test_a_figure_shows_its_controls_and_what_is_wanted() -> None:
    figure = Figure("pairs", "separation", "above 0", {"dreamt": 0.25, "start canvas": -0.004})
    assert "separation" in str(figure)
    assert "dreamt 0.250   start canvas -4.0e-03" in str(figure)
    assert str(figure).endswith("(wanted: above 0)")
    assert "dreamt never" in str(Figure("response", "seconds", "", {"dreamt": None}))


def test_a_sheet_has_a_place_with_a_name_for_each_picture() -> None:
    red = np.zeros((90, 160, 4), np.uint8)
    red[..., 2] = 200
    sheet = contact_sheet([("eye", red)] * 5, 3)
    assert sheet.shape == (2 * 157, 3 * 240, 3)
    assert sheet[60, 100, 2] == 200
    assert sheet[140:155, :60].max() > 100  # the name
    assert sheet[160:, 480:].max() == 0  # nobody's place


def test_one_class_is_whole_and_two_lie_above_each_other() -> None:
    assert dict(whole("eye")) == {"class/1": "eye", "split/shape": "whole"}
    assert dict(halves("eye", "bee"))["class/2"] == "bee"


def test_options_take_values_and_refuse_unknown_names() -> None:
    options = parsed(["pairs", "frames", "--set", "prior=0.5", "--set", "optimizer=lsd"])
    assert options.sections == ["pairs", "frames"]
    assert options.values == [("prior", 0.5), ("optimizer", "lsd")]
    with pytest.raises(VJDreamError, match="no parameter is called 'priot'"):
        parsed(["pairs", "--set", "priot=1"])
    with pytest.raises(SystemExit):
        parsed(["beauty"])


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("--pairs=0", "--pairs must be at least 1, got 0"),
        ("--control-every=0", "--control-every must be at least 1, got 0"),
        ("--seconds=0", "--seconds must be at least 0.25, got 0"),
        ("--minutes=nan", "--minutes must be at least 0.2, got nan"),
        ("--steps-per-second=-1", "--steps-per-second must be at least 0.1, got -1"),
    ],
)
def test_a_number_that_cannot_be_measured_with_is_refused(option: str, sentence: str) -> None:
    with pytest.raises(VJDreamError, match=sentence):
        parsed(["pairs", option])
