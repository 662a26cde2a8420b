"""The page in a real browser: what hands do arrives at the engine, what it says is shown."""

import json

import pytest

from tests.surfaces.page.conftest import Stage
from vjdream.parameters import REPORTS, TABLE

ZOOM = '.play [data-address="/vjdream/zoom"]'


def value(stage: Stage, selector: str) -> float:
    told = stage.page.evaluate(
        f"document.querySelector({json.dumps(selector)}).getAttribute('aria-valuenow')"
    )
    return float(told)


def focus(stage: Stage, selector: str) -> None:
    stage.page.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")


def follows(stage: Stage, selector: str, number: float) -> None:
    stage.page.until(
        f"Math.abs(document.querySelector({json.dumps(selector)})"
        f".getAttribute('aria-valuenow') - {number}) < 1e-6"
    )


def test_every_parameter_has_the_control_of_its_kind(stage: Stage) -> None:
    inside = {
        "continuous": "[role=slider]", "integer": "[role=slider]", "toggle": "[role=switch]",
        "choice": "[type=radio], select", "word": "[role=combobox]",
    }  # fmt: skip
    for parameter in TABLE.values():
        page = parameter.page.lower()
        assert stage.page.evaluate(
            f"document.querySelector('#panel-{page} [data-address=\"{parameter.address}\"]')"
            f".querySelector('{inside[parameter.kind]}') !== null"
        ), parameter.name


def test_the_page_listens_to_everything_it_shows(stage: Stage) -> None:
    wanted = {line.address for line in TABLE.values()} | {report.address for report in REPORTS}
    wanted |= {f"/vjdream/{what}/{n}" for what in ("see", "sure") for n in (1, 2, 3, 4)}
    assert wanted <= set(stage.server.listened)


def test_arrow_keys_move_a_slider_and_the_message_arrives(stage: Stage) -> None:
    focus(stage, f"{ZOOM} .slider")
    stage.page.key("ArrowRight")
    moved = value(stage, f"{ZOOM} .slider")
    assert moved == pytest.approx(1.05 * 4**0.01, rel=1e-3)
    stage.heard("zoom", pytest.approx(moved))
    stage.page.key("Delete")
    stage.heard("zoom", pytest.approx(1.05))
    assert stage.sent("zoom") == [(pytest.approx(moved),), (pytest.approx(1.05),)]


def test_shift_makes_steps_fine_and_end_goes_to_the_end(stage: Stage) -> None:
    focus(stage, f"{ZOOM} .slider")
    stage.page.key("ArrowLeft", shift=True)
    assert 1.04 < value(stage, f"{ZOOM} .slider") < 1.05
    stage.page.key("End")
    stage.heard("zoom", 2.0)


def test_the_mouse_drags_a_slider_along_its_curve(stage: Stage) -> None:
    x, y, width, _ = stage.page.place(f"{ZOOM} .track")
    stage.page.mouse("mousePressed", x, y)
    stage.heard("zoom", 1.0)  # the middle of 0.5 to 2 along the curve
    stage.page.mouse("mouseMoved", x + width / 4, y)
    stage.page.mouse("mouseMoved", x + width / 2, y)
    stage.page.mouse("mouseReleased", x + width / 2, y)
    stage.heard("zoom", 2.0)
    follows(stage, f"{ZOOM} .slider", 2.0)


def test_two_clicks_bring_the_default_back(stage: Stage) -> None:
    stage.say("zoom", 1.5)
    follows(stage, f"{ZOOM} .slider", 1.5)
    x, y, width, _ = stage.page.place(f"{ZOOM} .track")
    for clicks in (1, 2):
        stage.page.mouse("mousePressed", x + width / 4, y, clicks)
        stage.page.mouse("mouseReleased", x + width / 4, y, clicks)
    stage.heard("zoom", pytest.approx(1.05))


def test_a_slider_follows_the_engine(stage: Stage) -> None:
    stage.say("zoom", 0.75)
    follows(stage, f"{ZOOM} .slider", 0.75)
    follows(stage, '#panel-camera [data-address="/vjdream/zoom"] .slider', 0.75)
    assert stage.sent("zoom") == []


def test_a_dragged_slider_stays_in_the_hand_and_then_follows_again(stage: Stage) -> None:
    x, y, _, _ = stage.page.place(f"{ZOOM} .track")
    stage.page.mouse("mousePressed", x, y)
    stage.heard("zoom", 1.0)
    stage.say("zoom", 0.75)
    stage.say("rotate", 90.0)
    follows(stage, '.play [data-address="/vjdream/rotate"] .slider', 90)  # so both have arrived
    assert value(stage, f"{ZOOM} .slider") == 1.0
    stage.page.mouse("mouseReleased", x, y)
    follows(stage, f"{ZOOM} .slider", 0.75)


def test_a_moving_slider_sends_no_more_than_the_screen_shows_and_always_the_last(
    stage: Stage,
) -> None:
    focus(stage, f"{ZOOM} .slider")
    stage.page.evaluate(f"""(() => {{
        const slider = document.querySelector('{ZOOM} .slider');
        for (let n = 0; n < 60; n += 1) {{
            slider.dispatchEvent(new KeyboardEvent('keydown', {{ key: 'ArrowRight' }}));
        }}
    }})()""")
    stage.heard("zoom", 2.0)
    assert stage.sent("zoom") == [(2.0,)]


def test_a_number_is_typed_with_a_comma(stage: Stage) -> None:
    focus(stage, f"{ZOOM} .number")
    stage.page.type("0,9")
    stage.page.key("Enter")
    stage.heard("zoom", pytest.approx(0.9))
    assert stage.page.evaluate(f"document.querySelector('{ZOOM} .number').value") == "0.9"


def test_a_number_counts_when_its_field_is_left(stage: Stage) -> None:
    focus(stage, f"{ZOOM} .number")
    stage.page.type("1.2")
    stage.page.key("Tab")
    stage.heard("zoom", pytest.approx(1.2))
    assert stage.page.evaluate(f"document.querySelector('{ZOOM} .number').value") == "1.2"


def test_what_is_no_number_is_not_sent(stage: Stage) -> None:
    focus(stage, f"{ZOOM} .number")
    stage.page.type("fast")
    stage.page.key("Enter")
    stage.page.until(f"document.querySelector('{ZOOM} .number').ariaInvalid === 'true'")
    stage.page.key("Escape")
    assert stage.page.evaluate(f"document.querySelector('{ZOOM} .number').value") == "1.05"
    assert stage.sent("zoom") == []


def test_a_class_is_typed_and_chosen(stage: Stage) -> None:
    stage.page.click(".region-1 [role=combobox]")
    stage.page.type("galax")
    stage.page.until("document.querySelector('.region-1 [role=option][aria-selected=true]')")
    stage.page.key("Enter")
    stage.heard("class/1", "galaxy")
    assert (
        stage.page.evaluate("document.querySelector('.region-1 [role=combobox]').value") == "Galaxy"
    )
    assert stage.page.evaluate("document.querySelector('.region-1 [role=listbox]').hidden")


def test_a_class_is_clicked(stage: Stage) -> None:
    stage.page.click(".region-2 [role=combobox]")
    stage.page.type("feath")
    stage.page.click(".region-2 [role=option]")
    stage.heard("class/2", "feather")


def test_escape_leaves_the_class_as_it_was(stage: Stage) -> None:
    stage.page.click(".region-1 [role=combobox]")
    stage.page.type("fire")
    stage.page.key("Escape")
    assert (
        stage.page.evaluate("document.querySelector('.region-1 [role=combobox]').value")
        == "Jellyfish"
    )
    assert stage.sent("class/1") == []


def test_a_word_that_no_class_fits_is_the_engines_to_understand(stage: Stage) -> None:
    stage.page.click(".region-1 [role=combobox]")
    stage.page.type("glaxy")
    stage.page.key("Enter")
    stage.heard("class/1", "glaxy")
    stage.server.values["/vjdream/class/1"] = "galaxy"
    stage.page.key("Escape")
    stage.page.until("document.querySelector('.region-1 [role=combobox]').value === 'Galaxy'")


@pytest.mark.parametrize(("turn", "number"), [("previous", 1), ("next", 2), ("random", 2)])
def test_a_region_turns_through_the_palette(stage: Stage, turn: str, number: int) -> None:
    stage.page.click(f'[aria-label="Region {number}: {turn} class"]')
    stage.heard(f"{turn}/{number}")


def test_as_many_regions_are_shown_as_the_split_has(stage: Stage) -> None:
    shown = (
        "[...document.querySelectorAll('.region[class*=region-]')].filter((r) => !r.hidden).length"
    )
    assert stage.page.evaluate(shown) == 2
    stage.say("split/shape", "quarters")
    stage.page.until(f"{shown} === 4")
    stage.say("split/shape", "whole")
    stage.page.until(f"{shown} === 1")


def test_mode_layer_asks_for_a_layer_instead_of_classes(stage: Stage) -> None:
    stage.say("mode", "layer")
    stage.page.until("!document.querySelector('[aria-label=Layer]').hidden")
    stage.page.click("[aria-label=Layer] [role=combobox]")
    stage.page.type("block2")
    stage.page.key("Enter")
    stage.heard("layer", "block2.conv2")


def test_a_preset_is_loaded_within_the_morph_time(stage: Stage) -> None:
    stage.page.click('.preset-panel [type=radio][value="8"]')
    stage.page.click(".preset:has(img)")
    name = stage.server.presets[0]["name"]
    stage.heard("preset/load", name)
    names = [address for address, _ in stage.server.received]
    assert names == ["/vjdream/preset/time", "/vjdream/preset/load"]
    assert stage.sent("preset/time") == [(8.0,)]
    stage.say("state/preset", name)
    stage.page.until(f"document.querySelector('.preset[aria-pressed=true]').innerText === '{name}'")


def test_a_saved_look_appears_among_the_presets(stage: Stage) -> None:
    stage.page.click(".save-name")
    stage.page.type("tonight")
    stage.page.key("Enter")
    stage.heard("preset/save", "tonight")
    stage.server.presets.append({"name": "tonight", "about": "", "thumbnail": None})
    stage.say("state/preset", "tonight")
    stage.page.until("document.querySelector('.preset[aria-pressed=true]').innerText === 'tonight'")


def test_blackout_is_one_click_or_one_key_and_cannot_be_overlooked(stage: Stage) -> None:
    stage.page.click(".blackout")
    stage.heard("blackout", 1)
    assert stage.page.evaluate("document.querySelector('.blackout').ariaPressed") == "true"
    stage.page.key("b", control=True)
    stage.heard("blackout", 0)
    assert stage.page.evaluate("document.querySelector('.blackout').ariaPressed") == "false"


def test_choices_and_switches_say_what_they_mean(stage: Stage) -> None:
    stage.page.click('.play [data-address="/vjdream/split/shape"] [value=circle]')
    stage.heard("split/shape", "circle")
    stage.page.click("#tab-show")
    stage.page.click('#panel-show [data-address="/vjdream/hold"] [role=switch]')
    stage.heard("hold", 1)


def test_the_reset_button_is_there_when_there_is_something_to_reset(stage: Stage) -> None:
    hidden = f"getComputedStyle(document.querySelector('{ZOOM} .reset')).visibility === 'hidden'"
    assert stage.page.evaluate(hidden)
    stage.say("zoom", 1.5)
    stage.page.until(f"!({hidden})")
    stage.page.click(f"{ZOOM} .reset")
    stage.heard("zoom", pytest.approx(1.05))


def test_health_recording_and_what_the_network_sees_are_shown(stage: Stage) -> None:
    text = "document.body.innerText"
    for told in ("59.9 fps", "4.0 keyframes/s", "2 receivers", "sees Jellyfish, 93 %"):
        stage.page.until(f"{text}.includes({json.dumps(told)})")
    stage.page.click(".record")
    stage.heard("record/start")
    stage.say("state/recording", 1)
    stage.page.until("document.querySelector('.record').textContent === 'Stop'")
    stage.page.click(".record")
    stage.heard("record/stop")


def test_an_error_is_said_politely(stage: Stage) -> None:
    stage.say("state/error", "no class is called 'xyz'")
    stage.page.until(
        "document.querySelector('#errors[aria-live=polite]').textContent.includes('xyz')"
    )


def test_a_control_learns_midi(stage: Stage) -> None:
    stage.page.click(".options .chip:last-of-type")
    stage.page.click(f"{ZOOM} .learn")
    stage.heard("midi/learn", "/vjdream/zoom")
    stage.say("state/midi", "controller 7 of nanoKONTROL moves /vjdream/zoom")
    stage.page.until("document.querySelector('.midi-said').textContent.includes('nanoKONTROL')")


def test_a_page_comes_back_by_itself_with_the_engines_values(stage: Stage) -> None:
    stage.server.values["/vjdream/zoom"] = 1.5
    stage.loop(stage.server.cut())
    stage.page.until("document.body.classList.contains('away')")
    assert "away" in stage.page.evaluate("document.getElementById('engine').textContent")
    stage.ready()
    follows(stage, f"{ZOOM} .slider", 1.5)
    focus(stage, f"{ZOOM} .slider")
    stage.page.key("End")
    stage.heard("zoom", 2.0)


def test_a_network_that_is_gone_is_noticed_though_nothing_is_closed(stage: Stage) -> None:
    offline = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    stage.page.call("Network.enable")
    stage.page.call("Network.emulateNetworkConditions", offline=True, **offline)
    stage.page.until("document.body.classList.contains('away')")
    stage.page.call("Network.emulateNetworkConditions", offline=False, **offline)
    stage.ready()
    follows(stage, f"{ZOOM} .slider", 1.05)
    told = [text for text in stage.page.complaints if "ERR_INTERNET_DISCONNECTED" not in text]
    stage.page.complaints[:] = told


def test_another_network_brings_its_own_classes(stage: Stage) -> None:
    stage.server.classes = [
        {"slug": "husky", "name": "Siberian husky", "synonyms": [], "number": 0}
    ]
    stage.server.values["/vjdream/class/1"] = "husky"
    stage.loop(stage.server.notice("PATH_CHANGED"))
    stage.page.until(
        "document.querySelector('.region-1 [role=combobox]').value === 'Siberian husky'"
    )


def test_the_picture_is_fetched_only_while_somebody_wants_it(stage: Stage) -> None:
    stage.page.until("document.querySelector('.picture img').naturalWidth > 0")
    assert stage.server.lookers == 1
    stage.page.click(".preview-chooser")
    stage.loop(stage.server.nobody_looks())
    stage.page.click(".preview-chooser")
    stage.page.until("document.querySelector('.picture img').naturalWidth > 0")


def test_a_pin_is_asked_for_once_and_a_wrong_one_is_told(blank: Stage) -> None:
    blank.server.pin = "123456"
    blank.page.go(blank.url)
    blank.page.until("document.querySelector('dialog[open]')")
    blank.page.type("000000")
    blank.page.key("Enter")
    blank.page.until("document.querySelector('.told').textContent === 'That is not the PIN.'")
    blank.page.type("123456")
    blank.page.key("Enter")
    blank.ready()
    assert blank.page.evaluate("document.querySelector('dialog')") is None
