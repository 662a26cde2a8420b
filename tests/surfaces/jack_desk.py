"""A MIDI desk with a real link, in a process of its own, until its input ends."""

import asyncio
import sys
from contextlib import suppress

from vjdream.clock import RealtimeClock
from vjdream.settings import Settings
from vjdream.surfaces.link import Link
from vjdream.surfaces.midi_desk import MidiDesk


def say(sentence: str) -> None:
    print(sentence, flush=True)


async def main(port: int, midi_map: str) -> None:
    clock = RealtimeClock()
    link = Link(port, clock)
    settings = Settings(midi="pads", midi_map=midi_map)
    desk = MidiDesk(link, settings, clock, report=say, look=0.5)
    await link.open()
    playing = asyncio.create_task(desk.run())
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    await asyncio.wait((playing, ended), return_when=asyncio.FIRST_COMPLETED)
    say("desk ended by itself" if playing.done() else "desk ends")
    playing.cancel()
    with suppress(asyncio.CancelledError):
        await playing
    await link.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
