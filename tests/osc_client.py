"""An OSC client that shares no code with the engine: bytes by hand, as OSC 1.0 describes them."""

import socket
import struct


def _padded(text: str) -> bytes:
    raw = text.encode()
    return raw + b"\0" * (4 - len(raw) % 4)


def message(address: str, *arguments: float | int | str | bool) -> bytes:
    """Return one message."""
    tags, body = ",", b""
    for argument in arguments:
        if isinstance(argument, bool):
            tags += "T" if argument else "F"
        elif isinstance(argument, int):
            tags += "i"
            body += struct.pack(">i", argument)
        elif isinstance(argument, float):
            tags += "f"
            body += struct.pack(">f", argument)
        else:
            tags += "s"
            body += _padded(argument)
    return _padded(address) + _padded(tags) + body


def bundle(*parts: bytes) -> bytes:
    """Return a bundle with the time tag "immediately"."""
    head = b"#bundle\0" + struct.pack(">Q", 1)
    return head + b"".join(struct.pack(">i", len(part)) + part for part in parts)


def read(packet: bytes) -> tuple[str, str, list[float | int | str]]:
    """Return address, type tags and arguments of a plain message."""

    def text(start: int) -> tuple[str, int]:
        end = packet.index(b"\0", start)
        return packet[start:end].decode(), (end // 4 + 1) * 4

    address, position = text(0)
    tags, position = text(position)
    arguments: list[float | int | str] = []
    for tag in tags[1:]:
        if tag == "s":
            word, position = text(position)
            arguments.append(word)
        else:
            (number,) = struct.unpack_from(">" + tag, packet, position)
            arguments.append(number)
            position += 4
    return address, tags[1:], arguments


class Client:
    """A control surface on loopback."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(15.0)
        self._engine = ("127.0.0.1", port)

    def send(self, address: str, *arguments: float | int | str | bool) -> None:
        self._socket.sendto(message(address, *arguments), self._engine)

    def send_raw(self, packet: bytes) -> None:
        self._socket.sendto(packet, self._engine)

    def forget(self) -> None:
        """Drop what has arrived so far, so that the next message is a new one."""
        self._socket.setblocking(False)
        try:
            while self._socket.recv(65536):
                pass
        except BlockingIOError:
            pass
        self._socket.settimeout(15.0)

    def next(self) -> tuple[str, str, list[float | int | str]]:
        """Return the next message: address, type tags, arguments."""
        return read(self._socket.recv(65536))

    def wait_for(self, address: str, most: int = 500) -> list[float | int | str]:
        """Return the arguments of the next message to that address.

        Raises:
            TimeoutError: when nothing at all arrives for 15 s.
            AssertionError: when it is not among the next `most` messages.
        """
        for _ in range(most):
            heard, _, arguments = self.next()
            if heard == address:
                return arguments
        raise AssertionError(f"{address} was not among {most} messages")

    def close(self) -> None:
        self._socket.close()
