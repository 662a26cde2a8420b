"""One performance on a told time: messages in, frames out, no clock, no process."""

import math
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from tests.fakes import keyframe, plain, vocabulary
from vjdream.camera import EASE_AFTER
from vjdream.control.outcome import Outcome
from vjdream.errors import ParameterError, PresetError, VJDreamError
from vjdream.exchange import Rewind
from vjdream.frames import Picture, Size, published_size
from vjdream.messages import Message
from vjdream.opening import Opening, Played, begin, first_keyframe
from vjdream.parameters import TABLE, State
from vjdream.performance import Performance
from vjdream.preset_library import Library, RecordedLibrary
from vjdream.presets import Preset
from vjdream.sessions import Session
from vjdream.settings import Settings

SIZE = Size(128, 128)
START = State(class_1="red", class_2="green", class_3="blue", class_4="dark", rotate=0.0)


def performance(level: int = 200, **values: float) -> Performance:
    start = START
    for name, value in values.items():
        start = start.with_value(TABLE[name], value)
    words, nothing = vocabulary(), Preset("", "", (), {})
    opening = Opening(words, start, keyframe(plain(SIZE, level)), Library(words), nothing)
    return Performance(Settings(size=SIZE), opening)


def with_preset(own: Path, made: Performance) -> Performance:
    """Give it a preset ``other``, whose first class is green."""
    (own / "other.yaml").write_text("vjdream: 1\nclass/1: green\n")
    made.dispatcher.recall.library.own = own
    return made


def say(made: Performance, name: str, *arguments: float | str | bool) -> None:
    made.handle(Message(made.time, f"/vjdream/{name}", arguments))


def shown(made: Performance, now: float) -> Picture:
    made.advance(now)
    return made.frame(0, np.full((SIZE.height, SIZE.width, 4), 255, np.uint8)).picture


def test_the_first_keyframe_is_on_air_at_once() -> None:
    assert shown(performance(), 0.0)[..., :3].min() == 200


def test_a_blackout_is_black_on_the_very_next_frame_whatever_glide_says() -> None:
    made = performance()
    say(made, "glide", 10.0)
    say(made, "blackout", 1)
    black = shown(made, 1 / 60)
    assert black[..., :3].max() == 0
    assert black[..., 3].min() == 255


def strobed(made: Performance) -> int:
    """Toggle blackout ten times a second for a second; return how often the light changed."""
    light = []
    for number in range(1, 61):
        say(made, "blackout", number // 3 % 2 == 0)
        light.append(shown(made, made.time + 1 / 60)[..., :3].mean() > 100)
    return sum(a != b for a, b in pairwise(light))


def test_a_master_that_is_still_gliding_down_lets_no_strobe_through() -> None:
    made = performance()
    say(made, "glide", 10.0)
    say(made, "master", 0.0)
    assert strobed(made) <= 6


def test_a_show_that_may_flash_flashes() -> None:
    made = performance()
    made.limiter = None
    assert strobed(made) > 15


def test_after_a_blackout_the_picture_is_back_on_the_next_frame() -> None:
    made = performance()
    say(made, "blackout", True)
    shown(made, 1 / 60)
    say(made, "blackout", False)
    assert shown(made, 2 / 60)[..., :3].min() == 200


def test_a_fader_moves_the_very_next_frame_and_glides() -> None:
    made = performance()
    shown(made, 1.0)
    say(made, "master", 0.0)
    levels = [float(shown(made, 1 + n / 60)[..., :3].mean()) for n in range(1, 40)]
    assert levels[0] < 199
    assert levels == sorted(levels, reverse=True)
    assert levels[0] > 100
    assert levels[-1] < 5


def test_a_refused_message_changes_nothing() -> None:
    made = performance()
    before = made.target
    with pytest.raises(ParameterError):
        say(made, "zoom", 0.0)
    assert made.target == before


def test_the_camera_zooms_by_the_factor_per_second() -> None:
    made = performance(zoom=1.2)
    for number in range(1, 61):
        made.advance(number / 60)
    assert math.exp(made.viewpoint.pose.log_zoom) == pytest.approx(1.2)


def test_the_way_of_the_camera_does_not_depend_on_the_frame_rate() -> None:
    slow, fast = performance(zoom=1.2), performance(zoom=1.2)
    for number in range(1, 26):
        slow.advance(number / 25)
    for number in range(1, 121):
        fast.advance(number / 120)
    assert slow.viewpoint.pose.log_zoom == pytest.approx(fast.viewpoint.pose.log_zoom)


def test_without_keyframes_the_camera_comes_to_rest() -> None:
    made = performance(zoom=2.0)
    for number in range(1, 60 * 30):
        made.advance(number / 60)
    beyond = made.viewpoint.pose.log_zoom - math.log(2.0) * EASE_AFTER
    assert 0 < math.exp(beyond) <= 1.5


def test_a_new_keyframe_sets_the_camera_going_again() -> None:
    made = performance(zoom=2.0)
    made.advance(30.0)
    made.add(keyframe(plain(SIZE, 50), 1, 30.0, made.viewpoint))
    speeds = []
    for number in range(80):
        made.advance(30.0 + number / 60)
        speeds.append(made.rates.log_zoom / math.log(2.0))
    assert speeds[-1] == pytest.approx(1.0)
    assert max(b - a for a, b in pairwise(speeds)) < 0.2


def test_an_order_tells_where_the_camera_is_and_what_is_wanted() -> None:
    made = performance(zoom=1.5)
    say(made, "class/1", "blue")
    made.advance(0.5)
    order = made.order()
    assert order.state.class_1 == "blue"
    assert (order.viewpoint, order.time) == (made.viewpoint, 0.5)


def test_a_preset_morphs_with_what_the_dreamer_is_told(tmp_path: Path) -> None:
    made = with_preset(tmp_path, performance())
    made.handle(Message(0.0, "/vjdream/preset/load", ("other", 2.0)))
    made.advance(1.0)
    order = made.order()
    assert order.mixes is not None
    assert 0.4 < dict(order.mixes[0])["red"] < 0.6
    made.advance(5.0)
    order = made.order()
    assert order.mixes is not None
    assert "red" not in dict(order.mixes[0])


def test_wander_lets_the_dream_go_where_no_fader_is() -> None:
    made = performance(wander=1.0)
    seen = set()
    for number in range(1, 600):
        made.advance(number / 10)
        seen.add(made.order().state.class_1)
    assert len(seen) > 2
    assert made.target.class_1 == "red"


def test_from_a_class_that_it_wandered_to_a_preset_sets_out(tmp_path: Path) -> None:
    made = with_preset(tmp_path, performance(wander=1.0))
    while made.current.class_1 == "red" or len(made.mixes[0]) > 1 or made.mixes[0][0][0] == "red":
        made.advance(made.time + 0.1)
    here = made.current.class_1
    made.handle(Message(made.time, "/vjdream/preset/load", ("other", 4.0)))
    made.advance(made.time + 0.1)
    assert dict(made.mixes[0])[here] > 0.9


def test_a_reset_canvas_is_told_to_the_dreamer() -> None:
    made = performance()
    say(made, "reset/canvas")
    assert made.order().resets == 1


def test_a_frame_carries_its_number_and_time() -> None:
    made = performance()
    made.advance(0.25)
    frame = made.frame(15, np.empty((128, 128, 4), np.uint8))
    assert (frame.number, frame.time) == (15, 0.25)


def test_the_metadata_is_xml_with_every_target() -> None:
    made = performance()
    say(made, "zoom", 1.5)
    made.advance(0.1)
    frame = made.frame(0, np.empty((128, 128, 4), np.uint8))
    element = ElementTree.fromstring(frame.metadata)
    assert element.tag == "vjdream"
    assert element.attrib["zoom"] == "1.5"
    assert element.attrib["class.1"] == "red"
    assert len(element.attrib) == len(TABLE)


def test_two_performances_told_the_same_make_the_same_bytes() -> None:
    one, other = performance(zoom=1.3), performance(zoom=1.3)
    for made in (one, other):
        say(made, "grade/hue", 90.0)
        made.advance(0.1)
        made.add(keyframe(plain(SIZE, 90), 1, 0.1))
    for number in range(7, 40):
        assert np.array_equal(shown(one, number / 60), shown(other, number / 60))


# -- the start ------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [SIZE, Size(1280, 720), Size(720, 1280), Size(7680, 128)], ids=str)
def test_the_shipped_first_picture_fits_every_output(size: Size) -> None:
    first = first_keyframe(Settings(size=size))
    assert first.picture.shape[1::-1] == published_size(size)
    assert first.picture[..., 3].min() == 255


def test_the_shipped_first_picture_is_a_dream_and_not_grey() -> None:
    assert first_keyframe(Settings()).picture[..., :3].std() > 15


def test_options_come_after_the_preset() -> None:
    values = (("zoom", 1.5), ("master", 0.5))
    state = begin(Settings(size=SIZE, preset="eyes", values=values)).state
    assert (state.zoom, state.master, state.class_1) == (1.5, 0.5, "eye")


@pytest.mark.parametrize(
    "settings",
    [
        Settings(values=(("zomo", 1.5),)),
        Settings(values=(("zoom", "fast"),)),
        Settings(values=(("zoom", 9),)),
        Settings(values=(("class/1", "xylophone"),)),
        Settings(preset="nothing like it"),
        Settings(network="vgg"),
    ],
)
def test_a_start_that_cannot_be_is_refused(settings: Settings) -> None:
    with pytest.raises(VJDreamError):
        begin(settings)


# -- a session beneath the hands -------------------------------------------------------------------


def with_session(tmp_path: Path, **held: float) -> Performance:
    """A performance whose session is played by `played`, with a preset ``other`` of that night."""
    words, nothing = vocabulary(), Preset("", "", (), {})
    text = "vjdream: 1\nzoom: 1.75\npalette: [blue]\n"
    recorded = RecordedLibrary([(0.0, "other", text)], words, tmp_path, first=START)
    session = Session(tmp_path / "night.osc")
    holding = tuple((TABLE[name], value) for name, value in held.items())
    opening = Opening(
        words, START, keyframe(plain(SIZE, 200)), Library(words, tmp_path, first=START), nothing,
        Played(session, None, recorded, (), holding),
    )  # fmt: skip
    return Performance(Settings(size=SIZE), opening)


def played(made: Performance, name: str, *arguments: float | str) -> Outcome:
    return made.play(Message(made.time, f"/vjdream/{name}", arguments, "session"))


def test_a_session_moves_what_no_hand_holds(tmp_path: Path) -> None:
    made = with_session(tmp_path, zoom=1.25)
    assert played(made, "zoom", 1.9).canonical == ()
    assert played(made, "blur", 0.02).canonical == (("/vjdream/blur", (0.02,)),)
    made.advance(5.0)
    assert (made.current.zoom, made.current.blur) == (1.25, 0.02)
    say(made, "blur", 0.04)
    assert played(made, "blur", 0.01).canonical == ()
    say(made, "release")
    assert (made.target.zoom, made.target.blur) == (1.9, 0.01)


def test_a_session_loads_the_presets_of_its_night_and_saves_none(tmp_path: Path) -> None:
    made = with_session(tmp_path)
    (tmp_path / "other.yaml").write_text("vjdream: 1\nzoom: 0.75\n")
    outcome = played(made, "preset/load", "other", 0.0)
    assert made.target.zoom == 1.75
    assert outcome.canonical == (("/vjdream/preset/load", ("other", 0.0)),)
    assert outcome.preset is not None and outcome.preset.palette == ("blue",)
    assert made.dispatcher.palette.classes == ("blue",)
    played(made, "preset/save", "mine")
    played(made, "preset/load", "mine", 0.0)
    assert made.dispatcher.recall.preset == "mine"
    assert played(made, "preset/save", "mine").canonical == ()
    assert [path.name for path in tmp_path.iterdir()] == ["other.yaml"]
    say(made, "preset/load", "other", 0.0)
    assert made.target.zoom == 0.75  # by hand it is the player's own


def test_what_a_hand_holds_of_a_preset_is_recorded_as_it_happened(tmp_path: Path) -> None:
    made = with_session(tmp_path, zoom=1.25)
    say(made, "blur", 0.03)  # which the preset does not name
    outcome = played(made, "preset/load", "other", 4.0)
    assert outcome.changes == ()
    assert outcome.canonical == (
        ("/vjdream/preset/load", ("other", 4.0)),
        ("/vjdream/zoom", (1.25,)),
        ("/vjdream/blur", (0.03,)),
    )
    assert played(made, "release").canonical[1:] == outcome.canonical[1:]


def test_a_look_of_the_player_s_own_keeps_its_palette_until_a_release(tmp_path: Path) -> None:
    made = with_session(tmp_path)
    (tmp_path / "mine.yaml").write_text("vjdream: 1\npalette: [red, dark]\n")
    say(made, "preset/load", "mine", 0.0)
    played(made, "master", 0.5)
    played(made, "preset/load", "other", 0.0)
    assert made.dispatcher.palette.classes == ("red", "dark")
    assert made.dispatcher.recall.preset == "mine"
    say(made, "release")
    assert made.dispatcher.palette.classes == ("blue",)
    assert made.dispatcher.recall.preset == "other"


def test_a_preset_is_the_one_of_its_moment_of_the_night(tmp_path: Path) -> None:
    texts = [(0.0, "a", "vjdream: 1\nzoom: 1.25\n"), (5.0, "a", "vjdream: 1\nzoom: 1.5\n")]
    library = RecordedLibrary(texts, vocabulary(), tmp_path, first=START)
    assert library.load("a").values == ((TABLE["zoom"], 1.25),)
    library.now = 5.0
    assert library.load("a").values == ((TABLE["zoom"], 1.5),)


def test_a_recorded_preset_with_mistakes_is_told_when_it_is_loaded(tmp_path: Path) -> None:
    texts = [(0.0, "a", "vjdream: 1\nzoom: fast\n"), (0.0, "b", "x" * 70_000)]
    library = RecordedLibrary(texts, vocabulary(), tmp_path, first=START)
    for name, told in (("a", "needs a number"), ("b", "larger than 64 KB")):
        with pytest.raises(PresetError, match=told):
            library.load(name)


def test_hands_and_session_ask_the_same_dreamer(tmp_path: Path) -> None:
    made = with_session(tmp_path)
    say(made, "reset/canvas")
    played(made, "reset/canvas")
    say(made, "rewind", 8.0)
    played(made, "rewind", 4.0)
    order = made.order()
    assert order.resets == 2
    assert order.rewind == Rewind(2, 4.0)


def test_a_session_asks_nothing_of_the_files_of_the_show(tmp_path: Path) -> None:
    made = with_session(tmp_path)
    for name in ("record/start", "record/stop", "snapshot", "subscribe", "sync"):
        outcome = played(made, name)
        assert outcome.request is None and outcome.subscribe is None and not outcome.sync
    assert played(made, "mark", "drop").canonical == (("/vjdream/mark", ("drop",)),)
