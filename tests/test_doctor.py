"""The doctor: every sentence it can say, and that nothing it meets stops it."""

import os
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from vjdream import doctor
from vjdream.doctor import computer, connections, programs, speed
from vjdream.doctor.findings import BROKEN, FINE, HINT, Finding, each
from vjdream.dream.probe import Gpu, Speed, Torch
from vjdream.errors import OutputError, SettingsError
from vjdream.frames import Size
from vjdream.outputs.ndi import Sighting
from vjdream.parameters import State
from vjdream.settings import Settings
from vjdream.vocabulary import networks

ROOT = Path(__file__).parent.parent
GIGABYTE = 2**30


def raising(error: BaseException) -> Callable[[], str]:
    def fail() -> str:
        raise error

    return fail


def only(findings: Iterator[Finding]) -> Finding:
    (finding,) = findings
    return finding


# -- findings -------------------------------------------------------------------------------------


def test_findings_are_printed_one_below_the_other() -> None:
    lines = [str(Finding("ears", level, "two")) for level in (FINE, HINT, BROKEN)]
    assert lines == ["fine   ears: two", "hint   ears: two", "BROKEN ears: two"]


def test_an_examination_that_fails_is_one_sentence_and_the_others_go_on() -> None:
    def fails() -> Iterator[Finding]:
        yield Finding("heart", FINE, "beats")
        raise RuntimeError("a valve\nis stuck")

    found = list(each([("heart", fails), ("lungs", lambda: [Finding("lungs", FINE, "two")])]))
    assert [str(finding) for finding in found] == [
        "fine   heart: beats",
        "BROKEN heart: cannot be examined (RuntimeError: a valve is stuck)",
        "fine   lungs: two",
    ]


def test_an_error_of_vjdream_is_told_in_its_own_words() -> None:
    found = list(each([("NDI", raising(OutputError("the runtime does not load - pip install")))]))
    assert found == [Finding("NDI", BROKEN, "the runtime does not load - pip install")]


def test_an_error_of_many_words_is_cut() -> None:
    (found,) = each([("torch", raising(OSError("x" * 10_000)))])
    assert len(str(found)) < 300


def test_ctrl_c_ends_the_examinations() -> None:
    with pytest.raises(KeyboardInterrupt):
        list(each([("torch", raising(KeyboardInterrupt()))]))


# -- programs -------------------------------------------------------------------------------------


def test_the_versions_asked_for_are_those_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = dict(re.fullmatch(r"([\w-]+)>=([\d.]+).*", d).groups() for d in project["dependencies"])
    for name, version in programs.LEAST.items():
        if name == "python":
            assert project["requires-python"] == f">={version}"
        else:
            assert asked[name] == version


def test_python_is_old_or_fine() -> None:
    assert programs.python((3, 13, 1), "Linux") == Finding("Python", FINE, "3.13.1 on Linux")
    told = programs.python((3, 10, 9), "Windows")
    assert (told.level, told.sentence) == (
        BROKEN, "3.10.9 on Windows is too old - install Python 3.11 or newer",
    )  # fmt: skip


@pytest.mark.parametrize("version", ["2.8", "2.8.0", "2.8.1+cpu", "2.10.0.dev20260101", "3.0"])
def test_a_package_that_is_new_enough_is_fine(version: str) -> None:
    assert only(programs.package("torch", lambda: version)) == Finding("torch", FINE, version)


@pytest.mark.parametrize("version", ["2.7.9", "2.7.1+cu126", "1.13"])
def test_a_package_that_is_too_old_comes_with_its_cure(version: str) -> None:
    told = only(programs.package("torch", lambda: version))
    assert told.level is BROKEN
    assert told.sentence == f"{version} is too old - pip install --upgrade 'torch>=2.8'"


@pytest.mark.parametrize(
    "error",
    [
        ModuleNotFoundError("No module named 'cv2'"),
        ImportError("libGL.so.1: cannot open shared object file"),
        RuntimeError("operator torchvision::nms does not exist"),
    ],
)
def test_a_package_that_does_not_load_comes_with_its_cure(error: Exception) -> None:
    told = only(programs.package("opencv-python-headless", raising(error)))
    assert told.topic == "opencv"
    assert told.level is BROKEN
    assert str(error) in told.sentence
    assert told.sentence.endswith("pip install 'opencv-python-headless>=4.10'")


def test_a_package_that_a_show_can_do_without_is_a_hint() -> None:
    assert only(programs.package("torchvision", raising(ImportError()), HINT)).level is HINT


def test_networks_without_weights_are_named_with_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    told = programs.networks()
    assert told.level is FINE
    here, missing = told.sentence.split("; vjdream fetch NAME gets ")
    assert here == "dreamnet"
    assert set(missing.split(", ")) == set(networks()) - {"dreamnet"}


def test_networks_that_have_been_fetched_are_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    (folder / "resnet50-0676ba61.pth").write_bytes(b"weights")
    assert programs.networks().sentence.startswith("dreamnet, resnet50; ")


def test_a_network_that_should_have_come_with_vjdream_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dreamnet.json").write_text("{}")
    monkeypatch.setattr("vjdream.vocabulary.DATA", tmp_path)
    told = programs.networks()
    assert told.level is BROKEN
    assert "dreamnet lacks the weights that vjdream ships" in told.sentence


# -- connections ----------------------------------------------------------------------------------


def test_an_ndi_runtime_that_is_missing_is_one_finding_with_its_cure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "NDIlib", None)
    (told,) = each([("NDI", connections.ndi)])
    assert (told.topic, told.level) == ("NDI", BROKEN)
    assert "the NDI runtime does not load" in told.sentence
    assert "pip install ndi-python" in told.sentence


def test_an_ndi_runtime_without_avahi_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = "libavahi-client.so.3: cannot open shared object file"
    (tmp_path / "NDIlib.py").write_text(f"raise ImportError('{missing}')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "NDIlib", raising=False)
    (told,) = each([("NDI", connections.ndi)])
    assert missing in told.sentence
    assert "apt install libavahi-client3" in told.sentence


@pytest.mark.parametrize(
    ("sighting", "level", "sentence"),
    [
        (Sighting(True, True), FINE, "found by its name"),
        (Sighting(True, False), FINE, "found by its name"),
        (Sighting(False, True), HINT, "by this computer's address only"),
        (Sighting(False, False), HINT, "not found - end other NDI programs"),
    ],
)
def test_a_source_is_found_by_name_by_address_or_not(
    sighting: Sighting, level: doctor.Level, sentence: str
) -> None:
    told = connections.ndi_source(sighting)
    assert told.level is level
    assert sentence in told.sentence


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_have_an_mdns_of_their_own(system: str, tmp_path: Path) -> None:
    assert connections.mdns(system, tmp_path / "none", "10.0.0.5").level is FINE


def test_on_linux_mdns_is_avahi(tmp_path: Path) -> None:
    assert connections.mdns("linux", tmp_path, "10.0.0.5").level is FINE
    told = connections.mdns("linux", tmp_path / "none", "10.0.0.5")
    assert told.level is HINT
    assert "sudo apt install avahi-daemon" in told.sentence
    assert told.sentence.endswith("receivers need this computer's address: 10.0.0.5")


def test_a_computer_without_a_network_is_not_told_to_give_its_loopback_away(
    tmp_path: Path,
) -> None:
    assert "127." not in connections.mdns("linux", tmp_path / "none", "127.0.0.1").sentence


def test_a_free_osc_port_is_fine_and_free_again() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for _ in range(2):
        told = connections.osc_port(Settings(osc_port=port))
        assert told == Finding("OSC port", FINE, f"udp {port} is free")


def test_the_page_s_port_is_free_or_there_is_no_page() -> None:
    (told,) = connections.page_port(7700, lambda port: port == 7700)
    assert told == Finding("page port", FINE, "tcp 7700 is free")
    (told,) = connections.page_port(7700, lambda port: False)
    assert told.level is HINT and "--http-port" in told.sentence
    assert list(connections.page_port(0, lambda port: False)) == []


def test_an_osc_port_that_is_taken_is_broken() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        settings = Settings(osc_port=other.getsockname()[1])
        (told,) = each([("OSC port", lambda: [connections.osc_port(settings)])])
    assert told.level is BROKEN
    assert "is another vjdream running?" in told.sentence
    assert "--osc-port" in told.sentence


def test_some_free_ports_are_enough_for_ndi() -> None:
    told = connections.ndi_ports(lambda port: port > 5967)
    assert told == Finding("NDI ports", FINE, "2 of tcp 5960 to 5969 are free")
    told = connections.ndi_ports(lambda port: False)
    assert told.level is HINT
    assert told.sentence.startswith("none of tcp 5960 to 5969 is free")


def test_a_port_that_somebody_listens_at_is_not_free() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not connections.is_free(port)
    assert connections.is_free(port)


def test_a_small_receive_buffer_comes_with_its_cure(tmp_path: Path) -> None:
    limit = tmp_path / "rmem_max"
    limit.write_text("212992\n")
    told = only(connections.receive_buffer(limit))
    assert told.level is HINT
    assert told.sentence.startswith("0.203 MB, so a burst of OSC may be lost")
    assert told.sentence.endswith("sudo sysctl -w net.core.rmem_max=4194304")
    limit.write_text("4194304\n")
    assert only(connections.receive_buffer(limit)) == Finding("receive buffer", FINE, "4 MB")


def test_systems_without_that_limit_have_no_finding(tmp_path: Path) -> None:
    assert not list(connections.receive_buffer(tmp_path / "none"))


def test_no_firewall_is_fine(tmp_path: Path) -> None:
    assert connections.firewall("linux", tmp_path, 7700).level is FINE
    (tmp_path / "etc" / "ufw").mkdir(parents=True)
    (tmp_path / "etc" / "ufw" / "ufw.conf").write_text("# ENABLED=no at boot\nENABLED=no\n")
    assert connections.firewall("linux", tmp_path, 7700).level is FINE


def test_ufw_is_told_which_ports_to_open(tmp_path: Path) -> None:
    (tmp_path / "etc" / "ufw").mkdir(parents=True)
    (tmp_path / "etc" / "ufw" / "ufw.conf").write_text("ENABLED=yes\nLOGLEVEL=low\n")
    told = connections.firewall("linux", tmp_path, 7701)
    assert told.level is HINT
    assert "sudo ufw allow 7701/udp; sudo ufw allow 5353/udp" in told.sentence
    assert told.sentence.endswith("sudo ufw allow 5960:5969/udp")


def test_firewalld_is_told_which_ports_to_open(tmp_path: Path) -> None:
    (tmp_path / "run" / "firewalld").mkdir(parents=True)
    told = connections.firewall("linux", tmp_path, 7700)
    assert told.level is HINT
    assert "sudo firewall-cmd --add-port=7700/udp --add-port=5353/udp" in told.sentence
    assert told.sentence.endswith("--add-port=5960-5969/tcp --add-port=5960-5969/udp")


def test_windows_and_macos_ask_their_users(tmp_path: Path) -> None:
    windows = connections.firewall("win32", tmp_path, 7700)
    assert windows.level is HINT
    assert "New-NetFirewallRule" in windows.sentence
    assert connections.firewall("darwin", tmp_path, 7700).level is HINT


# -- the computer ---------------------------------------------------------------------------------


def test_shared_memory_is_really_made_and_given_back(tmp_path: Path) -> None:
    told = computer.shared_memory(Settings(), tmp_path / "none")
    assert told == Finding("shared memory", FINE, "keyframes need 12 MB")


def test_too_little_shared_memory_is_broken_and_not_touched(tmp_path: Path) -> None:
    def create(width: int, height: int) -> None:
        raise AssertionError("writing there would kill the process")

    endless = Settings(size=Size(10**7, 10**7))
    told = computer.shared_memory(endless, tmp_path, create)
    assert told.level is BROKEN
    assert "--shm-size" in told.sentence
    assert "--size" in told.sentence


def test_shared_memory_that_is_forbidden_is_broken(tmp_path: Path) -> None:
    def create(width: int, height: int) -> None:
        raise PermissionError(13, "Permission denied")

    told = computer.shared_memory(Settings(), tmp_path / "none", create)
    assert told.level is BROKEN
    assert "Permission denied" in told.sentence


@pytest.mark.parametrize("below", ["", "not/yet/made"])
def test_a_folder_is_written_to_and_left_as_it_was(tmp_path: Path, below: str) -> None:
    told = computer.folder("presets", tmp_path / below)
    assert (told.topic, told.level) in (("presets", FINE), ("presets", HINT))
    assert str(tmp_path) in told.sentence
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("below", ["", "presets"])
def test_a_folder_that_cannot_be_written_is_broken(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("")
    told = computer.folder("presets", tmp_path / "file" / below)
    assert told.level is BROKEN
    assert "cannot be written (Not a directory)" in told.sentence


def test_a_full_disk_is_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 100 * 2**20

    monkeypatch.setattr(computer, "disk_usage", lambda path: Usage)
    told = computer.folder("weights", tmp_path)
    assert told.level is HINT
    assert told.sentence == f"100 MB are left for {tmp_path} - make room"


@pytest.mark.parametrize(
    ("gigabytes", "level", "sentence"),
    [
        (16, FINE, "16.0 GB are free"),
        (2, HINT, "enough for dreamnet"),
        (0.5, BROKEN, "0.5 GB are free, a show takes 1.2 - end other programs"),
    ],
)
def test_memory_is_compared_with_what_a_show_takes(
    gigabytes: float, level: doctor.Level, sentence: str
) -> None:
    told = only(computer.memory(int(gigabytes * GIGABYTE)))
    assert told.level is level
    assert sentence in told.sentence


def test_memory_that_is_not_known_is_no_finding() -> None:
    assert not list(computer.memory(None))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_free_memory_of_this_computer_is_some() -> None:
    free = computer.free_memory()
    assert free is not None
    assert 2**20 < free < 2**50


# -- speed ----------------------------------------------------------------------------------------

H200 = Gpu("NVIDIA H200", 139 * GIGABYTE)


@pytest.mark.parametrize(
    ("torch", "wanted", "processors", "driver", "level", "sentence"),
    [
        (Torch("2.8.0"), "cpu", 8, False, FINE, "8 processor cores, no CUDA GPU"),
        (Torch("2.8.0"), "cpu", 1, False, HINT, "one processor core"),
        (Torch("2.8.0+cpu"), "cpu", 8, True, HINT, "torch 2.8.0+cpu is built without CUDA and"),
        (Torch("2.8.0", "12.8"), "cpu", 8, True, HINT, "torch 2.8.0 is built for CUDA 12.8 and"),
        (Torch("2.8.0", "12.8", (H200,)), "cpu", 8, True, HINT,
         "cuda:0 NVIDIA H200 (139 GB) is not used - add --device cuda"),
        (Torch("2.8.0", "12.8", (H200,)), "cuda", 8, True, FINE, "cuda:0 NVIDIA H200 (139 GB)"),
        (Torch("2.8.0", "12.8", (H200,)), "cuda:0", 8, True, FINE, "cuda:0 NVIDIA H200 (139 GB)"),
        (Torch("2.8.0", "12.8", (H200,)), "cuda:1", 8, True, BROKEN,
         "--device cuda:1 is not there (found: cuda:0 NVIDIA H200 (139 GB)) - use cpu"),
        (Torch("2.8.0"), "cuda", 8, False, BROKEN,
         "--device cuda is not there (found: no CUDA GPU) - use cpu"),
    ],
)  # fmt: skip
def test_the_device_is_there_and_used_or_not(
    torch: Torch, wanted: str, processors: int, driver: bool, level: doctor.Level, sentence: str
) -> None:
    told = speed.device(torch, wanted, processors, driver)
    assert told.level is level
    assert sentence in told.sentence


def test_a_fast_dreamer_is_fine() -> None:
    told = speed.speed(Speed(41.26, "cpu", "bfloat16", 3), State(), Settings())
    assert told == Finding(
        "speed", FINE,
        "41.3 steps/s on cpu in bfloat16 with canvas 512x288, "
        "4 keyframes/s x 5 steps ask for 20",
    )  # fmt: skip


def test_a_slow_dreamer_comes_with_its_cures() -> None:
    told = speed.speed(Speed(10.0, "cpu", "float32", 1), State(), Settings())
    assert told.level is HINT
    assert "so the picture changes every 0.5 s - lower it to" in told.sentence
    assert told.sentence.endswith("--canvas 362x202 or --set steps=2")


def test_what_the_doctor_suggests_is_accepted() -> None:
    from vjdream.settings import parse_size

    for rate in (0.01, 0.3, 1.0, 7.0, 19.9):
        for size in (Size(1280, 720), Size(1080, 1920), Size(3840, 500)):
            told = speed.speed(Speed(rate, "cpu", "float32", 1), State(), Settings(size=size))
            found = re.search(r"--canvas (\S+) or --set steps=(\d+)$", told.sentence)
            assert found
            parse_size(found[1])
            assert int(found[2]) >= 1


def test_what_a_preset_asks_for_is_what_is_compared() -> None:
    calm = State(keyframes=1.0, steps=2)
    assert speed.speed(Speed(2.0, "cpu", "float32", 1), calm, Settings()).level is FINE


@pytest.mark.parametrize(("milliseconds", "level"), [(5, FINE), (10, FINE), (11, HINT)])
def test_a_frame_is_compared_with_the_time_there_is(
    milliseconds: float, level: doctor.Level
) -> None:
    told = speed.picture(milliseconds / 1000, Settings())
    assert told.level is level
    assert told.sentence.startswith(f"a frame of 1280x720 takes {milliseconds:.1f} of 16.7 ms")


def test_a_frame_takes_some_time() -> None:
    assert 0 < speed.frame_seconds(Settings(size=Size(128, 128))) < 10


# -- torch, in its own process --------------------------------------------------------------------


@pytest.fixture
def broken_torch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[Finding]]:
    """Examine a torch that consists of the given code."""

    def found(code: str) -> list[Finding]:
        (tmp_path / "torch").mkdir()
        (tmp_path / "torch" / "__init__.py").write_text(code)
        monkeypatch.syspath_prepend(tmp_path)
        return list(speed.dreaming(Settings(), tmp_path, 0.1))

    return found


def test_a_torch_that_does_not_load_is_one_finding(
    broken_torch: Callable[[str], list[Finding]],
) -> None:
    (told,) = broken_torch("raise ImportError('libtorch.so: cannot open')")
    assert (told.topic, told.level) == ("torch", BROKEN)
    assert "libtorch.so: cannot open" in told.sentence
    assert told.sentence.endswith("pip install 'torch>=2.8'")


def test_a_torch_that_kills_its_process_is_one_finding(
    broken_torch: Callable[[str], list[Finding]],
) -> None:
    (told,) = broken_torch("import os\nos._exit(132)")
    assert (told.topic, told.level) == ("torch", BROKEN)
    assert "terminated abruptly" in told.sentence


# -- the whole ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """A real examination of this computer."""
    folders = {"weights": tmp_path_factory.mktemp("weights")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, "PATIENCE", 0.3)
        settings = Settings(osc_port=0, size=Size(640, 360), canvas=Size(256, 144), dtype="float32")
        return list(doctor.examine(settings, folders, 0.3))


def test_a_whole_examination_measures_this_computer(whole: list[Finding]) -> None:
    found = {finding.topic: finding for finding in whole}
    assert len(found) == len(whole), "each topic has one line"
    expected = ("Python", "opencv", "networks", "weights", "NDI", "mDNS", "OSC port", "firewall")
    assert set(expected) <= set(found)
    for topic in ("torch", "device", "speed", "picture", "shared memory", "OSC port"):
        assert found[topic].level is not BROKEN, found[topic]
    assert "steps/s on cpu" in found["speed"].sentence
    assert not [finding for finding in whole if "cannot be examined" in finding.sentence]


def test_every_finding_is_one_line(whole: list[Finding]) -> None:
    for finding in whole:
        assert re.fullmatch(r"(fine  |hint  |BROKEN) [A-Za-z][\w ]+: \S.*[^.]", str(finding))


def test_the_doctor_leaves_no_torch_behind(whole: list[Finding]) -> None:
    code = (
        "import sys, vjdream.doctor, vjdream.dream.probe\n"
        "assert not {'torch', 'cv2', 'numpy', 'NDIlib', 'rich'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_without_opencv_the_rest_is_examined(tmp_path: Path) -> None:
    """No settings can be made then; torch still has its line."""
    for name in ("cv2", "torch"):
        (tmp_path / f"{name}.py").write_text(f"raise ImportError('{name} is gone')")
    code = (
        "from vjdream import doctor\n"
        "if __name__ == '__main__':\n"
        "    for finding in doctor.examine(None, {}): print(finding)\n"
    )
    (tmp_path / "asks.py").write_text(code)
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    answer = subprocess.run(
        [sys.executable, str(tmp_path / "asks.py")],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    lines = answer.stdout.splitlines()
    broken = [line for line in lines if line.startswith("BROKEN")]
    assert [line.split(":")[0] for line in broken] == [
        "BROKEN opencv",
        "BROKEN torch",
    ]
    for name, line in zip(("cv2", "torch"), broken, strict=True):
        assert f"{name} is gone" in line
    assert "cannot be examined" not in answer.stdout


def test_settings_that_no_show_can_start_with_are_findings() -> None:
    def refused() -> list[Finding]:
        raise SettingsError("--guide nowhere.png does not exist")

    (told,) = each([("speed", refused)])
    assert told.sentence == "--guide nowhere.png does not exist"
