"""What people are told of: each kind can be switched off, but for decisions on what they asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """Why somebody is told something."""

    IMPORT = "import"
    APPLICATION = "application"  # to become a promoter: asked for, or decided
    OWN_EVENT = "own_event"  # an admin decided on an event of one's own
    EVENT = "event"  # something saved has changed
    FOR_YOU = "for_you"  # a new show near them, of somebody they follow or play a lot
    RECAP = "recap"  # their week or month is over
    CONNECTION = "connection"  # a service they connected has ended, or will end soon


#: The kinds that a person can switch off.
CAN_BE_MUTED: Final = (Kind.RECAP, Kind.FOR_YOU, Kind.EVENT, Kind.IMPORT)

_NAME_MAX: Final = 80


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one person.

    `link` is a page of the site with its query ("import", "event?id=7"), `key`
    what the message is about: a person is told of one key once, however often
    a job that tells them runs.
    """

    kind: Kind
    body: str
    link: str | None = None
    key: str | None = None


def short_name(text: str) -> str:
    """Return a name from outside as a message holds it: cut where it would be most of the message."""
    return text if len(text) <= _NAME_MAX else f"{text[: _NAME_MAX - 1].rstrip()}…"
