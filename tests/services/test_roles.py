"""Every service that is handed a visitor, called as every kind of visitor: who gets past its door, and who doesn't.

What is written here is what is meant, apart from `domain.access`, so that a slip there shows.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib import import_module
from types import MappingProxyType
from typing import Any

import pytest

import rewrapped.services
from rewrapped.charts.rings import COLOURWAYS
from rewrapped.charts.sharecard import Card, Layout
from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.attention import Period
from rewrapped.domain.events import EventSource
from rewrapped.domain.following import Followed
from rewrapped.domain.notebooks import Notebook
from rewrapped.domain.notices import Kind
from rewrapped.domain.owngenres import Change
from rewrapped.domain.plays import Filter, Source
from rewrapped.domain.promoting import Targeting
from rewrapped.domain.shows import Search
from rewrapped.domain.tokens import Scope
from rewrapped.errors import AccessDenied, RewrappedError, SignInNeeded
from rewrapped.services.accounts import Caller
from rewrapped.services.applications import Form
from rewrapped.services.profiles import Profile
from rewrapped.services.whereabouts import Whereabouts
from tests import promoters

EVERYBODY = frozenset({"nobody", "sample", *(role for role in Role if role is not Role.ANONYMOUS)})
READERS = EVERYBODY - {"nobody"}  # whoever has a history before them
PEOPLE = READERS - {"sample"}
MEMBERS = PEOPLE - {Role.GUEST}
ANALYSING = READERS - {Role.GUEST}
PROMOTERS = frozenset({Role.PROMOTER, Role.ADMIN})
APPLICANTS = frozenset({Role.REGULAR, Role.ANALYST})
ADMINS = frozenset({Role.ADMIN})

WHO = MappingProxyType(
    {
        "accounts": {"change_password": PEOPLE, "check_password": PEOPLE, "delete": PEOPLE},
        "aggregates": {"rebuild": PEOPLE},
        "applications": {
            "apply": APPLICANTS,
            "latest": PEOPLE,
            **dict.fromkeys(("list_open", "approve", "refuse"), ADMINS),
        },
        "attention": {"overview": PROMOTERS},
        "cells": {"run": ANALYSING},
        "events": {
            **dict.fromkeys(("board", "count_later", "event", "upcoming"), EVERYBODY),
            **dict.fromkeys(("saved", "saved_on"), PEOPLE),
        },
        "eventsheets": {"load": ADMINS},
        "feeds": dict.fromkeys(("list_feeds", "list_own_events", "sweep_now"), ADMINS),
        "fresh_plays": {"fetch_now": PEOPLE},
        "fitting": {"taste": EVERYBODY},
        "genre_choices": {
            "own_genres": READERS,
            **dict.fromkeys(("change", "add_family", "remove_family", "reset", "load_file"), PEOPLE),
        },
        "imports": {
            **dict.fromkeys(("list_imports", "find_import", "preview_removal"), READERS),
            **dict.fromkeys(("begin", "refuse_second"), MEMBERS),
            **dict.fromkeys(("cancel", "dismiss", "remove"), PEOPLE),
        },
        "joining_people": {
            "join_with_password": frozenset({Role.GUEST}),
            **dict.fromkeys(("count_api_rows", "disconnect", "connection"), PEOPLE),
        },
        "ipynb": {"archive": ANALYSING},
        "keeping": {
            **dict.fromkeys(("tags", "finish_save", "list_follows"), EVERYBODY),
            **dict.fromkeys(("save", "unsave", "add_tag", "remove_tag"), PEOPLE),
            **dict.fromkeys(("follow_artist", "follow_venue", "unfollow"), PEOPLE),
        },
        "listening": {"history": READERS, "refresh": PEOPLE},
        "membership": {"list_people": ADMINS, "change_role": ADMINS},
        "notebooks": {
            "list_notebooks": ANALYSING,
            "find_notebook": MEMBERS,
            **dict.fromkeys(("add_notebook", "save_notebook", "rename_notebook"), MEMBERS),
            **dict.fromkeys(("duplicate_notebook", "delete_notebook"), MEMBERS),
        },
        "notices": {
            **dict.fromkeys(("take_messages", "count_unread"), EVERYBODY),
            **dict.fromkeys(("list_messages", "mark_read"), PEOPLE),
        },
        "operations": dict.fromkeys(("state", "services", "quotas", "genres", "work"), ADMINS),
        "peers": {"among": EVERYBODY},
        "oversight": dict.fromkeys(("list_twins", "reinstate", "take_away", "give_back", "untie", "tie_again"), ADMINS),
        "pictures": {"set_picture": PROMOTERS},
        "preferences": {
            **dict.fromkeys(("preferences", "set_genres", "add_tag", "remove_tag"), PEOPLE),
            **dict.fromkeys(("set_told", "set_shared", "set_compared", "count_rows"), PEOPLE),
        },
        "profiles": {
            "person": PEOPLE,
            "listener": READERS,
            "change_profile": PEOPLE,
            "belongings": PEOPLE,
            "kept_beside_listening": PEOPLE,
        },
        "promoting": dict.fromkeys(
            ("list_events", "find_event", "create", "edit", "cancel", "draft", "duplicate"), PROMOTERS
        ),
        "cardpictures": {"drawn": READERS, "sketched": READERS},
        "scrobbles": {
            **dict.fromkeys(("list_connections", "preview_disconnect"), READERS),
            "connect": MEMBERS,
            **dict.fromkeys(("sync_now", "disconnect"), PEOPLE),
        },
        "shares": dict.fromkeys(("create", "list_shares", "revoke"), PEOPLE),
        "savedviews": dict.fromkeys(("list_views", "save_view", "rename_view", "delete_view"), PEOPLE),
        "submitting": {"submit": MEMBERS},
        "spotify_sign_in": {
            "begin": EVERYBODY - {"sample"},
            **dict.fromkeys(("agree", "stored_token"), PEOPLE),
            **dict.fromkeys(("pending", "connect"), frozenset()),  # what isn't theirs, as nothing here is
        },
        "takeout": {"history_csv": PEOPLE},
        "targeting": {"fits": EVERYBODY, "is_matched": EVERYBODY},
        "tokens": {"create": MEMBERS, "list_tokens": MEMBERS, "revoke": PEOPLE},
        "wrapped_cards": {"facts_of": READERS},
        "whereabouts": {"whereabouts": EVERYBODY, "set_whereabouts": PEOPLE},
    }
)

#: What a parameter of this name is given; ids are of things that aren't there.
VALUES = MappingProxyType(
    {
        **dict.fromkeys(("application_id", "event_id", "import_id", "notebook_id", "token_id", "view_id"), 4711),
        **dict.fromkeys(("user_id", "up_to_id"), 4711),
        **dict.fromkeys(("text", "tag", "name", "city", "title", "reason", "ticket", "visit", "search"), "Xenia"),
        **dict.fromkeys(("old", "new", "password"), "horse lamp river 7"),
        **dict.fromkeys(("files", "cells", "bills", "names", "artist_ids", "listens"), ()),
        **dict.fromkeys(("history", "terms"), True),
        **dict.fromkeys(("email", "address", "where"), "203.0.113.9"),
        "after_id": 0,
        "caller": Caller("203.0.113.9"),
        "limit": 3,
        "aimed": Targeting(countries=frozenset({"DE"})),
        "chosen": Filter(),
        "data": b"<svg/>",
        "until_on": date(2027, 2, 1),
        "draft": promoters.draft(start_on=date(2027, 1, 1)),
        "form": Form("Harbour", "", "Two nights."),
        "here": Whereabouts(),
        "include_incognito": False,
        "markup": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        "subject": "family:own-none",
        "said": Change(is_hidden=True),
        "card": Card("x", "2026", "1", "hour", "Tops", (), (), "", "Wrapped"),
        "colours": COLOURWAYS[0],
        "layout": Layout.BOTH,
        "share_id": 4711,
        "sketch": str,
        "keep_token": None,
        "key": "0c5ae3b1-7d0e-4a41-8f6f-0b3f2b0a7a11",
        "kind": Followed.ARTIST,
        "is_compared": True,
        "is_shared": True,
        "is_told": False,
        "keys": ["jazz"],
        "lasts_days": 30,
        "notebook": Notebook("Mine", ()),
        "page": "tops",
        "period": Period.WEEK,
        "query": "range=all",
        "place_id": promoters.LISBON,
        "profile": Profile("Xenia", "UTC", "", "30s"),
        "radius_km": 50,
        "role": Role.PROMOTER,
        "scopes": [Scope.LISTENING],
        "source": EventSource.TICKETMASTER,
        "wanted": Search(),
        "zone": "UTC",
    }
)


def services() -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """Yield every public function of the services that takes a visitor: module, name, function."""
    for module in pkgutil.iter_modules(rewrapped.services.__path__):
        held = import_module(f"rewrapped.services.{module.name}")
        for name, function in inspect.getmembers(held, inspect.isfunction):
            is_ours = function.__module__ == held.__name__ and not name.startswith("_")
            parameters = inspect.signature(function).parameters
            if is_ours and {"deps", "visitor"} <= parameters.keys():
                yield module.name, name, function


FUNCTIONS = {f"{module}.{name}": function for module, name, function in services()}
MEANT = {f"{module}.{name}": who for module, names in WHO.items() for name, who in names.items()}


def arguments(function: Callable[..., Any], deps: Deps) -> dict[str, Any]:
    """Return what a service is called with beside the visitor."""
    found = {**VALUES, "period": timedelta(days=1)} if function.__module__.endswith("operations") else dict(VALUES)
    found |= {"deps": deps, "folder": deps.site.uploads / "nothing"}
    if function.__module__.endswith("preferences"):
        found |= {"kind": Kind.EVENT, "source": Source.EXTENDED}
    if function.__module__.endswith("scrobbles"):
        found |= {"source": Source.LISTENBRAINZ}
    asked = inspect.signature(function).parameters.values()
    return {one.name: found[one.name] for one in asked if one.name != "visitor" and one.default is one.empty}


def visitors(deps: Deps) -> dict[str, Visitor]:
    """Return somebody of each kind."""
    people = {str(role): promoters.person(deps, role) for role in Role if role is not Role.ANONYMOUS}
    listener = promoters.person(deps, is_demo=True).signed_in()
    return {"nobody": Visitor(), "sample": Visitor.demo(listener), **people}


def test_every_service_that_takes_a_visitor_is_in_the_table() -> None:
    assert FUNCTIONS.keys() == MEANT.keys()


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_service_lets_in_whom_it_is_meant_for_and_nobody_else(deps: Deps, name: str) -> None:
    let_in, told = set(), {}
    for kind, visitor in visitors(deps).items():
        try:
            FUNCTIONS[name](visitor=visitor, **arguments(FUNCTIONS[name], deps))
        except (SignInNeeded, AccessDenied) as error:
            told[kind] = type(error)
            continue
        except RewrappedError:
            pass  # past the door; what it was asked for isn't there
        let_in.add(kind)
    assert let_in == MEANT[name]
    assert told.pop("nobody", SignInNeeded) is SignInNeeded
    told.pop("sample", None)  # is told that it can't be changed, or to sign in
    assert set(told.values()) <= {AccessDenied}
