"""How a show starts and ends: on air at once, nothing left behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from receiver import Receiver
from running_show import RunningShow, shared_memory

pytestmark = [pytest.mark.show, pytest.mark.ndi]


def test_the_source_is_on_air_before_the_dreamer_is_ready_and_shows_a_picture() -> None:
    with RunningShow() as early:
        assert early.name in early.wait_until_on_air()
        receiver = Receiver(early.name)
        picture = receiver.pictures(0.5)[0]
        assert picture.shape == (720, 1280, 4)
        assert picture[..., :3].std() > 20
        receiver.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda n: n.name)
def test_a_signal_ends_everything_and_leaves_nothing(number: signal.Signals) -> None:
    before = shared_memory()
    with RunningShow() as running:
        running.wait_until_dreaming()
        family = running.family()
        assert running.stop(number) == 0
        _, alive = psutil.wait_procs(family, timeout=5)
        assert not alive
    assert shared_memory() <= before


def test_a_killed_stage_leaves_no_orphan_and_no_memory() -> None:
    before = shared_memory()
    with RunningShow() as running:
        running.wait_until_dreaming()
        family = running.family()
        running.stop(signal.SIGKILL)
        _, alive = psutil.wait_procs(family, timeout=10)
        assert not alive
    assert shared_memory() <= before


def test_without_the_ndi_runtime_the_show_says_what_to_do_and_memory_still_runs(
    tmp_path: Path,
) -> None:
    (tmp_path / "NDIlib.py").write_text("raise ImportError('libavahi-client.so.3: not found')")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{Path.cwd()}"}
    command = [sys.executable, "-m", "vjdream", "run", "--osc-port", "0", "--duration", "0.3"]
    refused = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert refused.returncode == 2
    assert "apt install libavahi-client3" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    fine = subprocess.run(
        [*command, "--output", "memory:"], env=environment, capture_output=True, text=True
    )
    assert fine.returncode == 0
