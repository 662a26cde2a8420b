"""The surfaces of a running show, seen by foreign programs, and what becomes of a show without."""

import json
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from running_show import RunningShow, free_port

from vjdream.clock import RealtimeClock

pytestmark = [pytest.mark.show]

QUIET = ["--output", "memory:", "--set", "keyframes=0.25", "--set", "steps=1"]
PACKAGES = ("oscquery@1.1.1", "osc@2.4.5", "ws@8")
CLIENT = Path(__file__).parent / "foreign_client.js"


class Show(RunningShow):
    """A show with surfaces at a port of their own."""

    def __init__(self, *options: str) -> None:
        self.page = free_port()
        super().__init__(*QUIET, "--http-port", str(self.page), *options)

    def read(self, path: str) -> Any:
        """Read JSON, as soon as the surfaces are there."""
        clock = RealtimeClock()
        until = clock.now() + 30
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.page}{path}", timeout=10) as f:
                    return json.load(f)
            except OSError:
                assert clock.now() < until
                clock.wait_until(clock.now() + 0.1)

    def surfaces(self) -> psutil.Process:
        """The process that listens at the page's port."""
        (found,) = [
            child
            for child in psutil.Process(self.process.pid).children()
            if any(
                c.status == psutil.CONN_LISTEN and c.laddr.port == self.page
                for c in child.net_connections("tcp")
            )
        ]
        return found


@pytest.fixture(scope="module")
def show() -> Iterator[Show]:
    with Show() as running:
        running.wait_until_on_air()
        yield running


def test_values_that_were_sent_by_osc_are_read_by_http(show: Show) -> None:
    assert show.read("/vjdream/zoom?RANGE") == {"RANGE": [{"MIN": 0.5, "MAX": 2.0}]}
    show.client.send("/vjdream/zoom", 1.5)
    clock = RealtimeClock()
    until = clock.now() + 10
    while show.read("/vjdream/zoom?VALUE") != {"VALUE": [1.5]}:
        assert clock.now() < until
        clock.wait_until(clock.now() + 0.05)


def test_a_show_does_not_notice_when_its_surfaces_are_killed_and_they_return(show: Show) -> None:
    show.read("/vjdream/zoom?VALUE")
    before = show.surfaces()
    show.client.send("/vjdream/subscribe")
    show.client.forget()
    before.kill()
    rates = [float(show.client.wait_for("/vjdream/state/fps")[0]) for _ in range(3)]
    assert min(rates) > 45
    assert show.read("/vjdream/zoom?TYPE") == {"TYPE": "f"}
    assert show.surfaces().pid != before.pid


def test_surfaces_end_with_their_show() -> None:
    with Show() as running:
        running.wait_until_on_air()
        running.read("/?HOST_INFO")
        surfaces = running.surfaces()
        assert running.stop() == 0
        surfaces.wait(10)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Other people's OSCQuery client, OSC codec and WebSocket."""
    if not shutil.which("npm") or not shutil.which("node"):
        pytest.skip("needs node and npm")
    folder = tmp_path_factory.mktemp("npm")
    command = ["npm", "install", "--no-save", "--no-audit", "--no-fund", *PACKAGES]
    made = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=200)
    if made.returncode:
        pytest.skip(f"npm cannot install {', '.join(PACKAGES)}")
    return folder


def test_an_oscquery_client_of_other_people_lists_listens_and_sets(
    show: Show, packages: Path
) -> None:
    show.read("/?HOST_INFO")
    show.client.send("/vjdream/class/1", "eye")
    show.client.send("/vjdream/rotate", 1.0)
    shutil.copy(CLIENT, packages)
    with subprocess.Popen(
        ["node", CLIENT.name, str(show.page)], cwd=packages, stdout=subprocess.PIPE, text=True
    ) as client:
        assert client.stdout is not None
        first = json.loads(client.stdout.readline())
        assert first["nodes"] > 150
        assert first["zoom"]["RANGE"] == [{"MIN": 0.5, "MAX": 2}]
        told = []
        for line in client.stdout:
            told.append(json.loads(line))
            if (
                told[-1].get("heard") == "/vjdream/class/1"
                and told[-1]["args"][0]["value"] == "volcano"
            ):
                show.client.send("/vjdream/rotate", 12.0)
        assert client.wait(20) == 0
    heard = [(entry["heard"], entry["args"][0]["value"]) for entry in told if "heard" in entry]
    assert ("/vjdream/class/1", "volcano") in heard  # it sent "volc"
    assert ("/vjdream/rotate", 12) in heard
    assert ("/vjdream/rotate", 33) not in heard  # it sent that itself
    show.client.send("/vjdream/rotate", "?")
    show.client.forget()
