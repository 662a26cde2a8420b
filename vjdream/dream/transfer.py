"""One file on a server, and the part of it that is here already.

HTTP as in RFC 9110: a range request asks for the bytes that are missing, and ``If-Range`` with the
mark that the server gave the file before makes a file that has changed since come whole.
"""

import http.client
import re
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from vjdream import __version__
from vjdream.errors import WeightsError
from vjdream.weights import Progress

MAXIMUM = 2 * 1024**3
CHUNK = 1 << 18
LATER = {408, 425, 429, 500, 502, 503, 504}
"""Answers that may be better a moment later."""
ELSEWHERE = "another place can be given with --from FILE or --from URL"


class BrokenError(Exception):
    """A try that failed and may be repeated; if it is hopeless, only where one succeeded before."""

    def __init__(self, what: str, hopeless: bool = False) -> None:
        super().__init__(what)
        self.hopeless = hopeless


class Part:
    """What is here of a file, under a name that nothing loads, and the mark of its version."""

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(target.name + ".part")
        self._version = target.with_name(target.name + ".part.version")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def version(self) -> str:
        """The server's mark of the file that this is a part of; empty when it gave none."""
        if not self._version.exists():
            return ""
        mark = self._version.read_text(encoding="utf-8", errors="replace")
        return mark if mark.isascii() and mark.isprintable() else ""  # it goes into a header

    @version.setter
    def version(self, mark: str) -> None:
        self._version.write_text(mark, encoding="utf-8")

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)
        self._version.unlink(missing_ok=True)


class Transfer:
    """Asks a server for the rest of a part, once for each attempt."""

    def __init__(self, url: str, part: Part, progress: Progress, timeout: float) -> None:
        self.url = url
        self.part = part
        self.answered = False
        self._progress = progress
        self._timeout = timeout
        self._ranges = True  # until the server proves that it cannot send the rest of a file
        self._opener = urllib.request.OpenerDirector()
        for handler in (  # all but FTP, files and data, whereto a server must not redirect
            urllib.request.ProxyHandler(),
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(),
            urllib.request.HTTPRedirectHandler(),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            urllib.request.UnknownHandler(),
        ):
            self._opener.add_handler(handler)

    def attempt(self) -> None:
        """Ask for what is missing; return when all is there.

        Raises:
            BrokenError: when another attempt may help.
            WeightsError: when none would.
        """
        start = self.part.size if self._ranges else 0
        try:
            response = self._open(start)
        except urllib.error.HTTPError as refusal:
            with refusal:
                self._check_refusal(refusal, start)
            return
        with response:
            self.answered = True
            rest = response.status == HTTPStatus.PARTIAL_CONTENT
            total = self._checked_range(response, start) if rest else _length(response)
            if total is not None and total > MAXIMUM:
                raise WeightsError(f"{self.url} has {total} bytes (allowed: {MAXIMUM})")
            if not rest:  # also the answer to a range of a file that has changed
                self.part.version = _version(response)
            with self.part.path.open("ab" if rest else "wb") as file:
                self._receive(response, file, total)
        if total is not None and self.part.size < total:
            raise BrokenError(f"ended after {self.part.size} of {total} bytes")

    def _open(self, start: int) -> http.client.HTTPResponse:
        headers = {"User-Agent": f"vjdream/{__version__}"}
        if start:
            headers["Range"] = f"bytes={start}-"
            if self.part.version:
                headers["If-Range"] = self.part.version
        try:
            request = urllib.request.Request(self.url, headers=headers)  # noqa: S310 http(s) only
            response: http.client.HTTPResponse = self._opener.open(request, timeout=self._timeout)
            return response
        except urllib.error.HTTPError:
            raise
        except urllib.error.URLError as error:
            if isinstance(error.reason, OSError):
                raise BrokenError(_unreachable(error.reason), hopeless=True) from error
            raise WeightsError(f"{self.url} cannot be fetched: {error.reason}") from error
        except (ValueError, http.client.InvalidURL) as error:
            raise WeightsError(f"'{self.url}' is no address: {error}") from error
        except (OSError, http.client.HTTPException) as error:
            raise BrokenError(_unreachable(error)) from error

    def _check_refusal(self, refusal: urllib.error.HTTPError, start: int) -> None:
        """Judge an answer without a file; return when it says that all was here already."""
        if refusal.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and start:
            if refusal.headers.get("Content-Range", "") == f"bytes */{start}":
                return
            self.part.discard()
            raise BrokenError("has another length than the part that was here")
        # Not the server's own words: they would go to a terminal.
        answer = f"answered {refusal.code} {http.client.responses.get(refusal.code, '')}".rstrip()
        if refusal.code in LATER:
            raise BrokenError(answer)
        raise WeightsError(f"{self.url} {answer} - {ELSEWHERE}")

    def _checked_range(self, response: http.client.HTTPResponse, start: int) -> int:
        """Return the whole file's length, after checking that the rest continues our part."""
        given = response.headers.get("Content-Range", "")
        matched = re.fullmatch(r"bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18})", given)
        ours, theirs = self.part.version, _version(response)
        changed = bool(ours and theirs and ours != theirs)
        if matched is None or int(matched[1]) != start or changed:
            self.part.discard()
            self._ranges = False
            raise BrokenError(f"sent other bytes than those from {start} on")
        return int(matched[2])

    def _receive(
        self, response: http.client.HTTPResponse, file: BinaryIO, total: int | None
    ) -> None:
        limit = MAXIMUM if total is None else total
        self._progress(file.tell(), total)
        while True:
            try:
                chunk = response.read1(CHUNK)  # what comes before a stall is kept
            except (OSError, http.client.HTTPException) as error:
                stalled = isinstance(error, TimeoutError)
                raise BrokenError("stalled" if stalled else "broke off") from error
            if not chunk:
                return
            if file.tell() + len(chunk) > limit:
                file.truncate(0)
                raise WeightsError(f"{self.url} sends more than {limit} bytes - {ELSEWHERE}")
            file.write(chunk)
            self._progress(file.tell(), total)


def _length(response: http.client.HTTPResponse) -> int | None:
    length = response.headers.get("Content-Length", "")
    return int(length) if re.fullmatch("[0-9]{1,18}", length) else None


def _version(response: http.client.HTTPResponse) -> str:
    """What tells one version of a file from another: its strong entity tag, or its date."""
    tag: str = response.headers.get("ETag", "")
    return tag if tag.startswith('"') else str(response.headers.get("Last-Modified", ""))


def _unreachable(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "does not answer"
    if isinstance(error, http.client.HTTPException):
        return "gives no proper answer"
    return f"cannot be reached: {getattr(error, 'strerror', None) or error}"
