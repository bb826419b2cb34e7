"""Public cards: seen by whoever has the address, until they are taken back; nothing else of anybody's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import delete

from rewrapped.charts.rings import COLOURWAYS
from rewrapped.charts.sharecard import Card, Layout, Ranked, Size, Slice, svg
from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.errors import Conflict, NotFound, SignInNeeded, TooMany
from rewrapped.sandbox.painter import Paint, Painter
from rewrapped.services import cardpictures, leftovers, shares
from rewrapped.storage import people
from rewrapped.storage.tables import shares as share_rows
from tests.conftest import Clock
from tests.gigs import a_person
from tests.web.conftest import Browser, NewBrowser

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


class Counting(Painter):
    """A painter that remembers under which names it drew."""

    def __init__(self) -> None:
        super().__init__(wait_s=60)
        self.drew: list[str] = []

    @contextmanager
    def turn(self, name: str) -> Iterator[Paint]:
        with super().turn(name) as paint:

            def counted(what: Mapping[str, Any]) -> bytes:
                self.drew.append(name)
                return paint(what)

            yield counted


class Resting(Painter):
    """A painter that must not be asked."""

    @contextmanager
    def turn(self, name: str) -> Iterator[Paint]:
        raise AssertionError(f"{name} asked for a picture that is kept")
        yield


def pictures_of(deps: Deps) -> list[str]:
    return sorted(path.name for path in cardpictures.folder_of(deps).glob("*"))


def test_equal_requests_at_once_draw_one_picture_and_later_ones_none(deps: Deps, jane: Visitor) -> None:
    share, painter = made(deps, jane), Counting()
    here = replace(deps, painter=painter)
    with ThreadPoolExecutor(5) as pool:
        asked = [pool.submit(cardpictures.picture, here, share, Size.WIDE, f"203.0.113.{n}") for n in range(5)]
        assert len({one.result() for one in asked}) == 1
    assert painter.drew == ["strangers"]
    rested = replace(deps, painter=Resting())
    assert cardpictures.picture(rested, share, Size.WIDE, "203.0.113.9") == asked[0].result()


def test_a_network_has_few_pictures_drawn_at_once_and_as_many_as_it_likes_of_those_kept(
    browser: Browser, new_browser: NewBrowser, deps: Deps, jane: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cardpictures, "_AT_ONCE", 1)
    first, second = made(deps, jane).path, made(deps, jane).path
    assert browser.get(f"{first}/1200x630.png").status_code == 200
    refused = browser.get(f"{second}/1200x630.png")
    assert (refused.status_code, "image" in refused.headers["content-type"]) == (429, False)
    assert int(refused.headers["retry-after"]) > 0
    assert {browser.get(f"{first}/1200x630.png").status_code for _ in range(20)} == {200}
    assert new_browser("198.51.100.7").get(f"{second}/1200x630.png").status_code == 200


def test_kept_pictures_go_with_what_is_taken_back_and_with_their_owner(
    browser: Browser, deps: Deps, jane: Visitor
) -> None:
    back, gone = made(deps, jane), made(deps, a_person(deps))
    kept = made(deps, jane)
    for share in (back, gone, kept):
        assert browser.get(f"{share.path}/1200x630.png").status_code == 200
    assert len(pictures_of(deps)) == 3
    shares.revoke(deps, jane, back.id)
    assert {name.partition("-")[0] for name in pictures_of(deps)} == {str(gone.id), str(kept.id)}
    with deps.engine.begin() as conn:
        conn.execute(delete(share_rows).where(share_rows.c.id == gone.id))  # as with its owner's account
    (cardpictures.folder_of(deps) / "7-abc.0011.part").touch()
    later = replace(deps, clock=Clock(deps.now().replace(year=2060)))
    assert leftovers.purge_pictures(later) == 2
    assert leftovers.purge_cache(later) == 0
    assert [name.partition("-")[0] for name in pictures_of(deps)] == [str(kept.id)]


def test_without_room_on_the_disk_a_picture_is_drawn_all_the_same(
    browser: Browser, deps: Deps, jane: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    cardpictures.folder_of(deps).write_text("in the way")  # as good as a full disk
    answer = browser.get(f"{made(deps, jane).path}/1200x630.png")
    assert (answer.status_code, answer.content[:4]) == (200, b"\x89PNG")
    assert "isn't kept" in caplog.text


def test_old_pictures_make_room_for_new_ones(deps: Deps, jane: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cardpictures, "_KEPT_BYTES", 1)
    cardpictures.picture(deps, made(deps, jane), Size.WIDE, "203.0.113.9")
    assert pictures_of(deps) == []


def test_those_who_look_around_wait_together_and_whoever_signed_in_by_themselves(deps: Deps, jane: Visitor) -> None:
    painter, markup = Counting(), svg(CARD, Size.WIDE, Layout.TOPS, COLOURWAYS[0])
    here = replace(deps, painter=painter)
    for visitor in (Visitor.demo(7), jane, Visitor.demo(7)):
        assert cardpictures.drawn(here, visitor, markup)[:4] == b"\x89PNG"
    assert painter.drew == ["demo", f"person {jane.user_id}", "demo"]
    with pytest.raises(SignInNeeded):
        cardpictures.drawn(here, Visitor(), markup)
    assert pictures_of(deps) == []


def test_charts_for_files_are_drawn_one_at_a_time_and_nobody_waits_for_ever(deps: Deps, jane: Visitor) -> None:
    here = replace(deps, painter=Painter(wait_s=0.1))

    def another() -> str:
        return cardpictures.sketched(here, Visitor.demo(7), str)

    with pytest.raises(TooMany, match="try again"):
        cardpictures.sketched(here, jane, another)
    with here.painter.turn("demo"):
        assert cardpictures.sketched(here, jane, lambda: "<svg/>") == "<svg/>"  # and it is free again
    with pytest.raises(SignInNeeded):
        cardpictures.sketched(here, Visitor(), str)
