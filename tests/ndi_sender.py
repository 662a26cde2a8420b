"""A process that sends a test picture by NDI, for end-to-end tests of the NDI input.

``python tests/ndi_sender.py --name camera --seconds 20 --pattern moving --colour 30,160,220``

It prints one line with the source's full name when it is on air, and the number of receivers
whenever that changes.
"""

import argparse
from fractions import Fraction
from time import monotonic

import cv2
import NDIlib
import numpy as np
from numpy.typing import NDArray

PATTERNS = ("moving", "plain", "halves", "flicker")


def picture(
    pattern: str, colour: tuple[int, int, int], width: int, height: int, time: float
) -> NDArray[np.uint8]:
    """Draw the test picture of a moment, BGRX; `colour` is blue, green, red.

    moving: a square of the colour that travels through black to the right, once in 4 seconds;
    plain: the colour everywhere; halves: the colour on the left, black on the right;
    flicker: the colour and black in turn, 1 second each.
    """
    drawn = np.zeros((height, width, 4), np.uint8)
    drawn[..., 3] = 255
    if pattern == "plain" or (pattern == "flicker" and int(time) % 2 == 0):
        drawn[..., :3] = colour
    elif pattern == "halves":
        drawn[:, : width // 2, :3] = colour
    elif pattern == "moving":
        side = height // 3
        left = round((time / 4) % 1 * (width - side))
        cv2.rectangle(drawn, (left, side), (left + side, 2 * side), (*colour, 255), cv2.FILLED)
    return drawn


def send(options: argparse.Namespace) -> None:
    """Send until the time is over."""
    NDIlib.initialize()
    create = NDIlib.SendCreate()
    create.ndi_name = options.name
    create.clock_video, create.clock_audio = True, False
    sender = NDIlib.send_create(create)
    assert sender is not None, f"the name {options.name} is taken"
    print(NDIlib.send_get_source_name(sender).ndi_name, flush=True)
    frame = NDIlib.VideoFrameV2()
    frame.timecode = NDIlib.SEND_TIMECODE_SYNTHESIZE
    receivers, number = 0, 0
    until = monotonic() + options.seconds
    while monotonic() < until:
        frame.data = picture(
            options.pattern, options.colour, *options.size, float(number / options.fps)
        )
        frame.FourCC = NDIlib.FOURCC_VIDEO_TYPE_BGRX
        frame.frame_rate_N, frame.frame_rate_D = options.fps.as_integer_ratio()
        frame.frame_format_type = NDIlib.FRAME_FORMAT_TYPE_PROGRESSIVE
        NDIlib.send_send_video_v2(sender, frame)
        number += 1
        if (count := NDIlib.send_get_no_connections(sender, 0)) != receivers:
            receivers = count
            print(receivers, flush=True)
    NDIlib.send_destroy(sender)


def main() -> None:
    parser = argparse.ArgumentParser(description="Send a test picture by NDI.")
    parser.add_argument("--name", default="vjdream-test")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--pattern", choices=PATTERNS, default="moving")
    parser.add_argument(
        "--colour",
        type=lambda text: tuple(int(part) for part in text.split(",")),
        default=(30, 160, 220),
        metavar="B,G,R",
    )
    parser.add_argument(
        "--size",
        type=lambda text: tuple(int(part) for part in text.split("x")),
        default=(320, 180),
        metavar="WxH",
    )
    parser.add_argument("--fps", type=Fraction, default=Fraction(30))
    send(parser.parse_args())


if __name__ == "__main__":
    main()
