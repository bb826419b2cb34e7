"""One number per thing played and per label, over all files of an upload."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Final

from rewrapped.domain.plays import Kind
from rewrapped.errors import TooLarge
from rewrapped.importers.rows import Identity, Reason

MAX_NAME: Final = 1_000  # characters
MAX_LABEL: Final = 200  # characters
MAX_KEY: Final = 400  # characters of a row's names that are remembered as they were written
MAX_REMEMBERED: Final = 64 << 20  # bytes of such keys, about; a hundred thousand
_KEY_BYTES: Final = 256  # what a key takes beside its texts
MAX_LABELS: Final = 32_000  # a label's number is a smallint
MAX_IDENTITIES: Final = 1_000_000
MAX_CHARACTERS: Final = 200_000_000  # of all names of an upload

#: What `IdentityCodes` gives in place of a number.
NO_IDENTITY: Final = -1
BAD_TEXT: Final = -2
CODE_REASONS: Final = {NO_IDENTITY: Reason.NO_IDENTITY, BAD_TEXT: Reason.BAD_TEXT}

_URI_KINDS: Final = {
    Kind.TRACK: "track",
    Kind.EPISODE: "episode",
    Kind.CHAPTER: "chapter|episode|audiobook|show",  # a chapter has stood under each of these
}
_URIS: Final = {
    int(kind): re.compile(f"spotify:(?:{words}):[A-Za-z0-9]{{1,64}}", re.ASCII) for kind, words in _URI_KINDS.items()
}
_ADDRESS = r"spotify:({0}):([A-Za-z0-9]{{1,64}})|https?://open\.spotify\.com/(?:intl-[a-z-]{{2,8}}/)?({0})/([A-Za-z0-9]{{1,64}})(?:\?\S*)?"
_ADDRESSES: Final = {int(kind): re.compile(_ADDRESS.format(words), re.ASCII) for kind, words in _URI_KINDS.items()}

#: The raw strings of a row that say what it was, in an order of its format's own.
Key = tuple[str | None, ...]
#: kind, URI, title, artist and album as a file wrote them.
Described = tuple[int, str | None, str | None, str | None, str | None]
#: Picks these out of a key; `finish` cleans them.
Describe = Callable[..., Described]


def finish(described: Described) -> Described | Reason:
    """Return what an `Identity` is made of, names trimmed, or why it can't be one."""
    kind, uri, title, artist, album = described
    uri = _uri(kind, uri) if uri else None
    title, artist, album = title and title.strip(), artist and artist.strip(), album and album.strip()
    if not (uri or title):
        return Reason.NO_IDENTITY
    names = (title or "", artist or "", album or "")
    if max(map(len, names)) > MAX_NAME or not _storable("".join(names)):
        return Reason.BAD_TEXT
    return kind, uri, title or None, artist or None, album or None


def first(*fields: str | None) -> str | None:
    """Return the first of the fields that says something, trimmed; None when none does."""
    for field in fields:
        if field and (trimmed := field.strip()):
            return trimmed
    return None


def _storable(text: str) -> bool:
    """Tell whether a text has no NUL and no lone surrogates."""
    try:
        return "\0" not in text and (text.isascii() or bool(text.encode()))
    except UnicodeEncodeError:
        return False


def _uri(kind: int, raw: str) -> str | None:
    """Return `spotify:KIND:ID`, None for whatever isn't an address of this kind (local files, defects)."""
    if _URIS[kind].fullmatch(raw):
        return raw
    match = _ADDRESSES[kind].fullmatch(raw.strip())
    return f"spotify:{match[1] or match[3]}:{match[2] or match[4]}" if match else None


class Names:
    """The identities and labels of one upload; both only grow."""

    def __init__(self) -> None:
        self.identities: list[Identity] = []
        self.labels: list[str] = [""]
        self._identity_codes: dict[Described, int] = {}
        self._label_codes: dict[str, int] = {"": 0}
        self._shared: dict[str | None, str | None] = {}
        self._characters = 0

    def identity(self, described: Described) -> int:
        """Return the number of what `finish` gave.

        Raises:
            TooLarge: the upload names more things than any listener has heard.
        """
        code = self._identity_codes.get(described)
        return self._add(*described) if code is None else code

    def _add(self, kind: int, uri: str | None, title: str | None, artist: str | None, album: str | None) -> int:
        self._characters += len(uri or "") + len(title or "") + len(artist or "") + len(album or "")
        if len(self.identities) >= MAX_IDENTITIES or self._characters > MAX_CHARACTERS:
            raise TooLarge(f"This upload names more than {MAX_IDENTITIES:,} different things; that isn't a history.")
        shared = self._shared.setdefault  # an artist's name is held once, not once a track
        identity = Identity(kind, uri, title, shared(artist, artist), shared(album, album))
        code = self._identity_codes[identity] = len(self.identities)
        self.identities.append(identity)
        return code

    def label(self, label: str) -> int:
        """Return the number of a label; 0 once there are too many."""
        code = self._label_codes.get(label)
        if code is None:
            if len(self.labels) > MAX_LABELS:
                return 0
            code = self._label_codes[label] = len(self.labels)
            self.labels.append(label)
        return code


class IdentityCodes(dict[Key, int]):
    """Key of a row -> number of its identity, NO_IDENTITY or BAD_TEXT. A lookup adds what is new.

    It only saves the cleaning of names: it is emptied when it has grown too large.
    """

    def __init__(self, names: Names, describe: Describe) -> None:
        super().__init__()
        self._names = names
        self._describe = describe
        self._bytes = 0

    def __missing__(self, key: Key) -> int:
        described = finish(self._describe(*key))
        if isinstance(described, Reason):
            return NO_IDENTITY if described is Reason.NO_IDENTITY else BAD_TEXT
        code = self._names.identity(described)
        if described[1:] == key[:4] or _size(key) <= MAX_KEY:  # a padded key isn't worth its memory
            self._remember(key, code)
        return code

    def _remember(self, key: Key, code: int) -> None:
        self._bytes += _KEY_BYTES + sum(map(sys.getsizeof, filter(None, key)))
        if self._bytes > MAX_REMEMBERED:  # keys that differ in their spaces alone can be endless
            self.clear()
            self._bytes = 0
        self[key] = code

    def lacks_identity(self, key: Key) -> bool:
        """Tell whether a key has neither URI nor names, and add nothing."""
        return finish(self._describe(*key)) is Reason.NO_IDENTITY


def _size(key: Key) -> int:
    return sum(map(len, filter(None, key)))


class LabelCodes(dict[str | None, int]):
    """Label as written -> its number. A lookup adds what is new."""

    def __init__(self, names: Names, clean: Callable[[str], str]) -> None:
        super().__init__({None: 0})
        self._names = names
        self._clean = clean

    def __missing__(self, raw: str | None) -> int:
        written = raw or ""
        code = self._names.label(self._clean(written))
        if len(written) <= MAX_LABEL and len(self) <= MAX_LABELS:
            self[raw] = code
        return code


def clean_label(raw: str) -> str:
    """Return a label trimmed to what can be stored, "" where it can't."""
    label = raw.strip()[:MAX_LABEL].rstrip()
    return label if _storable(label) else ""


def clean_country(raw: str) -> str:
    """Return an ISO 3166 code in capitals, "" where the source doesn't say one."""
    code = raw.strip()
    return code.upper() if re.fullmatch("[A-Za-z]{2}", code) and code.upper() != "ZZ" else ""
