"""A file server that can do everything wrong that servers and networks do wrong."""

import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Answer:
    """How one request is answered; by default as a good server would."""

    status: int | None = None  # instead of the file
    content: bytes | None = None  # instead of the file's
    ranges: bool = True  # knows range requests
    conditions: bool = True  # knows If-Range
    cut: int | None = None  # bytes of the body after which the connection is closed
    stall: int | None = None  # bytes of the body after which nothing comes any more
    silent: bool = False  # not even a first line comes
    length: str | None = None  # instead of the true Content-Length; empty: none
    content_range: str | None = None  # instead of the true one
    tag: str | None = None  # the entity tag
    location: str | None = None  # redirects there


@dataclass
class Request:
    """What a client asked, and how many bytes of a body it was sent."""

    path: str
    headers: dict[str, str]
    sent: int = field(default=0)


class BadServer:
    """Serves `content` at any path; the answers come in order, the last one again and again."""

    def __init__(self, content: bytes, *answers: Answer) -> None:
        self.content = content
        self.answers = list(answers) or [Answer()]
        self.requests: list[Request] = []
        self.ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = False  # so that closing waits for them
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, name: str = "file.pth") -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/{name}"

    @property
    def sent(self) -> list[int]:
        """The bytes of each answer's body that were sent."""
        return [request.sent for request in self.requests]

    def _next(self, request: Request) -> Answer:
        self.requests.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                request = Request(self.path, dict(self.headers))
                try:
                    server._answer(self, request, server._next(request))
                except (BrokenPipeError, ConnectionResetError):
                    pass  # the client had enough

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    def _answer(self, handler: BaseHTTPRequestHandler, request: Request, answer: Answer) -> None:
        if answer.silent:
            self.ended.wait(30)
            return
        content = self.content if answer.content is None else answer.content
        asked = re.fullmatch("bytes=([0-9]+)-", request.headers.get("Range", ""))
        condition = request.headers.get("If-Range")
        if not answer.ranges or (answer.conditions and condition and condition != answer.tag):
            asked = None
        start = int(asked[1]) if asked else 0
        status = answer.status or (206 if asked else 200)
        body = content[start:]
        if answer.location:
            status, body = 302, b""
        elif asked and start >= len(content):
            status, body = 416, b""
        elif answer.status:
            body = b"<html>sorry</html>"
        handler.send_response(status)
        if answer.location:
            handler.send_header("Location", answer.location)
        if answer.tag:
            handler.send_header("ETag", answer.tag)
        if status in (206, 416):
            true = f"{start}-{len(content) - 1}" if status == 206 else "*"
            span = answer.content_range or f"bytes {true}/{len(content)}"
            handler.send_header("Content-Range", span)
        if answer.length != "":
            handler.send_header("Content-Length", answer.length or str(len(body)))
        handler.end_headers()
        end = answer.stall if answer.stall is not None else answer.cut
        handler.wfile.write(body[:end])
        request.sent = len(body[:end])
        if answer.stall is not None:
            handler.wfile.flush()
            self.ended.wait(30)
