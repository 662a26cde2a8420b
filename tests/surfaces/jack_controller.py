"""A MIDI controller over JACK, in a process of its own: moves what it reads, says what lights up.

Each line of its input is one message in hexadecimal; each line of its output is one that it heard.
JACK's library ends a process whose server has gone, so no test opens a port itself.
"""

import sys

import mido

BACKEND = "mido.backends.rtmidi/UNIX_JACK"


def main(name: str) -> None:
    backend = mido.Backend(BACKEND)

    def lit(message: mido.Message) -> None:
        print("lit", message.hex(), flush=True)

    moves = backend.open_output("out", client_name=name)
    lamps = backend.open_input("in", client_name=name, callback=lit)
    print("ready", flush=True)
    for line in sys.stdin:
        moves.send(mido.Message.from_hex(line))
    moves.close()
    lamps.close()


if __name__ == "__main__":
    main(sys.argv[1])
