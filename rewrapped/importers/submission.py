"""Listens that a scrobbler sends, in the protocol of ListenBrainz: checked by its rules, then read as rows are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import msgspec

from rewrapped.errors import InvalidInput
from rewrapped.importers.listens import SHAPE, ListenColumns, ListenRow
from rewrapped.importers.names import MAX_NAME, Names
from rewrapped.importers.rows import FileReading, Format, Identity, Reason
from rewrapped.importers.sieve import Sieve

MAX_LISTENS: Final = 1_000  # of one request
MAX_LISTEN_BYTES: Final = 10_240
MAX_BYTES: Final = MAX_LISTENS * MAX_LISTEN_BYTES  # of one request
AHEAD: Final = timedelta(hours=1)  # clocks of devices run ahead
_EARLIEST_S: Final = 1_033_430_400  # 1 October 2002; nobody scrobbled before
_MOST_NAMED: Final = 2 * MAX_LISTENS  # a client may use the word among its own
_MOST_OBJECTS: Final = 64 * MAX_LISTENS
_TOO_MANY: Final = f"Too many listens: at most {MAX_LISTENS} can be sent at once."


class ListenType(StrEnum):
    """What a request brings: one listen, many from before, or what is playing, which is no listen yet."""

    SINGLE = "single"
    IMPORT = "import"
    PLAYING_NOW = "playing_now"


class _Object(msgspec.Struct, gc=False):
    """Any JSON object; reading a payload of something else ends at its first element."""


class _Outline(msgspec.Struct):
    payload: list[_Object]


class _Sent(msgspec.Struct):
    listen_type: ListenType
    payload: list[msgspec.Raw]


def read_submission(body: bytes, now: datetime) -> list[ListenRow]:
    """Return the listens of a request, none where it tells only what is playing.

    Raises:
        InvalidInput: it isn't of the protocol, or one of its listens can't be true; the text says what to change.
    """
    if body.count(b'"track_metadata"') > _MOST_NAMED or body.count(b"{") > _MOST_OBJECTS:
        raise InvalidInput(_TOO_MANY)  # before anything is made of each
    try:
        msgspec.json.decode(body, type=_Outline)
        sent = msgspec.json.decode(body, type=_Sent)
    except msgspec.ValidationError as error:
        words = ", ".join(ListenType)
        raise InvalidInput(f"Send listen_type ({words}) and payload, a list of listens.") from error
    except (ValueError, RecursionError) as error:
        raise InvalidInput("Cannot parse JSON document.") from error
    if len(sent.payload) > MAX_LISTENS:
        raise InvalidInput(_TOO_MANY)
    if sent.listen_type is not ListenType.IMPORT and len(sent.payload) != 1:
        raise InvalidInput(f"A payload of the type {sent.listen_type} holds exactly one listen.")
    latest_s = int((now + AHEAD).timestamp())
    is_past = sent.listen_type is not ListenType.PLAYING_NOW
    rows = [_listen(raw, latest_s if is_past else None) for raw in sent.payload]
    return rows if is_past else []


def _listen(raw: msgspec.Raw, latest_s: int | None) -> ListenRow:
    """Return one listen; `latest_s` is None for what is playing, which has no moment."""
    if memoryview(raw).nbytes > MAX_LISTEN_BYTES:
        raise InvalidInput(f"A listen is too large: at most {MAX_LISTEN_BYTES:,} bytes.")
    try:
        listen = msgspec.json.decode(raw)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("Cannot parse JSON document.") from error
    if not isinstance(listen, dict):
        raise InvalidInput("A listen has to be a JSON object.")
    if latest_s is not None:
        _check_moment(listen, latest_s)
    elif "listened_at" in listen:
        raise InvalidInput("What is playing now must not have the key listened_at.")
    _check_names(listen.get("track_metadata"))
    return SHAPE.loosen(listen)


def _check_moment(listen: dict[str, Any], latest_s: int) -> None:
    said = listen.get("listened_at")
    if isinstance(said, bool) or not isinstance(said, int | str) or (isinstance(said, str) and not _is_digits(said)):
        raise InvalidInput("A listen needs listened_at, a whole number of seconds since 1970 in UTC.")
    moment = int(said) if not isinstance(said, str) or len(said) <= 12 else latest_s + 1
    if not _EARLIEST_S <= moment <= latest_s:
        raise InvalidInput("The value of listened_at is too high or too low to be true.")


def _is_digits(said: str) -> bool:
    return said.isascii() and said.isdigit()


def _check_names(metadata: object) -> None:
    if not isinstance(metadata, dict):
        raise InvalidInput("A listen needs track_metadata, a JSON object.")
    for key in ("artist_name", "track_name", "release_name"):
        name = metadata.get(key)
        if name is None and key == "release_name":
            continue
        if not isinstance(name, str) or not (name.strip() or key == "release_name"):
            raise InvalidInput(f"track_metadata.{key} has to be a text that isn't empty.")
        if "\0" in name or len(name) > MAX_NAME:
            raise InvalidInput(f"track_metadata.{key} has a null character or more than {MAX_NAME:,} characters.")


class Submission:
    """Listens as `UploadReader` would give them: one reading, whose rows share `identities` and `labels`."""

    total_bytes = 0
    bytes_done = 0

    def __init__(self, listens: Sequence[ListenRow], now: datetime) -> None:
        self._listens = listens
        self._now = now
        self._names = Names()

    @property
    def identities(self) -> list[Identity]:
        """Return what was played, by number."""
        return self._names.identities

    @property
    def labels(self) -> list[str]:
        """Return the labels, by number: the one that says nothing."""
        return self._names.labels

    def readings(self, watch: Callable[[], None] | None = None) -> Iterator[FileReading]:  # noqa: ARG002 - an upload's
        """Yield the one reading there is; `watch` is for uploads, which take longer."""
        columns = ListenColumns(self._names)
        sieve = Sieve(columns.identities, self._now)
        data = columns.fill(self._listens, sieve)
        dropped = {reason: sieve.dropped[reason] for reason in Reason if sieve.dropped[reason]}
        format_ = Format.LISTENBRAINZ
        yield FileReading("listens", format_, format_.source, len(self._listens), dropped, 0, False, data)
