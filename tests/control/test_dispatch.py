"""Every rule by which a message becomes a change, and that no message can do harm."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import vocabulary
from vjdream.class_lists import NamedClass
from vjdream.control.dispatch import Dispatcher, Outcome
from vjdream.errors import VJDreamError
from vjdream.messages import Message
from vjdream.parameters import COMMANDS, TABLE, State
from vjdream.vocabulary import Vocabulary

START = State(class_1="red", class_2="green", class_3="blue", class_4="dark", layer="colours")


def dispatcher() -> Dispatcher:
    return Dispatcher(vocabulary(), START)


def sent(name: str, *arguments: Any, to: Dispatcher | None = None) -> tuple[State, Outcome]:
    """Send one message; return the state after it and what it did."""
    target = to or dispatcher()
    outcome = target.apply(Message(0.0, f"/vjdream/{name}", arguments))
    return target.target, outcome


def refused(name: str, *arguments: Any, address: str = "") -> str:
    """Send one message that must be refused without a trace; return the sentence."""
    target = dispatcher()
    with pytest.raises(VJDreamError) as caught:
        target.apply(Message(0.0, address or f"/vjdream/{name}", arguments))
    assert target.target == START
    return str(caught.value)


# -- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("argument", "value"), [(1.5, 1.5), (2, 2.0), (True, 1.0)])
def test_a_number_may_be_float_integer_or_true(argument: float, value: float) -> None:
    assert sent("zoom", argument)[0].zoom == value


def test_false_is_zero() -> None:
    assert sent("master", False)[0].master == 0.0


def test_a_change_tells_the_parameter_and_its_new_value() -> None:
    assert sent("zoom", 1.5)[1].changes == ((TABLE["zoom"], 1.5),)


@pytest.mark.parametrize("argument", ["1.5", b"\x01", None, [1.5], (1, 2)])
def test_what_is_no_number_is_refused_and_changes_nothing(argument: Any) -> None:
    assert refused("zoom", argument).startswith("/vjdream/zoom needs a number (0.5 to 2")


@pytest.mark.parametrize("argument", [math.nan, math.inf, -math.inf])
def test_nan_and_infinities_are_refused_and_change_nothing(argument: float) -> None:
    assert "finite" in refused("zoom", argument)


@pytest.mark.parametrize("argument", [0, 0.0, -1.0, False])
def test_a_zoom_of_zero_is_refused_and_changes_nothing(argument: float) -> None:
    assert "above 0" in refused("zoom", argument)


def test_a_number_out_of_range_is_clamped_and_noted() -> None:
    state, outcome = sent("zoom", 9.0)
    assert state.zoom == 2.0
    assert outcome.notes == ("/vjdream/zoom 9 was clamped to 2 (allowed 0.5 to 2 × per second)",)


def test_a_huge_integer_is_refused_or_clamped_like_any_number() -> None:
    target = dispatcher()
    try:
        target.apply(Message(0.0, "/vjdream/master", (10**400,)))
    except VJDreamError:
        pass
    assert 0 <= target.target.master <= 1


def test_a_missing_value_is_refused() -> None:
    assert "needs one value" in refused("zoom")


def test_two_values_where_one_belongs_are_refused() -> None:
    assert "got 2" in refused("zoom", 1.1, 1.2)


def test_a_whole_number_is_rounded() -> None:
    assert sent("steps", 7.6)[0].steps == 8


# -- Resolume's prefixes --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "number", "value"),
    [("+", 0.25, 0.75), ("-", 0.25, 0.25), ("*", 0.5, 0.25), ("a", 0.25, 0.25), ("", 0.25, 0.25)],
)
def test_a_prefix_string_computes_with_the_value_of_now(
    prefix: str, number: float, value: float
) -> None:
    assert sent("split/position", prefix, number)[0].split_position == value


def test_a_prefix_that_leaves_the_range_is_clamped() -> None:
    state, outcome = sent("master", "+", 5)
    assert state.master == 1.0
    assert outcome.notes


def test_a_subtraction_below_zero_of_a_zoom_is_refused() -> None:
    assert "above 0" in refused("zoom", "-", 5.0)


def test_a_prefix_before_an_overflow_is_refused() -> None:
    assert "finite" in refused("rotate", "*", 1e308 * 10)


def test_an_unknown_prefix_is_refused() -> None:
    refused("zoom", "/", 2.0)


def test_an_exclamation_mark_turns_a_switch() -> None:
    target = dispatcher()
    assert sent("hold", "!", to=target)[0].hold is True
    assert sent("hold", "!", to=target)[0].hold is False


def test_a_prefix_on_a_word_is_refused() -> None:
    refused("class/1", "+", "green")


def test_a_question_mark_asks_and_changes_nothing() -> None:
    state, outcome = sent("zoom", "?")
    assert state == START
    assert outcome.asked == (TABLE["zoom"],)
    assert outcome.changes == ()


def test_a_question_mark_may_ask_many() -> None:
    asked = sent("class/*", "?")[1].asked
    assert [p.name for p in asked] == ["class/1", "class/2", "class/3", "class/4"]


# -- switches, choices, classes -------------------------------------------------------------------


@pytest.mark.parametrize("argument", [1, 1.0, True, "on", "True", 0.5, -1])
def test_a_switch_goes_on(argument: Any) -> None:
    assert sent("blackout", argument)[0].blackout is True


@pytest.mark.parametrize("argument", [0, 0.0, False, "OFF", "false"])
def test_a_switch_goes_off(argument: Any) -> None:
    target = Dispatcher(vocabulary(), START.with_value(TABLE["blackout"], True))
    assert sent("blackout", argument, to=target)[0].blackout is False


@pytest.mark.parametrize("argument", ["perhaps", math.nan, None, b"1", [1]])
def test_a_switch_refuses_what_is_neither(argument: Any) -> None:
    refused("blackout", argument)


@pytest.mark.parametrize("argument", ["quarters", "Quarters", 2, 2.0])
def test_a_choice_goes_by_name_or_index(argument: Any) -> None:
    assert sent("split/shape", argument)[0].split_shape == "quarters"


@pytest.mark.parametrize("argument", ["half", 5, -1, 0.5, math.nan, None, True])
def test_an_unknown_choice_is_refused_with_the_allowed_ones(argument: Any) -> None:
    assert "whole, line, quarters" in refused("split/shape", argument)


@pytest.mark.parametrize("argument", ["blue", "Blue", "deep sea", "DEEP SEA", 2, 2.0])
def test_a_class_goes_by_word_or_number(argument: Any) -> None:
    assert sent("class/1", argument)[0].class_1 == "blue"


def test_an_unknown_class_keeps_the_old_one_and_names_the_nearest() -> None:
    assert "nearest is 'sunflower'" in refused("class/1", "flowerpot sun")


@pytest.mark.parametrize("argument", [6, -1, 1e300, math.inf, 0.5, True, None, b"red"])
def test_a_class_number_that_is_none_is_refused(argument: Any) -> None:
    refused("class/1", argument)


@pytest.mark.parametrize("argument", ["logits", "LOGITS", "log", "lgoits", 1, 1.0])
def test_a_layer_goes_by_word_or_number(argument: Any) -> None:
    assert sent("layer", argument)[0].layer == "logits"


def test_a_layer_is_no_class_and_a_class_no_layer() -> None:
    assert "no layer is called 'red'" in refused("layer", "red")
    assert "no class is called 'logits'" in refused("class/1", "logits")


@pytest.mark.parametrize("argument", [2, -1, 0.5, True, None, b"logits", ""])
def test_what_is_no_layer_is_refused(argument: Any) -> None:
    refused("layer", argument)


# -- a word that several classes share ------------------------------------------------------------

FOXES = ("red_fox", "grey_fox", "arctic_fox")
ZOO = Vocabulary([NamedClass("hen", "Hen"), *(NamedClass(fox, fox) for fox in FOXES)])
AT_THE_ZOO = State(class_1="hen", class_2="hen", class_3="hen", class_4="hen")


def zoo(**more: Any) -> Dispatcher:
    return Dispatcher(ZOO, AT_THE_ZOO, **more)


class Loaded(Random):
    """Dice that fall as a test wants."""

    def __init__(self, choose: Callable[[Sequence[str]], str]) -> None:
        super().__init__()
        self.choice: Any = choose


def test_asked_again_the_same_word_gives_another_class() -> None:
    target = zoo()
    seen = [sent("class/1", "fox", to=target)[0].class_1 for _ in range(50)]
    assert set(seen) == set(FOXES)
    assert all(one != other for one, other in pairwise(seen))


def test_the_same_messages_give_the_same_classes() -> None:
    def night() -> list[str]:
        target = zoo()
        return [sent("class/1", "fox", to=target)[0].class_1 for _ in range(20)]

    assert night() == night()


def test_a_word_of_one_class_gives_it_however_often_it_is_asked() -> None:
    target = zoo()
    assert {sent("class/1", "grey fox", to=target)[0].class_1 for _ in range(5)} == {"grey_fox"}


def test_each_slot_chooses_for_itself() -> None:
    chosen = iter([2, 1, 0, 2])
    target = zoo(dice=Loaded(lambda slugs: slugs[next(chosen)]))
    state, _ = sent("class/*", "fox", to=target)
    assert state.classes == ("arctic_fox", "grey_fox", "red_fox", "arctic_fox")


def test_what_a_slot_shows_is_not_among_the_choices() -> None:
    offered = []

    def first(slugs: Sequence[str]) -> str:
        offered.append(tuple(slugs))
        return slugs[0]

    target = zoo(dice=Loaded(first))
    sent("classes", "fox + hen", to=target)
    sent("classes", "fox + fox", to=target)
    assert offered == [FOXES, ("hen",), FOXES[1:], FOXES]


# -- commands -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["classes", "class"])
@pytest.mark.parametrize(
    "arguments",
    [("blue", "red"), ("blue + red",), ("blue,red",), ("blue+red",), (2, 0), ("deep sea", 0.0)],
)
def test_fewer_classes_than_regions_repeat(name: str, arguments: tuple[Any, ...]) -> None:
    assert sent(name, *arguments)[0].classes == ("blue", "red", "blue", "red")


def test_one_class_goes_to_all_regions() -> None:
    assert sent("classes", "sunflower")[0].classes == ("sunflower",) * 4


def test_four_classes_go_to_four_regions() -> None:
    names = ("dark", "blue", "green", "red")
    assert sent("classes", *names)[0].classes == names


@pytest.mark.parametrize("arguments", [(), ("",), (" + ",), ("red",) * 5, ("a+b+c+d+e",), (None,)])
def test_no_class_or_too_many_are_refused(arguments: tuple[Any, ...]) -> None:
    refused("classes", *arguments)


def test_one_unknown_class_among_good_ones_changes_nothing() -> None:
    refused("classes", "blue", "xylophone")


def test_pan_takes_both_numbers_at_once() -> None:
    state, outcome = sent("pan", 0.5, -0.25)
    assert (state.pan_x, state.pan_y) == (0.5, -0.25)
    assert [p.name for p, _ in outcome.changes] == ["pan/x", "pan/y"]


@pytest.mark.parametrize("arguments", [(), (1.0,), (0.1, 0.2, 0.3), (0.1, math.nan), (0.1, "x")])
def test_half_a_pan_is_refused_and_changes_nothing(arguments: tuple[Any, ...]) -> None:
    refused("pan", *arguments)


def test_subscribing_without_a_port_means_the_senders_own() -> None:
    assert sent("subscribe")[1].subscribe == 0


@pytest.mark.parametrize("port", [9000, 9000.0])
def test_a_port_to_subscribe_may_be_integer_or_float(port: float) -> None:
    assert sent("subscribe", port)[1].subscribe == 9000


@pytest.mark.parametrize("port", [0, -1, 65536, 9000.5, math.nan, math.inf, "9000", True, None, []])
def test_a_port_that_cannot_be_is_refused(port: Any) -> None:
    assert "1 to 65535" in refused("subscribe", port)


def test_sync_subscribes_and_asks_for_everything() -> None:
    outcome = sent("sync")[1]
    assert outcome.sync
    assert outcome.subscribe == 0


# -- addresses ------------------------------------------------------------------------------------


def test_an_unknown_address_names_the_nearest() -> None:
    assert refused("strenght", 1.0).endswith("did you mean 'strength'?")


def test_an_address_outside_names_where_it_should_start() -> None:
    assert refused("", 1.0, address="/zoom").startswith("'/zoom' does not start with /vjdream/")


@pytest.mark.parametrize(
    "address", ["", "/", "//", "/vjdream", "/vjdream/", "vjdream/zoom", "zoom"]
)
def test_half_an_address_is_refused(address: str) -> None:
    target = dispatcher()
    with pytest.raises(VJDreamError):
        target.apply(Message(0.0, address, (1.0,)))
    assert target.target == START


@pytest.mark.parametrize("name", ["split", "class", "grade", "state/fps", "norm", "norm/", "_set"])
def test_a_folder_is_no_value(name: str) -> None:
    refused(name, 1.0) if name != "class" else None


def test_an_endless_address_is_refused() -> None:
    assert "too long" in refused("x" * 60_000, 1.0)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("weight/*", ["weight/1", "weight/2", "weight/3", "weight/4"]),
        ("weight/?", ["weight/1", "weight/2", "weight/3", "weight/4"]),
        ("weight/[2-3]", ["weight/2", "weight/3"]),
        ("weight/[!2-3]", ["weight/1", "weight/4"]),
        ("weight/{1,4}", ["weight/1", "weight/4"]),
        ("pan/[xy]", ["pan/x", "pan/y"]),
        ("{zoom,master}", ["zoom", "master"]),
        ("grade/*t*", ["grade/brightness", "grade/contrast", "grade/saturation"]),
        ("zoo?", ["zoom"]),
        ("*****oom", ["zoom"]),
    ],
)
def test_a_pattern_reaches_what_it_matches(pattern: str, names: list[str]) -> None:
    assert [p.name for p, _ in sent(pattern, 1)[1].changes] == names


@pytest.mark.parametrize(
    "pattern",
    [
        "zoom*x",
        "*/*/*",
        "weight/[",
        "weight/{1,2",
        "}",
        "]",
        "[z-a]",
        "w*" * 9,
        "[]",
        "zoom,?",
        "?",
    ],
)
def test_a_pattern_that_matches_nothing_or_is_malformed_is_refused(pattern: str) -> None:
    refused(pattern, 1.0)


@pytest.mark.parametrize("pattern", ["[[a]", "[a--b]", "[,,]", "[&&]", "{*,[[}", "[~~a]", "[]-a]"])
def test_a_strange_pattern_is_refused_without_a_warning(pattern: str) -> None:
    refused(pattern, 1.0)


def test_one_refusal_under_a_pattern_changes_nothing_at_all() -> None:
    refused("class/*", "xylophone")


def test_a_star_does_not_cross_a_slash() -> None:
    asked = sent("*", "?")[1].asked
    assert asked
    assert not [p.name for p in asked if "/" in p.name]


# -- normalised -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("along", "value"), [(0.0, 0.5), (0.5, 1.0), (1.0, 2.0)])
def test_norm_goes_along_the_curve(along: float, value: float) -> None:
    assert sent("norm/zoom", along)[0].zoom == pytest.approx(value)


@pytest.mark.parametrize("along", [-0.5, 1.5])
def test_norm_beyond_its_ends_is_clamped_and_noted(along: float) -> None:
    state, outcome = sent("norm/master", along)
    assert state.master == (0.0 if along < 0 else 1.0)
    assert "was clamped" in outcome.notes[0]


def test_norm_zero_of_a_zoom_is_its_minimum_and_not_refused() -> None:
    assert sent("norm/zoom", 0.0)[0].zoom == 0.5


def test_norm_computes_along_the_curve() -> None:
    target = Dispatcher(vocabulary(), START.with_value(TABLE["zoom"], 1.0))
    assert sent("norm/zoom", "+", 0.5, to=target)[0].zoom == pytest.approx(2.0)


def test_norm_of_a_whole_number_is_whole() -> None:
    assert sent("norm/steps", 0.5)[0].steps == 33


def test_norm_of_a_word_is_refused() -> None:
    assert "no number" in refused("norm/class/1", 0.5)


@pytest.mark.parametrize("argument", [math.nan, math.inf, "x", None])
def test_norm_refuses_what_is_no_finite_number(argument: Any) -> None:
    refused("norm/zoom", argument)


def test_norm_of_a_pattern_passes_over_words() -> None:
    changes = sent("norm/*/1", 1.0)[1].changes
    assert [p.name for p, _ in changes] == ["weight/1"]


# -- no message does harm -------------------------------------------------------------------------

leaves = (
    st.floats()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(max_size=20)
    | st.binary(max_size=8)
    | st.none()
    | st.booleans()
    | st.sampled_from(["+", "-", "*", "a", "!", "?", "red", "deep sea", "line", "on", "x" * 1000])
)
anything = st.lists(
    leaves | st.lists(leaves, max_size=2) | st.tuples(st.integers(0, 255), st.integers(0, 255)),
    max_size=4,
)
known = st.sampled_from([*TABLE, *COMMANDS])
patterns = st.text("*?[]{}!-,/abcdeoz1x~&|^\\.()", max_size=12)
names = known | known.map("norm/{}".format) | patterns | st.text(max_size=30)


@given(names, anything)
@settings(max_examples=1500, deadline=None)
def test_any_message_is_applied_or_refused_and_the_state_stays_in_range(
    name: str, arguments: list[Any]
) -> None:
    target = dispatcher()
    try:
        target.apply(Message(0.0, f"/vjdream/{name}", tuple(arguments)))
    except VJDreamError as error:
        assert target.target == START
        assert len(str(error)) < 1000
    for parameter in TABLE.values():
        value = target.target.value(parameter)
        if parameter.numeric:
            assert parameter.minimum <= float(value) <= parameter.maximum
        elif parameter.kind == "choice":
            assert value in parameter.choices
        elif parameter.kind == "word":
            words = vocabulary()
            known = words.layers if parameter.words == "layer" else words.classes
            assert value in {getattr(entry, "slug", None) or entry.name for entry in known}
        else:
            assert isinstance(value, bool)


@given(st.text(max_size=300), anything)
@settings(max_examples=300, deadline=None)
def test_any_address_is_applied_or_refused(address: str, arguments: list[Any]) -> None:
    try:
        dispatcher().apply(Message(0.0, address, tuple(arguments)))
    except VJDreamError:
        pass


def test_a_very_long_port_is_refused_in_a_short_sentence() -> None:
    with pytest.raises(VJDreamError) as caught:
        dispatcher().apply(Message(0.0, "/vjdream/subscribe", ("x" * 5000,)))
    assert len(str(caught.value)) < 200


# -- classes by number ----------------------------------------------------------------------------


@pytest.mark.parametrize("number", [2, 2.0])
def test_a_slot_takes_the_number_of_a_class(number: float) -> None:
    state, outcome = sent("slot/3", number)
    assert state.class_3 == "blue"
    assert outcome.changes == ((TABLE["class/3"], "blue"),)
    assert outcome.derived


@pytest.mark.parametrize("arguments", [(), ("eye",), (1, 2), (99,), (-1,), (1.5,), (float("nan"),)])
def test_a_slot_takes_nothing_else(arguments: tuple[Any, ...]) -> None:
    assert refused("slot/3", *arguments)
