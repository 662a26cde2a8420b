"""The page of a running show in a real browser: it moves the engine, and follows it."""

import hashlib
import json
from collections.abc import Iterator

import pytest

from tests.surfaces.page.browser import Page
from tests.surfaces.page.conftest import LAPTOP, PHONE
from tests.surfaces.test_running import Show

pytestmark = [pytest.mark.show]

SLIDER = '.play [data-address="/vjdream/zoom"] .slider'
CLASS = ".region-1 [role=combobox]"


@pytest.fixture(scope="module")
def show() -> Iterator[Show]:
    with Show("--set", "keyframes=2", "--set", "steps=3") as running:
        running.wait_until_dreaming()
        running.read("/?HOST_INFO")
        yield running


@pytest.fixture
def page(show: Show, tab: Page) -> Iterator[Page]:
    tab.size(*LAPTOP)
    tab.go(f"http://127.0.0.1:{show.page}/ui/")
    tab.until("!document.body.classList.contains('away')")
    yield tab
    assert tab.complaints == []


def asked(show: Show, name: str) -> object:
    """What the engine says that a value is."""
    show.client.forget()
    show.client.send(f"/vjdream/{name}", "?")
    return show.client.wait_for(f"/vjdream/{name}")[0]


def test_a_slider_moves_the_engine_and_the_engine_moves_the_slider(show: Show, page: Page) -> None:
    show.client.send("/vjdream/zoom", 1.0)
    told = f"Number(document.querySelector({json.dumps(SLIDER)}).getAttribute('aria-valuenow'))"
    page.until(f"Math.abs({told} - 1) < 1e-6")
    page.evaluate(f"document.querySelector({json.dumps(SLIDER)}).focus()")
    for _ in range(5):
        page.key("ArrowRight")
    page.until(f"{told} > 1.01")
    moved = float(page.evaluate(told))
    for _ in range(100):
        if asked(show, "zoom") == pytest.approx(moved, rel=1e-4):
            break
    assert asked(show, "zoom") == pytest.approx(moved, rel=1e-4)
    show.client.send("/vjdream/zoom", 1.5)
    page.until(f"Math.abs({told} - 1.5) < 1e-6")


def test_a_class_is_found_as_it_is_typed_and_the_picture_changes(show: Show, page: Page) -> None:
    show.client.send("/vjdream/classes", "eye", "fire")
    page.until(f"document.querySelector({json.dumps(CLASS)}).value.toLowerCase() == 'eye'")
    page.click(CLASS)
    page.type("galax")
    page.until("document.querySelector('.region-1 [role=option][aria-selected=true]')")
    page.key("Enter")
    for _ in range(200):
        if asked(show, "class/1") == "galaxy":
            break
    assert asked(show, "class/1") == "galaxy"
    picture = "document.querySelector('#preview img')"
    page.until(f"{picture} && {picture}.naturalWidth == 480")
    drawn = f"""(() => {{ const c = document.createElement('canvas'); c.width = 48; c.height = 27;
        const p = c.getContext('2d'); p.drawImage({picture}, 0, 0, 48, 27);
        return [...p.getImageData(0, 0, 48, 27).data].join() }})()"""
    before = hashlib.sha256(str(page.evaluate(drawn)).encode()).digest()
    for _ in range(200):
        if hashlib.sha256(str(page.evaluate(drawn)).encode()).digest() != before:
            break
    else:
        raise AssertionError("the picture stands still")


def test_on_a_phone_nothing_overflows(show: Show, page: Page) -> None:
    page.size(*PHONE, phone=True)
    page.until("document.querySelector('#health').textContent.includes('fps')")
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
