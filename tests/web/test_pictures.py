"""Pictures at the web's door: taken from our own forms alone, shown with a type nobody can mistake."""

from __future__ import annotations

import pytest
from starlette.responses import Response

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.services import browsers, pictures, promoting
from rewrapped.storage import people
from tests.promoters import DRAFT, person
from tests.services.test_pictures import picture
from tests.web.conftest import Browser


def promote(deps: Deps, browser: Browser) -> int:
    """Make whoever registers in this browser a promoter with an event; return its id."""
    browser.register()
    with deps.engine.begin() as conn:
        people.set_role(conn, 1, Role.PROMOTER)
    return promoting.create(deps, Visitor.person(1, Role.PROMOTER), DRAFT)


def send(browser: Browser, event_id: object, data: bytes, token: str | None = None) -> Response:
    site = running.deps().site
    visit = browser.client.cookies.get(browsers.cookies(site).visit, "")
    fields = {"csrf": browsers.csrf_token(site, visit) if token is None else token, "event_id": str(event_id)}
    return browser.client.post(
        "/api/v1/promoter/images",
        data=fields,
        files={"picture": ("a.jpg", data, "image/jpeg")},
        headers={"origin": browser.origin},
        follow_redirects=False,
    )


def test_a_picture_is_taken_and_shown(browser: Browser, deps: Deps) -> None:
    event_id = promote(deps, browser)
    taken = send(browser, event_id, picture())
    assert (taken.status_code, taken.headers["location"]) == (303, f"/promoter?event={event_id}")
    address = promoting.find_event(deps, Visitor.person(1, Role.PROMOTER), event_id).event.listing.image_url
    assert address
    shown = browser.client.get(address)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in shown.headers["cache-control"]
    assert browser.client.get(address[:-1]).status_code == 404


@pytest.mark.parametrize(
    ("data", "status"), [(b"<svg/>", 400), (bytes(pictures.MOST_BYTES + 200_000), 413), (b"", 400)]
)
def test_what_is_no_picture_is_refused_with_a_sentence(browser: Browser, deps: Deps, data: bytes, status: int) -> None:
    refused = send(browser, promote(deps, browser), data)
    assert (refused.status_code, "icture" in refused.json()["detail"]) == (status, True)


def test_another_promoters_event_a_wrong_token_and_no_session_are_refused(browser: Browser, deps: Deps) -> None:
    assert send(browser, 1, picture()).status_code == 401
    own = promote(deps, browser)
    theirs = promoting.create(deps, person(deps, Role.PROMOTER), DRAFT)
    assert send(browser, theirs, picture()).status_code == 404
    assert send(browser, own, picture(), token="0" * 64).status_code == 403
    assert send(browser, "1 or 1=1", picture()).status_code == 400
