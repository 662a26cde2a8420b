"""A camera that has left its keyframe behind: where things are, and how far that may go."""

import cv2
import numpy as np
import pytest

from tests.fakes import keyframe, noise
from vjdream.camera import OVERSCAN, Pose, Viewpoint, pixel_matrix
from vjdream.frames import Size
from vjdream.stage.presenter import Presenter
from vjdream.stage.warp import nearer, outside

VIEW, SOURCE = (128, 72), (140, 80)


def mirrored(matrix: np.ndarray) -> np.ndarray:
    """Warp a picture of noise whose border is mirrored."""
    picture = np.random.default_rng(3).integers(0, 256, (*SOURCE[::-1], 4), np.uint8)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(picture, matrix, VIEW, flags=flags, borderMode=cv2.BORDER_REFLECT)


@pytest.mark.parametrize("shift", [(0, 0), (1000, 0), (-345, 77), (140, -80), (13.25, 9999.5)])
def test_whole_periods_of_the_mirror_are_left_out_and_nothing_else(
    shift: tuple[float, float],
) -> None:
    turned = np.array([[0.9, -0.3, shift[0]], [0.3, 0.9, shift[1]]])
    near = nearer(turned, VIEW, SOURCE)
    middle = near[:, :2] @ [(VIEW[0] - 1) / 2, (VIEW[1] - 1) / 2] + near[:, 2]
    assert (np.abs(middle - np.array(SOURCE) / 2) <= SOURCE).all()
    assert np.abs(mirrored(near).astype(int) - mirrored(turned)).max() <= 2


@pytest.mark.parametrize("scale", [3.0, 20.0, 1e6])
def test_a_view_spans_four_pictures_at_most(scale: float) -> None:
    near = nearer(np.array([[scale, 0, 5.0], [0, scale, 7.0]]), VIEW, SOURCE)
    spans = np.array(VIEW) * near[0, 0] / SOURCE
    assert spans.max() <= 4 + 1e-9
    assert near[0, 0] == pytest.approx(min(scale, 4 * 140 / 128))


@pytest.mark.parametrize(
    ("matrix", "share"),
    [
        ([[1, 0, 0], [0, 1, 0]], 0.0),
        ([[1, 0, 76], [0, 1, 0]], 0.5),
        ([[1, 0, 0], [0, 1, -72]], 1.0),
        ([[2, 0, -58], [0, 2, -32]], 0.69),
    ],
)
def test_the_share_of_mirrored_pixels_is_known(matrix: list[list[float]], share: float) -> None:
    assert outside(np.array(matrix), VIEW, SOURCE) == pytest.approx(share, abs=0.07)


def test_far_from_its_keyframe_the_picture_is_where_it_would_be_but_softer() -> None:
    size = Size(256, 144)
    smooth = cv2.GaussianBlur(noise(size, 5), (0, 0), 6)
    presenter = Presenter(size, keyframe(smooth))
    beside = Viewpoint(Pose(x=0.9))
    out = np.empty((144, 256, 4), np.uint8)
    presenter.compose(beside, 0.0, out)
    source = (smooth.shape[1], smooth.shape[0])
    matrix = pixel_matrix(beside.seen_from(Viewpoint()), (256, 144), source, OVERSCAN, 1.0)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    full = cv2.warpAffine(smooth, matrix, (256, 144), flags=flags, borderMode=cv2.BORDER_REFLECT)
    assert outside(matrix, (256, 144), source) > 0.3
    assert np.abs(out[..., :3].astype(int) - full[..., :3]).mean() < 1.0
