"""Account data (`StreamingHistory_music_N`, `_podcast_N`, `_audiobook_N`, older `StreamingHistoryN`): rows -> columns.

A row has a minute in UTC, names and a length; no address, no album, no flags.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np

from rewrapped.domain.plays import Kind
from rewrapped.importers import clock
from rewrapped.importers.json_rows import Record, Shape
from rewrapped.importers.names import Described, IdentityCodes, Names, first
from rewrapped.importers.rows import Rows
from rewrapped.importers.sieve import Candidates, Sieve, Whole, blank, text, whole


class AccountRow(msgspec.Struct, gc=False):
    """One row. The order is used: what follows the length is the key."""

    endTime: str  # noqa: N815  # as the files spell it
    msPlayed: Whole  # noqa: N815  # as the files spell it
    artistName: str | None = None  # noqa: N815  # as the files spell it
    trackName: str | None = None  # noqa: N815  # as the files spell it
    podcastName: str | None = None  # noqa: N815  # as the files spell it
    episodeName: str | None = None  # noqa: N815  # as the files spell it
    audiobookName: str | None = None  # noqa: N815  # as the files spell it
    chapterName: str | None = None  # noqa: N815  # as the files spell it
    chapter: str | None = None


_FIELDS = AccountRow.__struct_fields__


def _loosen(record: Record) -> AccountRow:
    values = {name: text(record.get(name)) for name in _FIELDS[2:]}
    return AccountRow(text(record.get("endTime")) or "", whole(record.get("msPlayed")), **values)


SHAPE: Final = Shape(AccountRow, _loosen)


def describe(*key: str | None) -> Described:
    """Return what a row played; account data has names only."""
    artist, title, show, episode, book, chapter_name, chapter = key
    if first(book, chapter_name, chapter):
        return (int(Kind.CHAPTER), None, first(chapter_name, chapter, book), book, book)
    if first(show, episode):
        return (int(Kind.EPISODE), None, first(episode, show), show, None)
    return (int(Kind.TRACK), None, title, artist, None)


class AccountColumns:
    """Turns batches of rows into columns; one for all files of an upload."""

    shape = SHAPE

    def __init__(self, names: Names) -> None:
        self.identities = IdentityCodes(names, describe)

    def fill(self, rows: list[AccountRow], sieve: Sieve) -> Rows:
        """Return the kept rows; the sieve counts the others."""
        reported = clock.read_stamps([row.endTime for row in rows], clock.ACCOUNT)
        ms = np.fromiter([row.msPlayed for row in rows], np.int64, len(rows))
        keys = [msgspec.structs.astuple(row)[2:] for row in rows]
        kept, codes = sieve.sift(Candidates(reported, ms, np.zeros(len(rows), np.bool_), keys))
        data = blank(len(codes))
        data["reported_at"] = data["ended_at"] = reported[kept]
        data["ms_played"], data["identity"] = ms[kept], codes
        return data
