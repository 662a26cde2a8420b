"""Who can use the page: on a phone, by keyboard, with a screen reader, without internet."""

import json
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.surfaces.page.conftest import LAPTOP, PHONE, Stage
from tests.surfaces.page.fake_server import PAGE
from vjdream.parameters import COMMANDS, REPORTS, ROOT, TABLE

TABS = ["play", *dict.fromkeys(p.page.lower() for p in TABLE.values())]
SIZES = pytest.mark.parametrize(
    ("width", "height"), [PHONE, (320, 640), (844, 390), LAPTOP], ids=lambda n: str(n)
)
AXE = "axe-core@4"


@SIZES
def test_nothing_overflows(stage: Stage, width: int, height: int) -> None:
    stage.page.size(width, height, phone=width < 900)
    stage.say("split/shape", "quarters")
    stage.say("state/error", "a sentence about a message that somebody sent " * 3)
    for tab in TABS:
        stage.page.evaluate(f"document.getElementById('tab-{tab}').click()")
        assert stage.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), tab
        outside = stage.page.evaluate("""[...document.querySelectorAll('main *')]
            .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
            .map((one) => one.outerHTML.slice(0, 80))""")
        assert [one for one in outside if 'role="tab"' not in one] == []


@SIZES
def test_the_help_overflows_nowhere(blank: Stage, width: int, height: int) -> None:
    blank.page.size(width, height, phone=width < 900)
    blank.page.go(f"{blank.url}help.html")
    blank.page.until("document.querySelector('.card')")
    assert blank.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert blank.page.complaints == []


def test_what_a_finger_touches_is_large_enough(stage: Stage) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 CSS pixels at least; what is played is 44 high."""
    stage.page.size(*PHONE, phone=True)
    for tab in TABS:
        stage.page.evaluate(f"document.getElementById('tab-{tab}').click()")
        small = stage.page.evaluate("""[...document.querySelectorAll(
            'button, input, select, [role=slider], header a')]
            .filter((one) => one.checkVisibility({ visibilityProperty: true }))
            .map((one) => [one.getBoundingClientRect(), one.outerHTML.slice(0, 90)])
            .filter(([box]) => box.width < 24 || box.height < 24).map(([, html]) => html)""")
        assert small == [], tab
    height = "document.querySelector('.play .slider').getBoundingClientRect().height"
    stage.page.evaluate("document.getElementById('tab-play').click()")
    assert stage.page.evaluate(height) >= 44


def test_a_finger_that_scrolls_past_a_slider_moves_nothing(stage: Stage) -> None:
    stage.page.size(*PHONE, phone=True)
    x, y, width, _ = stage.page.place('.play [data-address="/vjdream/zoom"] .track')
    for kind, points in (
        ("touchStart", [{"x": x + width / 4, "y": y}]),
        ("touchMove", [{"x": x + width / 4 + 12, "y": y - 30}]),
        ("touchMove", [{"x": x + width / 4 + 30, "y": y - 120}]),
        ("touchEnd", []),
    ):
        stage.page.call("Input.dispatchTouchEvent", type=kind, touchPoints=points)
    stage.page.click(".blackout")
    stage.heard("blackout", 1)
    assert stage.sent("zoom") == []


def test_a_finger_pulls_a_slider_from_where_it_stands(stage: Stage) -> None:
    stage.page.size(*PHONE, phone=True)
    x, y, width, _ = stage.page.place('.play [data-address="/vjdream/split/position"] .track')
    for kind, way in (("touchStart", 0.0), ("touchMove", 0.1), ("touchMove", 0.25)):
        points = [{"x": x - width / 3 + way * width, "y": y}]
        stage.page.call("Input.dispatchTouchEvent", type=kind, touchPoints=points)
    stage.page.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
    stage.page.until("""Math.abs(document.querySelector(
        '.play [data-address="/vjdream/split/position"] .slider').ariaValueNow - 0.75) < 0.02""")
    assert all(0.5 < value[0] < 0.77 for value in stage.sent("split/position"))  # type: ignore[operator]


def test_everything_is_reached_by_keyboard_and_seen_where_it_is(stage: Stage) -> None:
    """The Tab key passes every control of the page to play on; none is hidden behind another."""
    stage.page.size(*PHONE)
    passed: list[str] = []
    for _ in range(120):
        stage.page.key("Tab")
        told, covered = stage.page.evaluate("""(() => {
            const one = document.activeElement;
            const box = one.getBoundingClientRect();
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            const name = one.getAttribute('aria-label') || one.textContent.trim()
                || one.closest('[data-address]')?.dataset.address || one.className || one.tagName;
            return [name, !(one.contains(top) || top?.contains(one) || one === document.body)];
        })()""")
        if told in passed and told == passed[0] and len(passed) > 20:
            break
        assert not covered, told
        passed.append(told)
    for wanted in ("To the controls", "Blackout", "Play", "Class 1", "Region 2: random class",
                   "/vjdream/zoom", "Save look", "Help", "reef"):  # fmt: skip
        assert wanted in passed, passed


def test_tabs_are_walked_with_arrow_keys(stage: Stage) -> None:
    stage.page.evaluate("document.getElementById('tab-play').focus()")
    stage.page.key("ArrowRight")
    assert stage.page.evaluate("document.activeElement.id") == "tab-dream"
    assert stage.page.evaluate("!document.getElementById('panel-dream').hidden")
    assert stage.page.evaluate("document.getElementById('panel-play').hidden")
    stage.page.key("ArrowLeft")
    stage.page.key("ArrowLeft")
    assert stage.page.evaluate("document.activeElement.id") == "tab-show"


def test_who_wants_little_motion_gets_still_pictures(blank: Stage) -> None:
    blank.page.call(
        "Emulation.setEmulatedMedia",
        features=[{"name": "prefers-reduced-motion", "value": "reduce"}],
    )
    blank.open()
    blank.page.until("document.querySelector('.picture img').naturalWidth > 0")
    assert blank.server.lookers == 0
    assert "preview.jpg" in blank.page.evaluate("document.querySelector('.picture img').src")


def test_there_is_one_card_for_every_address(blank: Stage) -> None:
    blank.page.go(f"{blank.url}help.html")
    blank.page.until("document.querySelector('.card')")
    names = set(blank.page.evaluate("[...document.querySelectorAll('.card')].map((c) => c.id)"))
    assert set(TABLE) <= names
    assert {c.name for c in COMMANDS.values() if c.listed} <= names
    assert {report.address.removeprefix(ROOT) for report in REPORTS} <= names
    blank.page.click("#find")
    blank.page.type("growth zoom")
    blank.page.until("document.querySelectorAll('.card:not([hidden])').length === 1")
    shown = blank.page.evaluate("document.querySelector('.card:not([hidden])').innerText")
    assert "/vjdream/norm/zoom" in shown
    assert "0.5 to 2 × per second" in shown


def test_the_page_is_whole_by_itself() -> None:
    """No address of another computer is fetched, and no style or script stands inline."""
    for file in PAGE.iterdir():
        text = file.read_text(encoding="utf-8")
        outside = set(re.findall(r"https?://[^\s\"'<)]+", text))
        assert outside <= {"https://ndi.video/", "http://www.w3.org/2000/svg"}, file.name
        assert not re.search(r"\sstyle=|<style|javascript:|\son[a-z]+=\"", text), file.name
        if file.suffix == ".html":
            assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def axe(folder: Path) -> str:
    """The source of axe-core, fetched once for the tests and never shipped."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("needs npm, to get axe-core")
    got = subprocess.run(
        [npm, "pack", AXE, "--silent", "--pack-destination", str(folder)],
        capture_output=True, text=True, timeout=60, cwd=folder,
    )  # fmt: skip
    archives = list(folder.glob("*.tgz"))
    if got.returncode or not archives:
        pytest.skip("npm cannot get axe-core here")
    with tarfile.open(archives[0]) as archive:
        source = archive.extractfile("package/axe.min.js")
        assert source is not None
        return source.read().decode()


@pytest.fixture(scope="session")
def examiner(tmp_path_factory: pytest.TempPathFactory) -> str:
    return axe(tmp_path_factory.mktemp("axe"))


def findings(stage: Stage, examiner: str) -> list[str]:
    stage.page.evaluate(f"{examiner}; true")
    told = stage.page.evaluate(
        "axe.run(document).then((found) => JSON.stringify(found.violations.map((one) =>"
        " [one.impact, one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))])))"
    )
    return [str(one) for one in json.loads(told)]


@pytest.mark.parametrize(("width", "height"), [PHONE, LAPTOP])
def test_an_accessibility_check_finds_nothing(
    stage: Stage, examiner: str, width: int, height: int
) -> None:
    stage.page.size(width, height, phone=width < 900)
    stage.say("blackout", 1)
    stage.say("state/recording", 1)
    for tab in TABS:
        stage.page.evaluate(f"document.getElementById('tab-{tab}').click()")
        assert findings(stage, examiner) == [], tab
    stage.page.evaluate("document.getElementById('tab-play').click()")
    stage.page.click(".region-1 [role=combobox]")
    stage.page.type("s")
    assert findings(stage, examiner) == []


def test_an_accessibility_check_of_the_help_finds_nothing(blank: Stage, examiner: str) -> None:
    blank.page.go(f"{blank.url}help.html")
    blank.page.until("document.querySelector('.card')")
    assert findings(blank, examiner) == []
