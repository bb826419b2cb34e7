"""Public cards: seen by whoever has the address, until they are taken back; nothing else of anybody's."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from rewrapped.charts.rings import COLOURWAYS
from rewrapped.charts.sharecard import Card, Layout, Ranked, Slice
from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.errors import Conflict, NotFound
from rewrapped.services import shares
from rewrapped.storage import people
from tests.gigs import a_person
from tests.web.conftest import Browser

HOSTILE = '"><script>alert(1)</script>'
CARD = Card(
    *("seed", f"Mira {HOSTILE}, 2026", "1,204", "hours of music", "Top artists"),
    [Ranked(f"Xenia {HOSTILE}", "12 plays", "x")],
    [Slice("Rock", 1.0, "#FFC24B")],
    "Mostly Rock",
    "Wrapped",
)


@pytest.fixture
def jane(deps: Deps) -> Visitor:
    return a_person(deps)


def made(deps: Deps, visitor: Visitor) -> shares.Share:
    return shares.create(deps, visitor, CARD, Layout.TOPS, COLOURWAYS[2])


def test_a_stranger_sees_the_card_and_its_picture_and_no_markup_of_a_name(
    browser: Browser, deps: Deps, jane: Visitor
) -> None:
    path = made(deps, jane).path
    answer = browser.get(path, accept="text/html")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert f'property="og:image" content="{deps.site.base_url}{path}/1200x630.png"' in answer.text
    assert (answer.headers["x-robots-tag"], answer.headers["cache-control"]) == ("noindex, nofollow", "no-store")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    picture = browser.get(f"{path}/1080x1080.png")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    assert "set-cookie" not in picture.headers
    with Image.open(BytesIO(picture.content)) as image:
        assert image.size == (1080, 1080)


def test_what_was_taken_back_was_never_there(browser: Browser, deps: Deps, jane: Visitor) -> None:
    share = made(deps, jane)
    never = browser.get("/share/" + "a" * 24, accept="text/html")
    shares.revoke(deps, jane, share.id)
    for path in (share.path, f"{share.path}/1200x630.png"):
        assert browser.get(path, accept="text/html").status_code == 404
    assert browser.get(share.path, accept="text/html").text == never.text
    assert shares.list_shares(deps, jane) == []


@pytest.mark.parametrize(
    "path", ["/share/", "/share/x", "/share/..%2f..%2fetc", "/share/" + "a" * 5000, "/share/%00", "/share/" + "é" * 24]
)
def test_an_odd_address_is_no_card(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_a_card_comes_in_three_sizes_and_no_others(browser: Browser, deps: Deps, jane: Visitor) -> None:
    path = made(deps, jane).path
    for size in ("99999x99999", "1080x1920.svg", "0x0", "1200x630.png.png"):
        assert browser.get(f"{path}/{size}.png").status_code == 404


def test_a_card_stays_as_it_was_made_and_goes_with_its_owner(browser: Browser, deps: Deps, jane: Visitor) -> None:
    share = made(deps, jane)
    found = shares.find(deps, share.path.removeprefix("/share/"))
    assert (found.card, found.layout, found.colours) == (CARD, Layout.TOPS, COLOURWAYS[2])
    with deps.engine.begin() as conn:
        people.delete_person(conn, jane.writer())
    assert browser.get(share.path).status_code == 404


def test_nobody_takes_back_what_is_anothers(deps: Deps, jane: Visitor) -> None:
    share, other = made(deps, jane), a_person(deps)
    with pytest.raises(NotFound):
        shares.revoke(deps, other, share.id)
    assert shares.list_shares(deps, other) == []
    assert [one.id for one in shares.list_shares(deps, jane)] == [share.id]


def test_there_is_a_most(deps: Deps, jane: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "MOST_SHARES", 2)
    made(deps, jane)
    made(deps, jane)
    with pytest.raises(Conflict, match="Take one back"):
        made(deps, jane)


def test_addresses_are_long_and_all_different(deps: Deps, jane: Visitor) -> None:
    paths = {made(deps, jane).path for _ in range(20)}
    assert len(paths) == 20
    assert {len(path) for path in paths} == {len("/share/") + 24}
