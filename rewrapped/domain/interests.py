"""What somebody says they like, beside whom and where they follow: families of genres, and tags."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rewrapped.domain import genres
from rewrapped.domain.events import clean_text
from rewrapped.errors import InvalidInput

TAG_MAX: Final = 40
MOST_TAGS: Final = 50  # of interests


def clean_tag(text: str) -> str:
    """Return a tag as it is stored: one line in lower case, without a leading "#".

    Raises:
        InvalidInput: nothing is left, or it is too long.
    """
    tag = clean_text(text, TAG_MAX + 1).lower().lstrip("#").strip()
    if not tag or len(tag) > TAG_MAX:
        raise InvalidInput(f"A tag has 1 to {TAG_MAX} characters.")
    return tag


def clean_families(keys: Iterable[str]) -> tuple[str, ...]:
    """Return keys of families of genres, each once, in the taxonomy's order.

    Raises:
        InvalidInput: one of them is no such key.
    """
    wanted, known = set(keys), [family.key for family in genres.families()]
    if not wanted <= set(known):
        raise InvalidInput("One of these genres isn't known here.")
    return tuple(key for key in known if key in wanted)
