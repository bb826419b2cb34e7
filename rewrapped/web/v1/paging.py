"""Pages of long lists: a cursor says where the next one begins, and can't be made up.

A cursor holds whole numbers under a keyed digest of them, of the list they
are of, and of whose list it is. What is in it is nobody's business but ours.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, Field

from rewrapped.deps import Site
from rewrapped.domain.access import Visitor
from rewrapped.errors import InvalidInput

Item = TypeVar("Item")

_PLAIN = re.compile(r"(-?[0-9]{1,18}(?:,-?[0-9]{1,18}){0,3})\.([0-9a-f]{32})", re.ASCII)
_LONGEST = 300

Cursor = Annotated[
    str | None, Field(max_length=_LONGEST, description="`next_cursor` of the page before; nothing for the first page.")
]


class Page(BaseModel, Generic[Item]):
    """Some of a list. `next_cursor` is for the page after it, null on the last; `zone` is the person's."""

    items: list[Item]
    next_cursor: str | None
    zone: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """One list of one visitor, whose cursors hold for no other."""

    site: Site
    visitor: Visitor
    name: str

    def cursor(self, *numbers: int) -> str:
        """Return a cursor that holds up to four numbers."""
        plain = ",".join(map(str, numbers))
        return base64.urlsafe_b64encode(f"{plain}.{self._proof(plain)}".encode()).decode().rstrip("=")

    def numbers(self, cursor: str | None) -> tuple[int, ...]:
        """Return what a cursor holds, nothing for the first page.

        Raises:
            InvalidInput: it isn't one of this list.
        """
        if cursor is None:
            return ()
        found = _PLAIN.fullmatch(_decoded(cursor))
        if found is None or not hmac.compare_digest(self._proof(found[1]), found[2]):
            raise InvalidInput("This cursor isn't one of this list. Begin at the first page again.")
        return tuple(map(int, found[1].split(",")))

    def _proof(self, plain: str) -> str:
        said = f"cursor\0{self.name}\0{self.visitor.listener_id}\0{plain}"
        return hmac.new(self.site.secret_key, said.encode(), "sha256").hexdigest()[:32]


def _decoded(cursor: str) -> str:
    padded = cursor[:_LONGEST] + "=" * (-len(cursor[:_LONGEST]) % 4)
    try:
        return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True).decode("ascii")
    except (UnicodeError, binascii.Error):
        return ""
