"""Files of genres at the web's door: a listener's own form alone, and a page that tells what became of it."""

from __future__ import annotations

import json

import pytest
from starlette.responses import Response

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain import owngenres
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.owngenres import Change, OwnGenres
from rewrapped.services import browsers, genre_choices
from tests.web.conftest import Browser

JANE = Visitor.person(1, Role.REGULAR)
OWN = OwnGenres(
    {
        owngenres.artist_subject("Nobody <b>Knows</b>"): Change(is_hidden=True),
        owngenres.artist_subject("Xenia"): Change(is_hidden=True),
    }
)


def send(browser: Browser, data: bytes, token: str | None = None, name: str = "genres.json") -> Response:
    site = running.deps().site
    visit = browser.client.cookies.get(browsers.cookies(site).visit, "")
    return browser.client.post(
        "/api/v1/genres/file",
        data={"csrf": browsers.csrf_token(site, visit) if token is None else token},
        files={"genres": (name, data, "application/json")},
        headers={"origin": browser.origin, "accept": "text/html"},
    )


def test_a_file_takes_the_place_of_all_changes(browser: Browser, deps: Deps) -> None:
    browser.register()
    genre_choices.change(deps, JANE, owngenres.artist_subject("Before"), Change(is_hidden=True))
    answer = send(browser, owngenres.to_file(OWN).encode())
    assert (answer.status_code, "2 changes are taken" in answer.text) == (200, True)
    assert genre_choices.own_genres(deps, JANE) == OWN


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        (b"PK\x03\x04\xff", 400, "isn&#39;t a file of genres"),
        (b"[" * 100_000, 400, "isn&#39;t a file of genres"),
        (json.dumps({"format": "<script>alert(1)</script>"}).encode(), 400, "isn&#39;t a file of genres"),
        (b" " * (owngenres.FILE_BYTES_MAX + 1), 400, "2 MB is the most"),
        (b"x" * (owngenres.FILE_BYTES_MAX + 70_000), 413, "too large"),
    ],
)
def test_what_is_no_file_of_genres_is_refused_with_a_sentence_and_changes_nothing(
    browser: Browser, deps: Deps, data: bytes, status: int, says: str
) -> None:
    browser.register()
    genre_choices.change(deps, JANE, owngenres.artist_subject("Before"), Change(is_hidden=True))
    before = genre_choices.own_genres(deps, JANE)
    answer = send(browser, data)
    assert (answer.status_code, says in answer.text, "<script>alert" in answer.text) == (status, True, False)
    assert genre_choices.own_genres(deps, JANE) == before


def test_two_megabytes_are_within_the_limit(browser: Browser, deps: Deps) -> None:
    browser.register()
    padded = owngenres.to_file(OWN).encode().ljust(owngenres.FILE_BYTES_MAX)
    assert send(browser, padded).status_code == 200
    assert genre_choices.own_genres(deps, JANE) == OWN


def test_only_a_persons_own_form_is_taken(browser: Browser, deps: Deps) -> None:
    data = owngenres.to_file(OWN).encode()
    assert send(browser, data).status_code == 401
    browser.register()
    assert send(browser, data, token="0" * 64).status_code == 403
    assert genre_choices.own_genres(deps, JANE) == OwnGenres()


def test_streamlits_own_uploads_stay_closed(browser: Browser) -> None:
    for path in ("/_stcore/upload_file/a/b", "/genres/_stcore/upload_file/a/b"):
        assert browser.client.put(path, content=b"x", headers={"origin": browser.origin}).status_code == 404
