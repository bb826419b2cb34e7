"""A person's saved views: kept under a name, listed with where they lead, renamed, taken away.

What is kept can only lead to a listening page of this site, under a filter
that the filter bar could have made: that is looked at before a view is kept,
and again whenever it is listed, which is the way to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.plays import normalise
from rewrapped.domain.savedviews import VIEWS_MAX, Address, checked_name, read_address
from rewrapped.errors import Conflict, InvalidInput, NotFound
from rewrapped.history import filterquery
from rewrapped.storage import people
from rewrapped.storage import saved_views as rows
from rewrapped.storage.database import Connection
from rewrapped.storage.saved_views import StoredView

_NO_SUCH = "There is no such view of yours."


@dataclass(frozen=True, slots=True)
class SavedView:
    """A kept view: where it is, under which name, and since when (aware UTC).

    `address` is None where what is stored no longer is an address of this site.
    """

    id: int
    name: str
    address: Address | None
    created_at: datetime


def list_views(deps: Deps, visitor: Visitor) -> list[SavedView]:
    """Return the visitor's views by name; one whose address isn't one of ours any more has none.

    Raises:
        SignInNeeded, AccessDenied: nobody is signed in, or this is the sample data.
        StoreDown: the database doesn't answer.
    """
    user_id = visitor.writer()
    with deps.engine.connect() as conn:
        return [_view(stored) for stored in rows.list_views(conn, user_id)]


def save_view(deps: Deps, visitor: Visitor, name: str, page: str, query: str) -> int:
    """Keep a view under a name; return its id.

    Raises:
        SignInNeeded, AccessDenied: nobody is signed in, or this is the sample data.
        InvalidInput: it can't be called so, or this is no address of a listening page.
        Conflict: another view of theirs is called so, or they have as many as fit.
        StoreDown: the database doesn't answer; nothing was kept.
    """
    user_id = visitor.writer()
    called, address = checked_name(name), _checked(page, query)
    with deps.engine.begin() as conn:
        people.hold_person(conn, user_id)  # two tabs can't both take a name, or the last place
        if rows.count_views(conn, user_id) >= VIEWS_MAX:
            raise Conflict(f"You have {VIEWS_MAX} saved views, which is as many as fit. Delete one first.")
        _refuse_taken(conn, user_id, called)
        values = {"name": called, "page": address.page, "query": address.query, "created_at": deps.now()}
        return rows.add_view(conn, user_id, normalise(called), **values)


def rename_view(deps: Deps, visitor: Visitor, view_id: int, name: str) -> str:
    """Give one of the visitor's views another name; return it as it is kept.

    Raises:
        SignInNeeded, AccessDenied: nobody is signed in, or this is the sample data.
        InvalidInput: it can't be called so.
        NotFound: they have no such view.
        Conflict: another view of theirs is called so.
    """
    user_id, called = visitor.writer(), checked_name(name)
    with deps.engine.begin() as conn:
        people.hold_person(conn, user_id)
        _refuse_taken(conn, user_id, called, but=view_id)
        if not rows.rename_view(conn, user_id, view_id, called, normalise(called)):
            raise NotFound(_NO_SUCH)
    return called


def delete_view(deps: Deps, visitor: Visitor, view_id: int) -> None:
    """Take one of the visitor's views away.

    Raises:
        SignInNeeded, AccessDenied: nobody is signed in, or this is the sample data.
        NotFound: they have no such view.
    """
    user_id = visitor.writer()
    with deps.engine.begin() as conn:
        if not rows.remove_view(conn, user_id, view_id):
            raise NotFound(_NO_SUCH)


def _refuse_taken(conn: Connection, user_id: int, name: str, but: int | None = None) -> None:
    if rows.find_named(conn, user_id, normalise(name)) not in (None, but):
        raise Conflict(f"You have a view called {name} already. Choose another name.")


def _view(stored: StoredView) -> SavedView:
    try:
        address = _checked(stored.page, stored.query)
    except InvalidInput:
        address = None
    return SavedView(stored.id, stored.name, address, stored.created_at)


def _checked(page: str, query: str) -> Address:
    """Return an address that the filter bar could have made, the filter in its own words."""
    address = read_address(page, query)
    asked = {key: value for key, value in address.parameters().items() if key in filterquery.KEYS}
    if filterquery.write(filterquery.read(asked, "all")) != asked:
        raise InvalidInput("This address asks for a filter that isn't known, so it can't be kept or opened.")
    return address
