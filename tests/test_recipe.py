"""Recipes: what a show was started with, told and understood again."""

import json
from fractions import Fraction
from typing import Any

import pytest

from tests.fakes import vocabulary
from vjdream.errors import SessionError
from vjdream.frames import Size
from vjdream.parameters import TABLE, State
from vjdream.recipe import read_recipe, recipe_of, values_of, versions
from vjdream.settings import Settings

STATE = State(class_1="red", zoom=1.3, master=0.5, blackout=True, steps=9, layer="colours")
SETTINGS = Settings(
    network="vgg16", weights="w.pth", prior="of 2015", size=Size(640, 360), canvas=Size(256, 144),
    fps=Fraction(30000, 1001), seed=7, threads=2, allow_flashing=True,
)  # fmt: skip


def plain(**changes: Any) -> dict[str, Any]:
    """A recipe as JSON has it, with some entries changed."""
    made = recipe_of(SETTINGS, STATE, "reef", ("red", "blue")).as_plain()
    return {**json.loads(json.dumps(made)), **changes}


def test_a_recipe_is_read_as_it_was_written() -> None:
    recipe = recipe_of(SETTINGS, STATE, "reef", ("red", "blue"))
    assert read_recipe(plain(), "night") == recipe
    assert (recipe.size, recipe.canvas, recipe.fps) == ("640x360", "256x144", "30000/1001")


def test_every_parameter_is_in_it() -> None:
    assert plain()["values"].keys() == TABLE.keys()


def test_it_names_the_versions_of_what_decides_about_bytes() -> None:
    assert {"vjdream", "python", "torch", "numpy"} <= plain()["versions"].keys()
    assert versions()["vjdream"] == plain()["versions"]["vjdream"]


def test_a_canvas_of_its_own_accord_is_told_in_pixels() -> None:
    assert recipe_of(Settings(), State(), "", ()).canvas == "512x288"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"vjdream": 2}, "night is of format '2', this vjdream reads 1"),
        ({"vjdream": None}, "is of format 'None'"),
        ({"seed": "7"}, "'seed' is to be int, got '7'"),
        ({"seed": True}, "'seed' is to be int"),
        ({"weights": 3}, "'weights' is to be str or NoneType"),
        ({"prior": ["x"]}, "'prior' is to be str or NoneType"),
        ({"values": []}, "'values' is to be dict"),
        ({"network": None}, "'network' is to be str"),
    ],
)
def test_what_is_no_recipe_is_told_in_a_sentence(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(SessionError, match=told):
        read_recipe(plain(**changes), "night")


def test_entries_of_the_future_are_passed_over() -> None:
    assert read_recipe(plain(tempo=120), "night") == read_recipe(plain(), "night")


def test_a_recipe_from_before_there_were_priors_has_none() -> None:
    before = plain()
    assert before.pop("prior") == "of 2015"
    assert read_recipe(before, "night").prior is None


def test_values_take_their_places() -> None:
    values, notes = values_of(read_recipe(plain(), "night").values, vocabulary(), ("look", "show"))
    state = State().with_values(values)
    assert (state.zoom, state.class_1, state.master, state.blackout) == (1.3, "red", 0.5, True)
    # the defaults that `STATE` has kept are no words of this vocabulary
    assert all("this value is left out" in note for note in notes)
    assert len(notes) == 3


def test_what_hands_hold_is_told_with_what_it_returns_to() -> None:
    held = recipe_of(SETTINGS, STATE, "", (), [(TABLE["zoom"], 1.05)])
    assert read_recipe(json.loads(json.dumps(held.as_plain())), "night").touched == {"zoom": 1.05}


def test_values_of_the_evening_stay_out_where_only_the_look_is_wanted() -> None:
    values, _ = values_of(read_recipe(plain(), "night").values, vocabulary(), ("look",))
    state = State().with_values(values)
    assert (state.zoom, state.master, state.blackout) == (1.3, 1.0, False)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"zoom": "fast"}, "needs a number"),
        ({"zoom": 99}, "out of range"),
        ({"tempo": 1}, "no parameter is called 'tempo'"),
        ({"class/1": "husky"}, "husky"),
        ({"mode": None}, "knows no 'None'"),
        ({"steps": [1]}, "needs a number"),
    ],
)
def test_a_value_that_cannot_be_is_left_out_and_told(values: dict[str, Any], told: str) -> None:
    recipe = read_recipe(plain(values=values), "night")
    found, (note,) = values_of(recipe.values, vocabulary(), ("look", "show"))
    assert found == []
    assert told in note
