"""Sheets of events at the web's door: an admin's own form alone, and a page that tells what became of each line."""

from __future__ import annotations

import pytest
from starlette.responses import Response

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain import eventsheet
from rewrapped.domain.access import Role, Visitor
from rewrapped.services import browsers, promoting
from rewrapped.storage import people
from tests.web.conftest import Browser

SHEET = b"title,date,venue,city,country\nNights,2027-05-31,Doca,Lisbon,PT\n<b>Bad</b>,x<script>,Doca,Lisbon,PT\n"
ADMIN = Visitor.person(1, Role.ADMIN)


@pytest.fixture
def admin(browser: Browser, deps: Deps) -> Browser:
    browser.register()
    with deps.engine.begin() as conn:
        people.set_role(conn, 1, Role.ADMIN)
    return browser


def send(browser: Browser, data: bytes, token: str | None = None) -> Response:
    site = running.deps().site
    visit = browser.client.cookies.get(browsers.cookies(site).visit, "")
    return browser.client.post(
        "/api/v1/admin/events",
        data={"csrf": browsers.csrf_token(site, visit) if token is None else token},
        files={"sheet": ("events.csv", data, "text/csv")},
        headers={"origin": browser.origin, "accept": "text/html"},
    )


def test_a_sheet_is_listed_and_each_line_left_out_is_told_as_text(admin: Browser, deps: Deps) -> None:
    answer = send(admin, SHEET)
    assert answer.status_code == 200
    assert "1 new, 0 changed, 0 as they were, 1 left out" in answer.text
    [own] = promoting.list_events(deps, ADMIN)
    assert f'<a href="/event?id={own.id}">Nights</a>' in answer.text
    assert "Line 3: &#34;x&lt;script&gt;&#34; is no date" in answer.text
    assert "<script>" not in answer.text
    assert [own.event.listing.title for own in promoting.list_events(deps, ADMIN)] == ["Nights"]


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        (b"PK\x03\x04\xff", 400, "isn&#39;t UTF-8"),
        (b"a,b\n", 400, "Missing: title"),
        (b"x" * (eventsheet.MOST_BYTES + 70_000), 413, "too large"),
    ],
)
def test_what_is_no_sheet_is_refused_with_a_sentence(
    admin: Browser, deps: Deps, data: bytes, status: int, says: str
) -> None:
    answer = send(admin, data)
    assert (answer.status_code, says in answer.text) == (status, True)
    assert promoting.list_events(deps, ADMIN) == []


def test_only_an_admins_own_form_is_taken(browser: Browser, deps: Deps) -> None:
    assert send(browser, SHEET).status_code == 401
    browser.register()
    with deps.engine.begin() as conn:
        people.set_role(conn, 1, Role.PROMOTER)
    assert send(browser, SHEET).status_code == 403
    with deps.engine.begin() as conn:
        people.set_role(conn, 1, Role.ADMIN)
    assert send(browser, SHEET, token="0" * 64).status_code == 403
    assert promoting.list_events(deps, ADMIN) == []
