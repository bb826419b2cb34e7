"""Saved views: a listening page under a filter, kept by a person under a name of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from rewrapped.domain.events import clean_text
from rewrapped.domain.sitemap import listening_page
from rewrapped.errors import InvalidInput

NAME_MAX: Final = 60  # characters
VIEWS_MAX: Final = 100  # of one person
_QUERY_MAX: Final = 2_000
_PARAMETERS_MAX: Final = 40
_VALUE_MAX: Final = 1_100
_CHOICE = re.compile("[a-z][a-z_]{0,19}", re.ASCII)
_STREAMLITS: Final = ("embed", "embed_options")
_STRANGE: Final = "This isn't the address of a view of this site, so it can't be kept or opened."


@dataclass(frozen=True, slots=True)
class Address:
    """Where a view is: the path of a listening page, and its query, filter and the page's own choices alike."""

    page: str
    query: str

    def parameters(self) -> dict[str, str]:
        """Return the query's parameters."""
        return dict(parse_qsl(self.query))

    def __str__(self) -> str:
        return f"{self.page}?{self.query}"


def address(page: str, parameters: Mapping[str, str]) -> Address:
    """Return the address of a page with some parameters.

    Raises:
        InvalidInput: there is no such listening page, or it can't be asked so.
    """
    if listening_page(page) is None or len(parameters) > _PARAMETERS_MAX:
        raise InvalidInput(_STRANGE)
    for key, value in parameters.items():
        if not _CHOICE.fullmatch(key) or key in _STREAMLITS or not value.isprintable() or len(value) > _VALUE_MAX:
            raise InvalidInput(_STRANGE)
    query = urlencode({key: value for key, value in parameters.items() if value})
    if len(query) > _QUERY_MAX:
        raise InvalidInput("This view has too many filters to be kept. Take some of them off.")
    return Address(page, query)


def read_address(page: str, query: str) -> Address:
    """Return an address as somebody sent it, or as it was stored.

    Raises:
        InvalidInput: it is none of a listening page; what the filters make of it isn't looked at here.
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=_PARAMETERS_MAX)
    except ValueError as error:
        raise InvalidInput(_STRANGE) from error
    if len(dict(pairs)) < len(pairs) or len(query) > _QUERY_MAX or not query.isascii():
        raise InvalidInput(_STRANGE)
    return address(page, dict(pairs))


def checked_name(text: str) -> str:
    """Return what a view can be called: one line, no control characters.

    Raises:
        InvalidInput: nothing is left of it, or it is too long.
    """
    name = clean_text(text, 4 * NAME_MAX)
    if not 1 <= len(name) <= NAME_MAX:
        raise InvalidInput(f"A view has a name of up to {NAME_MAX} characters.")
    return name
