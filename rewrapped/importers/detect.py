"""Which files are listening history: by base name, then by what their rows look like.

In a ZIP the name alone decides what is opened: the rest of an export is private
and stays closed. Files given directly were chosen by their owner, so a renamed
one is recognised by its rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rewrapped.importers.rows import Format

_JSON_NAME: Final = re.compile(r"^(?P<stem>.*?)(?:\.json)(?:\.json|\.txt)*(?:[ _-]?\(?\d{0,3}\)?)?$")
_LONGEST_NAME: Final = 255  # no file system has longer ones, and matching takes the square of the length
#: Tried in this order on the stem without spaces and marks.
_STEMS: Final = (
    (re.compile(r"streaminghistory(?:audio|video)(?!book)"), Format.EXTENDED),
    (re.compile(r"(?:^|copyof)end(?:song|video)"), Format.ENDSONG),
    (re.compile(r"streaminghistorypodcast"), Format.ACCOUNT_PODCAST),
    (re.compile(r"streaminghistoryaudiobook"), Format.ACCOUNT_AUDIOBOOK),
    (re.compile(r"streaminghistory"), Format.ACCOUNT_MUSIC),
)
#: Files of other services, by the whole path: an export of ListenBrainz has a file for each month.
_PATHS: Final = (
    (re.compile(r"(?:^|/)listens(?:/\d{4}/\d{1,2})?\.jsonl$", re.ASCII), Format.LISTENBRAINZ),
    (re.compile(r"(?:^|/)[^/]*(?:recenttracks|scrobbles|last\.?fm)[^/]*\.(?:csv|tsv)$", re.ASCII), Format.LASTFM),
)
_SHAPES: Final = (
    (re.compile(rb'"track_metadata"\s*:\s*\{'), Format.LISTENBRAINZ),
    (re.compile(rb'"ms_played"\s*:'), Format.EXTENDED),
    (re.compile(rb'"(?:podcastName|episodeName)"\s*:'), Format.ACCOUNT_PODCAST),
    (re.compile(rb'"audiobookName"\s*:'), Format.ACCOUNT_AUDIOBOOK),
    (re.compile(rb'"msPlayed"\s*:'), Format.ACCOUNT_MUSIC),
)
_MAGIC: Final = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip or tar archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_WHAT_TO_DO: Final = (
    "Upload the ZIP as Spotify sent it, or its files named Streaming_History_Audio_….json or StreamingHistory….json;"
    " or the ZIP of ListenBrainz, or a table of your Last.fm scrobbles (CSV)."
)


def format_by_name(path: str) -> Format | None:
    """Return the format a path's base name stands for, None for every other file."""
    whole = path.replace("\\", "/").casefold()
    folders, _, base = whole.rpartition("/")
    if base.endswith((".jsonl", ".csv", ".tsv")):
        return _format_by_path(whole) if len(base) <= _LONGEST_NAME and "__macosx" not in folders else None
    match = _JSON_NAME.match(base) if len(base) <= _LONGEST_NAME else None
    if not match or base.startswith("._") or "__macosx" in folders:
        return None
    stem = re.sub(r"[^a-z0-9]", "", match["stem"])
    return next((format_ for pattern, format_ in _STEMS if pattern.search(stem)), None)


def _format_by_path(whole: str) -> Format | None:
    if whole.rpartition("/")[2].startswith("._"):
        return None
    return next((format_ for pattern, format_ in _PATHS if pattern.search(whole)), None)


def format_by_shape(head: bytes, named: Format | None) -> Format | None:
    """Return the format of a file that begins with `head`; the name's where the rows don't contradict it."""
    shaped = next((format_ for pattern, format_ in _SHAPES if pattern.search(head)), None)
    if shaped is None or (named and named.source is shaped.source and shaped is not Format.ACCOUNT_PODCAST):
        return named
    return shaped


def kind_of_file(head: bytes) -> str:
    """Return "zip", "json" for what may be JSON, or words for what it is instead."""
    known = next((word for magic, word in _MAGIC if head.startswith(magic)), None)
    if known:
        return known
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:15].lower()
    return "a web page" if start.startswith((b"<!doctype html", b"<html")) else "json"


def explain_nothing_found(uploads: Iterable[str], entries: Iterable[str], problems: Iterable[str]) -> str:
    """Return a sentence on an upload without any listening history: what it is, and what to do.

    `uploads` are the names of its files, `entries` the paths of everything in those that are ZIPs,
    `problems` what could not be read, as sentences.
    """
    inside = "\n".join(entries).casefold()
    everything = "\n".join([*uploads, inside]).casefold()
    told = " ".join(problems)
    if "technical log" in everything:
        found = "This is Spotify's Technical log package, which holds no listening history."
    elif "takeout" in everything:
        found = "This is a Google Takeout, not a Spotify export."
    elif re.search(r"(userdata|yourlibrary|playlist\d*|searchqueries|identity)\.json", everything) and not told:
        found = "This is Spotify's Account data, but its listening history is missing."
    elif re.search(r"\.zip$", inside, re.MULTILINE) and not told:
        found = "There is another ZIP inside this one, and no listening history beside it."
    elif not inside and not told:
        found = "This ZIP is empty."
    else:
        found = told or "There is no listening history in this upload."
    return f"{found} {_WHAT_TO_DO}"
