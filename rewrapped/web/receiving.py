"""A multipart upload, written to disk as it arrives; nothing is held in memory."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from rewrapped import running
from rewrapped.domain.importing import size_words
from rewrapped.errors import AccessDenied, InvalidInput, TooLarge
from rewrapped.services import browsers
from rewrapped.services.imports import UploadedFile

_MAX_FILES = 500
_FORM_BYTES = 64 * 1024  # of a form around its file
_MAX_FIELDS = 20
_MAX_PARTS = 600  # files, fields, and those that are neither
_MAX_FIELD_BYTES = 1_000
_BROKEN = "The upload arrived damaged. Please try again."


@dataclass(slots=True)
class Receiver:
    """Takes the body of one request, piece by piece, into `folder`.

    `fields` are the plain parts, `files` what was written; a file is stored
    under a number, its own name is only remembered. `wanted` says what is asked for.
    """

    folder: Path
    limit_bytes: int
    content_type: str
    wanted: str = "the ZIP as Spotify sent it, or its JSON files"
    fields: dict[str, str] = field(default_factory=dict)
    files: list[UploadedFile] = field(default_factory=list)
    _received: int = 0
    _parts: int = 0
    _parser: MultipartParser = field(init=False)
    _headers: dict[bytes, bytes] = field(default_factory=dict)
    _header_name: bytes = b""
    _header_value: bytes = b""
    _name: str = ""
    _filename: str | None = None
    _value: bytearray = field(default_factory=bytearray)
    _file: BinaryIO | None = None
    _ended: bool = False

    def __post_init__(self) -> None:
        kind, options = parse_options_header(self.content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise InvalidInput("Send the files as a form upload (multipart/form-data).")
        try:
            self._parser = MultipartParser(
                options[b"boundary"],
                {
                    "on_part_begin": self._begin_part,
                    "on_header_field": self._on_header_name,
                    "on_header_value": self._on_header_value,
                    "on_header_end": self._end_header,
                    "on_headers_finished": self._end_headers,
                    "on_part_data": self._on_data,
                    "on_part_end": self._end_part,
                    "on_end": self._end,
                },
            )
        except FormParserError as error:
            raise InvalidInput(_BROKEN) from error

    def feed(self, piece: bytes) -> None:
        """Take the next bytes of the body.

        Raises:
            TooLarge: it holds more than the limit.
            InvalidInput: it isn't a form upload, or has too many parts.
            OSError: the disk can't take it.
        """
        self._received += len(piece)
        if self._received > self.limit_bytes:
            raise too_large(self.limit_bytes)
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise InvalidInput(_BROKEN) from error

    def finish(self) -> None:
        """Close what is open.

        Raises:
            InvalidInput: the body broke off, or held no file.
        """
        self.close()
        if not self._ended:
            raise InvalidInput(_BROKEN)
        if not self.files:
            raise InvalidInput(f"Choose a file to upload: {self.wanted}.")

    def close(self) -> None:
        """Let go of an open file; safe to call at any time."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin_part(self) -> None:
        self._parts += 1
        if self._parts > _MAX_PARTS:
            raise InvalidInput("The upload has too many parts.")
        self._headers, self._name, self._filename = {}, "", None
        self._value.clear()

    def _on_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._header_name.lower()] = self._header_value
        self._header_name = self._header_value = b""

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            if len(self.fields) >= _MAX_FIELDS:
                raise InvalidInput("The upload has too many fields.")
            return
        if len(self.files) >= _MAX_FILES:
            raise InvalidInput(
                f"At most {_MAX_FILES} files can be uploaded at once. The ZIP as Spotify sent it is one."
            )
        self._filename = options[b"filename"].decode("utf-8", "replace")
        self._file = _create(self.folder / str(len(self.files)))

    def _on_data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(memoryview(data)[start:end])
        elif len(self._value) + end - start > _MAX_FIELD_BYTES:
            raise InvalidInput("A field of the upload is too long.")
        else:
            self._value += data[start:end]

    def _end_part(self) -> None:
        if self._file is None:
            self.fields[self._name] = self._value.decode("utf-8", "replace")
            return
        size = self._file.tell()
        self.close()
        shown = _shown(self._filename or "")
        if size or shown:  # a form without a chosen file sends an empty, nameless part
            self.files.append(UploadedFile(shown or "file", str(len(self.files)), size))

    def _end(self) -> None:
        self._ended = True


def too_large(limit_bytes: int) -> TooLarge:
    """Return the refusal of an upload of more than the limit."""
    return TooLarge(f"At most {size_words(limit_bytes)} can be uploaded at once.")


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", buffering=1 << 20)


def _shown(name: str) -> str:
    """Return the last part of a path as a browser may send it, short and printable."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:200]


async def receive_form(request: Request, folder: Path, most_bytes: int, wanted: str) -> Receiver:
    """Return a form of ours with one file, written to `folder`; nothing beyond `most_bytes` of it is read.

    Raises:
        AccessDenied: the form isn't ours.
        TooLarge, InvalidInput: the file can't be used.
    """
    receiver = Receiver(folder, most_bytes + _FORM_BYTES, request.headers.get("content-type", ""), wanted)
    try:
        async for chunk in request.stream():
            await asyncio.to_thread(receiver.feed, chunk)
        receiver.finish()
    except ClientDisconnect as error:
        raise InvalidInput("The upload was stopped.") from error
    except TooLarge as error:
        raise TooLarge(f"That is too large: send {wanted} of up to {size_words(most_bytes)}.") from error
    finally:
        receiver.close()
    site = running.deps().site
    visit = request.cookies.get(browsers.cookies(site).visit, "")
    if not browsers.is_csrf_token(site, visit, receiver.fields.get("csrf", "")):
        raise AccessDenied("This form didn't come from one of our pages. Reload the page and try again.")
    return receiver
