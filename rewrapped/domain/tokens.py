"""Access tokens: what a program may do with one, and the rules of making one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.events import clean_text
from rewrapped.errors import InvalidInput

MOST_TOKENS: Final = 20  # of one person
NAME_MAX: Final = 60
LONGEST_DAYS: Final = 366

#: By this a token is known wherever it lies about: in a log, a repository, a mail.
PREFIX: Final = "rewrapped_"
_TOKEN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}", re.ASCII)


class Scope(StrEnum):
    """One part of a person's account that a program may be let into."""

    LISTENING = "listening"
    IMPORTS = "imports"
    SUBMIT = "submit"
    EVENTS = "events"
    PREFERENCES = "preferences"
    NOTIFICATIONS = "notifications"
    PROMOTER = "promoter"


#: What each scope lets a program do, in words for whoever makes a token.
SAYS: Final[Mapping[Scope, str]] = MappingProxyType(
    {
        Scope.LISTENING: "read your listening, all of it",
        Scope.IMPORTS: "bring in files and connect services, follow both and take them away",
        Scope.SUBMIT: "add plays to your history, as scrobblers do",
        Scope.EVENTS: "see shows as you see them, save them and tag them",
        Scope.PREFERENCES: "read and change your preferences, but not agree to sharing for you",
        Scope.NOTIFICATIONS: "read your notifications and mark them as read",
        Scope.PROMOTER: "list and change your events, and read their figures",
    }
)

#: What it takes to give a scope, beside holding tokens at all.
_TAKES: Final[Mapping[Scope, Permission]] = MappingProxyType(
    {
        Scope.IMPORTS: Permission.IMPORT,
        Scope.SUBMIT: Permission.IMPORT,
        Scope.EVENTS: Permission.KEEP_EVENTS,
        Scope.PREFERENCES: Permission.KEEP_EVENTS,
        Scope.PROMOTER: Permission.PROMOTE,
    }
)


def scopes_of(visitor: Visitor) -> tuple[Scope, ...]:
    """Return what the visitor can let a program do."""
    return tuple(scope for scope in Scope if scope not in _TAKES or visitor.may(_TAKES[scope]))


def clean_name(text: str) -> str:
    """Return what a token is called.

    Raises:
        InvalidInput: it has no name, or a long one.
    """
    name = clean_text(text, NAME_MAX + 1)
    if not name or len(name) > NAME_MAX:
        raise InvalidInput(f"Give the token a name of 1 to {NAME_MAX} characters, such as what will use it.")
    return name


def is_token(text: str) -> bool:
    """Return whether a text has a token's form."""
    return _TOKEN.fullmatch(text) is not None
