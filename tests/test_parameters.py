"""The table: what must hold for every line of it, and the curves."""

import dataclasses
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vjdream.errors import ParameterError
from vjdream.parameters import (
    COMMANDS,
    REPORTS,
    TABLE,
    Parameter,
    State,
    as_plain,
    lookup,
    markdown,
)

LINES = list(TABLE.values())
NUMBERS = [p for p in LINES if p.numeric]
every_line = pytest.mark.parametrize("line", LINES, ids=lambda p: p.name)
every_number = pytest.mark.parametrize("line", NUMBERS, ids=lambda p: p.name)


@every_number
def test_a_default_lies_within_its_range(line: Parameter) -> None:
    assert line.minimum <= float(line.default) <= line.maximum
    assert line.minimum < line.maximum


@every_line
def test_the_state_starts_from_the_defaults_of_the_table(line: Parameter) -> None:
    assert State().value(line) == line.default


@every_line
def test_every_line_explains_itself(line: Parameter) -> None:
    assert line.help.endswith(".")
    assert line.label
    assert line.page


@every_line
def test_a_default_of_choices_is_one_of_them(line: Parameter) -> None:
    assert (line.kind == "choice") == bool(line.choices)
    assert not line.choices or line.default in line.choices


def test_touchdesigner_names_are_unique_and_well_formed() -> None:
    names = [line.touchdesigner for line in LINES]
    assert len(set(names)) == len(names)
    assert all(n[0].isupper() and n[1:].isalnum() and n[1:] == n[1:].lower() for n in names)


def test_no_address_is_both_a_value_and_a_folder() -> None:
    addresses = [*TABLE, *(name for name in COMMANDS if "<" not in name)]
    for name in addresses:
        parents = {other.rpartition("/")[0] for other in addresses}
        if COMMANDS.get(name) is None or COMMANDS[name].listed:
            assert name not in parents, f"{name} is a folder too"


def test_no_command_hides_a_parameter() -> None:
    assert not set(TABLE) & set(COMMANDS)


def test_the_logarithmic_ones_start_above_zero() -> None:
    assert all(p.minimum > 0 for p in NUMBERS if p.curve == "logarithmic")


@every_number
def test_the_curve_goes_from_end_to_end(line: Parameter) -> None:
    assert line.normalised(line.minimum) == pytest.approx(0.0, abs=1e-12)
    assert line.normalised(line.maximum) == pytest.approx(1.0)
    assert line.denormalised(0.0) == pytest.approx(line.minimum)
    assert line.denormalised(1.0) == pytest.approx(line.maximum)


@every_number
@given(position=st.floats(0, 1))
def test_a_position_on_the_curve_comes_back(line: Parameter, position: float) -> None:
    assert line.normalised(line.denormalised(position)) == pytest.approx(position, abs=1e-9)


def test_the_middle_of_the_zoom_is_standing_still() -> None:
    assert TABLE["zoom"].denormalised(0.5) == pytest.approx(1.0)


@every_number
@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_a_fitted_number_is_always_in_range(line: Parameter, value: float) -> None:
    if line.curve == "logarithmic" and value <= 0:
        return
    fitted, _ = line.number(value)
    assert line.minimum <= float(fitted) <= line.maximum
    assert isinstance(fitted, int if line.kind == "integer" else float)


@every_number
@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_fitting_twice_changes_nothing_more(line: Parameter, value: float) -> None:
    if line.curve == "logarithmic" and value <= 0:
        return
    fitted, _ = line.number(value)
    again, note = line.number(float(fitted))
    assert note == ""
    turned = abs(float(again) - float(fitted)) == line.maximum - line.minimum
    assert again == fitted or (line.wraps and turned)


@every_number
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_refused(line: Parameter, value: float) -> None:
    with pytest.raises(ParameterError, match="finite"):
        line.number(value)


@pytest.mark.parametrize("value", [0.0, -0.0, -1.0])
def test_a_zoom_of_zero_or_less_is_refused(value: float) -> None:
    with pytest.raises(ParameterError, match="above 0"):
        TABLE["zoom"].number(value)


def test_a_number_out_of_range_is_clamped_with_a_sentence() -> None:
    value, note = TABLE["zoom"].number(9.0)
    assert value == 2.0
    assert note == "/vjdream/zoom 9 was clamped to 2 (allowed 0.5 to 2 × per second)"


def test_a_number_in_range_is_left_alone() -> None:
    assert TABLE["zoom"].number(1.25) == (1.25, "")


@pytest.mark.parametrize(("given_", "fitted"), [(370.0, 10.0), (-10.0, 350.0), (725.0, 5.0)])
def test_an_angle_wraps_round_without_a_note(given_: float, fitted: float) -> None:
    assert TABLE["split/angle"].number(given_) == (fitted, "")


@pytest.mark.parametrize(("given_", "fitted"), [(190.0, -170.0), (-190.0, 170.0), (0.0, 0.0)])
def test_a_hue_wraps_round_at_half_a_turn(given_: float, fitted: float) -> None:
    assert TABLE["grade/hue"].number(given_) == (fitted, "")


@pytest.mark.parametrize(("given_", "fitted"), [(2.4, 2), (2.5, 3), (0.2, 1), (99.0, 64)])
def test_a_whole_number_is_rounded_then_clamped(given_: float, fitted: int) -> None:
    value, _ = TABLE["steps"].number(given_)
    assert value == fitted
    assert isinstance(value, int)


@pytest.mark.parametrize("chosen", ["quarters", "QUARTERS", "Quarters", 2])
def test_a_choice_is_found_by_name_in_any_case_or_index(chosen: str | int) -> None:
    assert TABLE["split/shape"].choice(chosen) == "quarters"


def test_every_shape_of_the_split_has_its_number_of_regions() -> None:
    for shape in TABLE["split/shape"].choices:
        state = State(split_shape=shape)
        assert 1 <= state.regions <= 4
    assert State(split_shape="whole").regions == 1


@pytest.mark.parametrize("chosen", ["quarter", -1, 5])
def test_an_unknown_choice_names_the_allowed_ones(chosen: str | int) -> None:
    with pytest.raises(ParameterError, match="whole, line, quarters"):
        TABLE["split/shape"].choice(chosen)


def test_a_mistyped_parameter_names_the_nearest() -> None:
    with pytest.raises(ParameterError, match="did you mean 'strength'"):
        lookup("strenght")


def test_what_belongs_to_the_evening_has_scope_show() -> None:
    shown = {p.name for p in LINES if p.scope == "show"}
    assert {"master", "blackout", "glide", "hold"} <= shown
    assert not {"zoom", "class/1", "grade/gamma"} & shown


def test_changing_one_value_leaves_the_others() -> None:
    changed = State().with_value(TABLE["zoom"], 1.5)
    assert changed == dataclasses.replace(State(), zoom=1.5)


def test_the_markdown_names_every_address() -> None:
    text = markdown()
    for line in LINES:
        assert f"`{line.address}`" in text
    for report in REPORTS:
        assert f"`{report.address}`" in text


def test_every_row_of_the_markdown_has_as_many_cells_as_its_head() -> None:
    columns = 0
    for row in markdown().splitlines():
        if row.startswith("|"):
            cells = row.count("|") - 1
            columns = columns or cells
            assert cells == columns, row
        else:
            columns = 0


def test_the_plain_table_is_json() -> None:
    read = json.loads(json.dumps(as_plain()))
    assert [entry["name"] for entry in read] == list(TABLE)
