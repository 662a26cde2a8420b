"""Measure a show from outside, over real OSC and NDI on this computer, or from its renders.

    python tools/benchmark.py live [--seconds 60]     rate, pacing, start-up, ascent steps
    python tools/benchmark.py count [--seconds 12]    keyframes, counted in received pictures
    python tools/benchmark.py kill [--times 3]        gaps while the dreamer is killed
    python tools/benchmark.py split [--pairs 10]      does each half become its class?
    python tools/benchmark.py alike [--preset NAME]   the same look at other speeds and canvases
    python tools/benchmark.py stage                   what composing a frame costs
    python tools/benchmark.py steps [--device cuda]   ascent steps, and the device's share
    python tools/benchmark.py flash                   what the flash limiter costs
    python tools/benchmark.py hostile                 pacing under 10,000 hostile packets a second
    python tools/benchmark.py memory [--minutes 30]   memory, files and threads of a played show
    python tools/benchmark.py clients                 pacing with 1,000 idle and slow clients
    python tools/benchmark.py length [--minutes 10]   memory of rendering short and long sessions

Figures depend on the machine and on what else it does; compare within one run only.
"""

import argparse
import random
import statistics
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from time import monotonic, perf_counter

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]


SHEET = (("jellyfish", "galaxy"), ("fire", "volcano"), ("cathedral", "ocean"), ("flower", "leaf"))
"""What the README's picture shows, each nine seconds after it was asked for."""


def live(options: argparse.Namespace) -> None:
    """Start a show with defaults and watch it as a receiver does."""
    from receiver import Receiver
    from running_show import RunningShow, free_port

    started = monotonic()
    chosen = ["--preset", options.preset] if options.preset else []
    with RunningShow("--http-port", str(free_port()), *chosen) as show:
        receiver = Receiver(show.name)
        first = next(receiver.frames(30.0))
        print(f"first frame received after {first.arrived - started:.2f} s")
        show.wait_for_report("keyframes")
        print(f"dreamed keyframes reported after {monotonic() - started:.1f} s")
        list(receiver.frames(5.0, keep_every=10**9))
        frames = list(receiver.frames(options.seconds, keep_every=10**9))
        times = np.array([frame.timestamp for frame in frames])
        gaps = np.diff(times) * 1000
        print(f"{len(frames)} frames, {(len(times) - 1) / (times[-1] - times[0]):.2f} per second")
        print(
            f"interval between timestamps: median {np.median(gaps):.2f} ms, "
            f"p99 {np.percentile(gaps, 99):.2f} ms, longest {gaps.max():.2f} ms, "
            f"{(gaps < 20).mean():.2%} under 20 ms"
        )
        keyframes = show.wait_for_report("keyframes")
        steps = show.wait_for_report("steps")
        print(f"{keyframes:.2f} keyframes/s x {steps:.2f} steps = {keyframes * steps:.1f} steps/s")
        for name in ("late", "rejected"):
            (value,) = show.client.wait_for(f"/vjdream/state/{name}")
            print(f"{name} {value}")
        if options.sheet:
            pictures = []
            for classes in SHEET:
                show.client.send("/vjdream/classes", *classes)
                pictures.append(receiver.pictures(9.0, keep_every=60)[-1])
            rows = [np.hstack(pictures[i : i + 2]) for i in (0, 2)]
            sheet = cv2.resize(np.vstack(rows)[..., :3], (1280, 720), interpolation=cv2.INTER_AREA)
            cv2.imwrite(options.sheet, sheet, [cv2.IMWRITE_JPEG_QUALITY, 88])
        receiver.close()


def count(options: argparse.Namespace) -> None:
    """Count keyframes in the received pictures of a camera that stands still.

    Inside one fade the picture changes in one direction; where the direction turns, the next
    keyframe has come.
    """
    from receiver import Receiver
    from running_show import RunningShow

    with RunningShow("--set", "zoom=1", "--set", "rotate=0") as show:
        show.wait_until_dreaming()
        receiver = Receiver(show.name)
        list(receiver.frames(4.0, keep_every=10**9))
        thumbnails = [
            cv2.resize(frame.picture[..., :3], (128, 72), interpolation=cv2.INTER_AREA)
            for frame in receiver.frames(options.seconds)
            if frame.picture is not None
        ]
        reported = show.wait_for_report("keyframes")
        receiver.close()
    small = np.array(thumbnails, np.float32)
    change = (small[4:] - small[:-4]).reshape(len(small) - 4, -1)
    change /= np.linalg.norm(change, axis=1, keepdims=True) + 1e-9
    same = (change[:-4] * change[4:]).sum(axis=1)
    around = np.lib.stride_tricks.sliding_window_view(same, 13)
    turns = (around[:, 6] == around.min(axis=1)) & (around[:, 6] < around.max(axis=1) - 0.15)
    print(f"{turns.sum() / (len(turns) / 60):.2f} keyframes/s counted, {reported:.2f} reported")


def kill(options: argparse.Namespace) -> None:
    """Kill the dreamer with signal 9 and look at the frames around it."""
    from receiver import Receiver
    from running_show import RunningShow

    with RunningShow() as show:
        show.wait_until_dreaming()
        receiver = Receiver(show.name)
        for number in range(options.times):
            list(receiver.frames(4.0, keep_every=10**9))
            show.dreamer().kill()
            killed = monotonic()
            frames = list(receiver.frames(5.0, keep_every=15))
            gaps = np.diff([frame.timestamp for frame in frames]) * 1000
            pictures = [f.picture.astype(np.int16) for f in frames if f.picture is not None]
            moved = [np.abs(b - a).mean() for a, b in pairwise(pictures)]
            show.wait_for_report("alive")
            show.wait_for_report("keyframes")
            print(
                f"kill {number + 1}: longest gap {gaps.max():.1f} ms, "
                f"smallest change in a quarter second {min(moved):.2f} levels, "
                f"deviation {min(p[..., :3].std() for p in pictures):.0f} levels, "
                f"keyframes again within {monotonic() - killed:.1f} s"
            )
        receiver.close()


def split(options: argparse.Namespace) -> None:
    """Ask for random pairs, swap them, and let the judge look at the received frames."""
    from judge import BOTTOM, TOP, Judge
    from receiver import Receiver
    from running_show import RunningShow

    judge = Judge.load()
    dice = random.Random(options.seed)
    named = right = swapped_right = 0
    with RunningShow("--set", "glide=0") as show:
        show.wait_until_dreaming()
        receiver = Receiver(show.name)
        for _ in range(options.pairs):
            a, b = dice.sample(judge.slugs, 2)
            verdicts = []
            for upper, lower in ((a, b), (b, a)):
                show.client.send("/vjdream/classes", upper, lower)
                picture = receiver.pictures(options.seconds, keep_every=30)[-1]
                for region, own in ((TOP, upper), (BOTTOM, lower)):
                    named += judge.rank(judge.probabilities(picture, region), own) == 1
                verdicts.append(
                    (
                        judge.preference(picture, TOP, upper, lower),
                        judge.preference(picture, BOTTOM, lower, upper),
                    )
                )
            right += min(verdicts[0]) > 0
            swapped_right += min(verdicts[1]) > 0
            told = [f"{top:+.2f} {bottom:+.2f}" for top, bottom in verdicts]
            print(f"{a} / {b}: {told[0]}, swapped {told[1]}", flush=True)
        receiver.close()
    print(f"halves whose own class is named first: {named} of {4 * options.pairs}")
    print(f"both halves prefer their own class: {right} of {options.pairs}")
    print(f"and after swapping, within {options.seconds:g} s: {swapped_right} of {options.pairs}")


LOOK = ("sharpness", "saturation", "brightness")


def look(picture: np.ndarray) -> tuple[float, float, float]:
    """Sharpness, saturation and brightness of a frame, in levels.

    Sharpness is the mean absolute difference to a blur of deviation 1/180 of the height.
    """
    levels = picture[..., :3].astype(np.float32)
    blurred = cv2.GaussianBlur(levels, (0, 0), picture.shape[0] / 180)
    saturation = levels.max(axis=2) - levels.min(axis=2)
    return float(np.abs(levels - blurred).mean()), float(saturation.mean()), float(levels.mean())


def alike(options: argparse.Namespace) -> None:
    """Render one preset at two cadences and on two canvases, and compare the looks."""
    from vjdream.cli import main

    cases = {
        "keyframes 4": ["--set", "keyframes=4"],
        "keyframes 30": ["--set", "keyframes=30"],
        "canvas 480x270": ["--canvas", "480x270"],
        "canvas 960x540": ["--canvas", "960x540"],
    }
    results = {}
    for name, arguments in cases.items():
        with tempfile.TemporaryDirectory() as folder:
            command = ["render", "--preset", options.preset, "--duration", str(options.seconds)]
            main([*command, "--fps", "4", *arguments, folder])
            paths = sorted(Path(folder).glob("*.png"))
            looks = [look(cv2.imread(str(path))) for path in paths[len(paths) // 2 :]]
        results[name] = np.mean(looks, axis=0)
        sharpness, saturation, brightness = results[name]
        print(f"{name}: {sharpness:.2f} sharp, {saturation:.1f} coloured, {brightness:.1f} bright")
    for a, b in (("keyframes 4", "keyframes 30"), ("canvas 480x270", "canvas 960x540")):
        ratio = results[b] / results[a]
        told = [f"{what} x{r:.2f}" for what, r in zip(LOOK, ratio, strict=True)]
        print(f"{b} against {a}: {', '.join(told)}")


def stage(options: argparse.Namespace) -> None:
    """What one composed frame costs against the bare warp of one picture."""
    from vjdream.camera import Viewpoint
    from vjdream.frames import Keyframe, Size, published_size
    from vjdream.stage.presenter import Presenter

    size = Size(1280, 720)
    width, height = published_size(size)
    dice = np.random.default_rng(0)
    noise = dice.integers(0, 256, (2, height, width, 4), dtype=np.uint8)
    presenter = Presenter(size, Keyframe(noise[0], Viewpoint(), 0, 0.0))
    presenter.add(Keyframe(noise[1], Viewpoint(), 1, 0.0), 0.0, 10.0)
    out = np.empty((720, 1280, 4), np.uint8)
    matrix = np.array([[1.001, 0, 3.3], [0, 1.001, 2.2]])
    composed, bare = [], []
    for number in range(1, 200):
        begun = perf_counter()
        presenter.compose(Viewpoint(), number / 60, out)
        middle = perf_counter()
        cv2.warpAffine(noise[0], matrix, (1280, 720), dst=out, borderMode=cv2.BORDER_REFLECT)
        composed.append(middle - begun)
        bare.append(perf_counter() - middle)
    a, b = statistics.median(composed) * 1000, statistics.median(bare) * 1000
    print(f"a blended 720p frame takes {a:.2f} ms, one warp {b:.2f} ms: {a / b:.1f} times")


def steps(options: argparse.Namespace) -> None:
    """Ascent steps per second, one by one and recorded, beside the device's matrix products."""
    from step_benchmark import measure

    measure(options)


def flash(options: argparse.Namespace) -> None:
    """What the flash limiter costs beside composing a frame."""
    from flash_benchmark import measure

    measure()


def hostile(options: argparse.Namespace) -> None:
    """Rate and pacing of a show under hostile datagrams, and what becomes of them."""
    from hostile_benchmark import measure

    measure(options)


def memory(options: argparse.Namespace) -> None:
    """Memory, open files and threads of a show that is played."""
    from memory_benchmark import measure

    measure(options)


def clients(options: argparse.Namespace) -> None:
    """Rate and pacing of a show with many idle and slow HTTP clients."""
    from clients_benchmark import measure

    measure(options)


def length(options: argparse.Namespace) -> None:
    """Memory of rendering a short and a long session."""
    from length_benchmark import measure

    measure(options)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    commands = parser.add_subparsers(required=True)
    for function in (
        *(live, count, kill, split, alike, stage, steps, flash),
        *(hostile, memory, clients, length),
    ):
        command = commands.add_parser(function.__name__, help=function.__doc__)
        command.set_defaults(function=function)
        if function is live:
            command.add_argument("--seconds", type=float, default=60)
            command.add_argument("--preset")
            command.add_argument("--sheet", metavar="FILE", help="write four received frames")
        if function is count:
            command.add_argument("--seconds", type=float, default=12)
        if function is kill:
            command.add_argument("--times", type=int, default=3)
        if function is split:
            command.add_argument("--pairs", type=int, default=10)
            command.add_argument("--seconds", type=float, default=4)
            command.add_argument("--seed", type=int, default=1)
        if function is steps:
            command.add_argument("--network", default="dreamnet")
            command.add_argument("--weights", metavar="FILE|random")
            command.add_argument("--preset", metavar="NAME")
            command.add_argument("--device", default="cpu")
            command.add_argument("--dtype", default="bfloat16")
            command.add_argument("--canvas", default="1280x720")
            command.add_argument("--keyframes", type=int, default=1)
        if function is hostile:
            command.add_argument("--packets", type=int, default=100_000)
            command.add_argument("--rate", type=float, default=10_000)
            command.add_argument("--seed", type=int, default=1)
        if function is clients:
            command.add_argument("--clients", type=int, default=1000)
            command.add_argument("--kills", type=int, default=3)
            command.add_argument("--rounds", type=int, default=3)
            command.add_argument("--seconds", type=float, default=15)
        if function in (memory, length):
            usual = {memory: 30.0, length: 10.0}[function]
            command.add_argument("--minutes", type=float, default=usual)
        if function is alike:
            command.add_argument("--preset", default="eyes")
            command.add_argument("--seconds", type=float, default=12)
    options = parser.parse_args()
    options.function(options)


if __name__ == "__main__":
    main()
