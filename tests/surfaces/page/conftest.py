"""One browser for all tests of the page, one server and one tab for each."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.surfaces.page.browser import Browser, Loop, Page, found
from tests.surfaces.page.fake_server import FakeServer
from vjdream.messages import Argument, Told

LAPTOP, PHONE = (1280, 800), (390, 844)


@dataclass
class Stage:
    """The page at a fake engine."""

    loop: Loop
    server: FakeServer
    page: Page

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}/ui/"

    def say(self, address: str, value: Argument) -> None:
        """The engine says a value."""
        self.loop(self.server.say(f"/vjdream/{address}", value))

    def heard(self, name: str, *arguments: Argument) -> None:
        """Wait until the page has sent a message; floats are those of 32 bits."""
        self.loop(self.server.got((f"/vjdream/{name}", arguments)))

    def sent(self, name: str) -> list[tuple[Argument, ...]]:
        """What the page has sent to an address so far."""
        return [values for address, values in self._told() if address == f"/vjdream/{name}"]

    def _told(self) -> list[Told]:
        return list(self.server.received)

    def open(self, tab: str = "play") -> None:
        """Load the page, and wait until it stands."""
        self.page.go(f"{self.url}#{tab}")
        self.ready()

    def ready(self) -> None:
        self.page.until(
            "!document.body.classList.contains('away') && document.querySelector('.preset')"
        )


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def serving(loop: Loop) -> Iterator[FakeServer]:
    async def started() -> FakeServer:
        server = FakeServer()
        await server.start()
        return server

    server = loop(started())
    yield server
    loop(server.stop())


@pytest.fixture(scope="session")
def browser(
    loop: Loop, serving: FakeServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """The browser, which ends before the server does."""
    program = found()
    if program is None:
        pytest.skip("needs Chromium (apt-get install chromium)")
    with Browser(program, tmp_path_factory.mktemp("chromium"), loop) as browser:
        yield browser


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A tab of the size of a laptop's; nothing may complain in it."""
    page = browser.page()
    page.size(*LAPTOP)
    yield page
    page.close()


@pytest.fixture
def server(loop: Loop, serving: FakeServer) -> Iterator[FakeServer]:
    """The server as if it was new, until nobody is there any more."""
    serving.reset()
    yield serving
    loop(serving.cut())
    loop(serving.nobody_looks())


@pytest.fixture
def stage(loop: Loop, server: FakeServer, tab: Page) -> Iterator[Stage]:
    """The page, open and connected, in which nothing complains."""
    stage = Stage(loop, server, tab)
    stage.open()
    yield stage
    assert stage.page.complaints == []


@pytest.fixture
def blank(loop: Loop, server: FakeServer, tab: Page) -> Stage:
    """A tab with nothing in it, and a server."""
    return Stage(loop, server, tab)
