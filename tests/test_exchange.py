"""Shared memory between stage and dreamer: newest wins, nothing half-written is taken."""

from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.shared_memory import SharedMemory

import numpy as np
import pytest

from tests.fakes import keyframe, noise, plain
from vjdream.camera import CHART_SIZE, Pose, Rates, Viewpoint
from vjdream.exchange import SLOTS, KeyframeRing, Mailbox, Order, Preview, Rewind
from vjdream.frames import Size, published_size
from vjdream.parameters import State

SIZE = Size(128, 128)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox.create()
    yield box
    box.close(unlink=True)


@pytest.fixture
def ring() -> Iterator[KeyframeRing]:
    made = KeyframeRing.create(*published_size(SIZE))
    yield made
    made.close(unlink=True)


def order(time: float = 0.0, **values: float) -> Order:
    return Order(State(**values), Viewpoint(), Rates(), time)  # type: ignore[arg-type]


def test_an_empty_mailbox_holds_nothing(mailbox: Mailbox) -> None:
    assert mailbox.get() is None


def test_the_newest_order_wins(mailbox: Mailbox) -> None:
    mailbox.put(order(1.0, zoom=1.2))
    mailbox.put(order(2.0, zoom=1.3))
    assert mailbox.get() == order(2.0, zoom=1.3)


def test_an_order_can_be_read_again(mailbox: Mailbox) -> None:
    mailbox.put(order(1.0))
    assert mailbox.get() == mailbox.get() == order(1.0)


def test_an_order_tells_how_often_and_how_far_to_rewind(mailbox: Mailbox) -> None:
    assert order().rewind == Rewind(0, 0.0)
    mailbox.put(replace(order(1.0), rewind=Rewind(2, 12.5)))
    read = mailbox.get()
    assert read is not None
    assert read.rewind == Rewind(2, 12.5)


def test_another_holder_of_the_mailbox_reads_the_same(mailbox: Mailbox) -> None:
    other = Mailbox.attach(mailbox.name)
    mailbox.put(order(3.0))
    assert other.get() == order(3.0)
    other.close()


def test_an_order_half_written_is_not_taken(mailbox: Mailbox) -> None:
    mailbox.put(order(1.0))
    raw = SharedMemory(name=mailbox.name)
    raw.buf[40] ^= 0xFF
    raw.close()
    assert mailbox.get() is None


def test_a_length_that_cannot_be_is_not_taken(mailbox: Mailbox) -> None:
    mailbox.put(order(1.0))
    raw = SharedMemory(name=mailbox.name)
    raw.buf[0:4] = b"\xff\xff\xff\xff"
    raw.close()
    assert mailbox.get() is None


def test_the_longest_order_fits(mailbox: Mailbox) -> None:
    word = "a" * 60
    longest = Order(
        State(class_1=word, class_2=word, class_3=word, class_4=word),
        Viewpoint(Pose(1.1, 2.2, 3.3, 4.4), 10**9, Pose(1.1, 2.2, 3.3, 4.4)),
        Rates(1.1, 2.2, 3.3, 4.4),
        1e9,
    )
    mailbox.put(longest)
    assert mailbox.get() == longest


def test_a_keyframe_comes_out_as_it_went_in(ring: KeyframeRing) -> None:
    viewpoint = Viewpoint(Pose(1.0, 2.0, 3.0, 4.0), 7)
    given = keyframe(noise(SIZE, 1), 5, 1.25, viewpoint)
    read = ring.read(ring.write(given))
    assert read is not None
    assert np.array_equal(read.picture, given.picture)
    assert (read.sequence, read.time, read.viewpoint) == (5, 1.25, viewpoint)


def test_a_keyframe_read_is_a_copy(ring: KeyframeRing) -> None:
    record = ring.write(keyframe(plain(SIZE, 10), 0))
    read = ring.read(record)
    ring.write(keyframe(plain(SIZE, 200), SLOTS))
    assert read is not None
    assert read.picture[0, 0, 0] == 10


def test_the_last_few_keyframes_can_be_read(ring: KeyframeRing) -> None:
    records = [ring.write(keyframe(plain(SIZE, n), n)) for n in range(SLOTS)]
    pictures = [ring.read(record) for record in records]
    assert [p.picture[0, 0, 0] for p in pictures if p is not None] == list(range(SLOTS))


def test_an_overwritten_keyframe_is_not_read(ring: KeyframeRing) -> None:
    record = ring.write(keyframe(plain(SIZE, 1), 1))
    ring.write(keyframe(plain(SIZE, 2), 1 + SLOTS))
    assert ring.read(record) is None


def test_another_holder_of_the_ring_reads_the_same(ring: KeyframeRing) -> None:
    other = KeyframeRing.attach(ring.name, ring.width, ring.height)
    read = ring.read(other.write(keyframe(plain(SIZE, 77), 4)))
    other.close()
    assert read is not None
    assert read.picture[3, 3, 1] == 77


def test_closed_and_unlinked_memory_is_gone() -> None:
    box = Mailbox.create()
    box.close(unlink=True)
    with pytest.raises(FileNotFoundError):
        SharedMemory(name=box.name)


# -- what an order foretells ----------------------------------------------------------------------


def test_an_order_foretells_where_the_camera_will_be() -> None:
    rates = Rates.from_units(1.5, 20.0, 0.1, -0.2)
    start = Viewpoint(Pose(1.0, 0.5, 0.1, 0.2))
    expected = Order(State(), start, rates, 10.0).expected(10.5)
    assert expected.pose == start.pose.compose(rates.over(0.5))


def test_an_order_does_not_look_back() -> None:
    given = Order(State(), Viewpoint(), Rates(1.0), 10.0)
    assert given.expected(9.0) == Viewpoint()


def test_a_foretold_view_and_the_camera_agree_when_a_chart_ends() -> None:
    """The stage moves frame by frame, the dreamer in one leap: both must end at the same place."""
    rates = Rates(math_log_two := 0.6931471805599453)
    frame = rates.over(1 / 64)
    near_the_end = int(CHART_SIZE / math_log_two * 64) - 40
    camera = Viewpoint()
    for _ in range(near_the_end):
        camera = camera.moved(frame)
    worst = 0.0
    for number in range(60):
        foretold = Order(State(), camera, rates, number / 64).expected(number / 64 + 0.25)
        later = camera
        for _ in range(16):
            later = later.moved(frame)
            relative = later.seen_from(foretold)
        worst = max(worst, abs(relative.log_zoom))
        camera = camera.moved(frame)
    assert worst < 1e-9


# -- the preview -----------------------------------------------------------------------------------


@pytest.fixture
def preview() -> Iterator[Preview]:
    made = Preview.create()
    yield made
    made.close(unlink=True)


def test_a_preview_is_the_picture_made_small(preview: Preview) -> None:
    assert preview.take() is None
    preview.put(np.full((720, 1280, 4), (10, 20, 30, 255), np.uint8))
    found = preview.take()
    assert found is not None
    number, picture = found
    assert picture.shape == (270, 480, 4)
    assert (picture == (10, 20, 30, 255)).all()
    preview.put(np.zeros((720, 1280, 4), np.uint8))
    again = preview.take()
    assert again is not None and again[0] > number
    assert (picture[..., 0] == 10).all()  # it was a copy


def test_an_upright_picture_has_black_beside_it(preview: Preview) -> None:
    preview.put(np.full((1280, 720, 4), 255, np.uint8))
    found = preview.take()
    assert found is not None
    light = found[1][..., 0].max(axis=0) > 0
    assert light.sum() == 152 and light[164:316].all()


def test_a_preview_is_wanted_for_a_while_and_by_another_process_s_word(preview: Preview) -> None:
    other = Preview.attach(preview.name)
    assert not preview.wanted(100.0)
    other.want(102.0)
    other.want(101.0)
    assert preview.wanted(101.5)
    assert not preview.wanted(102.0)
    preview.put(np.full((90, 160, 4), 7, np.uint8))
    assert other.take() is not None
    other.close()


def test_a_preview_half_written_is_not_taken(preview: Preview) -> None:
    preview.put(np.zeros((90, 160, 4), np.uint8))
    preview._sequence[0] += 1
    assert preview.take() is None
