"""Every operation of the interface, asked with the session of every kind of person: who gets an answer, who doesn't.

What is written here is what is meant, apart from `domain.access`, so that a slip there shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import MappingProxyType

import pytest
from starlette.testclient import TestClient

from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.services import browsers, pace, sessions
from rewrapped.storage import people
from rewrapped.storage.people import NewPerson
from rewrapped.web.v1.site import interface
from tests import promoters
from tests.services.test_roles import ADMINS, EVERYBODY, MEMBERS, PEOPLE, PROMOTERS, READERS
from tests.web.conftest import NewBrowser
from tests.web.v1.conftest import BASE

DESCRIBED = [(method.upper(), path) for path, methods in interface().openapi()["paths"].items() for method in methods]

#: By how a path begins, the longest first: who may read there, and who may change something.
WHO = MappingProxyType(
    {
        "/admin": (ADMINS, ADMINS),
        "PUT /connections": (MEMBERS, MEMBERS),
        "/connections": (READERS, PEOPLE),
        "/events/saved": (PEOPLE, PEOPLE),
        "/events": (EVERYBODY, PEOPLE),
        "/imports/": (READERS, PEOPLE),
        "/imports": (READERS, MEMBERS),
        "/listening": (READERS, PEOPLE),
        "/me": (PEOPLE, PEOPLE),
        "/notifications": (PEOPLE, PEOPLE),
        "/preferences": (PEOPLE, PEOPLE),
        "/promoter": (PROMOTERS, PROMOTERS),
    }
)
IN_PATHS = MappingProxyType(
    {
        "noun": "tracks",
        "kind": "artist",
        "source": "extended",
        "service": "lastfm",
        "key": "0c5ae3b1-7d0e-4a41-8f6f-0b3f2b0a7a11",
    }
)
DRAFT = {"title": "Nights", "place_id": promoters.LISBON, "venue": "Doca", "start_on": "2027-05-31"}
BODIES = MappingProxyType(
    {
        "/admin/events/{event_id}/take-away": {"reason": "It isn't theirs."},
        "/notifications/read": {"up_to_id": 1},
        "/connections/{service}": {"name": "xenia"},
        "/preferences/artists": {"name": "Xenia"},
        "/preferences/venues": {"city": "Berlin", "name": "Hall"},
        "/preferences/genres": {"genres": []},
        "/preferences/views": {"name": "Mine", "page": "tops", "query": "range=all"},
        "/preferences/views/{view_id}": {"name": "Mine"},
        "/preferences/place": {"place_id": None},
        "/preferences/told/{kind}": {"is_on": True},
        "/preferences/shared/{source}": {"is_on": True},
        "/preferences/compared/{source}": {"is_on": True},
    }
)


def meant(method: str, path: str) -> frozenset[str]:
    """Return who gets an answer."""
    reads, changes = next(
        who for start, who in WHO.items() if f"{method} {path}".startswith(start) or path.startswith(start)
    )
    return reads if method == "GET" else changes


@pytest.fixture
def somebody(new_browser: NewBrowser, deps: Deps) -> Callable[[str], TestClient]:
    """Return a client with a session of somebody of a kind, and the header that proves their changes."""

    def make(kind: str) -> TestClient:
        made = new_browser()
        made.get("/")
        if kind == "sample":
            with deps.engine.begin() as conn:
                people.add_person(conn, NewPerson(None, Role.REGULAR, "Europe/Berlin", "Sample", is_demo=True))
            made.client.cookies["rw_session"] = sessions.start_demo(deps) or ""
        elif kind != "nobody":
            made.client.cookies["rw_session"] = sessions.start(deps, promoters.person(deps, Role(kind)).signed_in())
        csrf = browsers.csrf_token(deps.site, made.client.cookies["rw_visit"])
        made.client.headers.update({"origin": made.origin, "x-csrf-token": csrf})
        return made.client

    return make


@pytest.mark.parametrize("kind", sorted(EVERYBODY))
def test_an_operation_answers_whom_it_is_meant_for_and_nobody_else(
    somebody: Callable[[str], TestClient], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "keep", lambda *_: None)  # all of it at once is more than anybody may
    client, wrong = somebody(kind), []
    for method, path in DESCRIBED:
        where = re.sub(r"\{([a-z_]+)\}", lambda name: IN_PATHS.get(name[1], "4711"), path)
        sent = {"json": BODIES.get(path, DRAFT)} if method in ("POST", "PUT") else {}
        status = client.request(method, BASE + where, **sent).status_code
        if (status not in (401, 403)) != (kind in meant(method, path)) or status in (422, 500):
            wrong.append((method, path, status))
    assert wrong == []
