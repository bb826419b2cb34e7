"""Uploads at the web's door: one at a time, with room on the disk, by somebody who is still signed in."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from starlette.responses import Response

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.errors import NotFound
from rewrapped.services import browsers, sessions
from rewrapped.storage import imports as rows
from rewrapped.web import imports
from tests.web.conftest import Browser

FILE = b'name="f"; filename="a.json"\r\n\r\n[]'


def post(browser: Browser, parts: list[bytes]) -> Response:
    """Upload a body of these parts."""
    body = b"".join(b"--b\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--b--\r\n"
    site = running.deps().site
    visit = browser.client.cookies[browsers.cookies(site).visit]
    headers = {
        "origin": browser.origin,
        "x-csrf-token": browsers.csrf_token(site, visit),
        "content-type": "multipart/form-data; boundary=b",
    }
    return browser.client.post("/api/v1/imports", content=body, headers=headers)


def send(browser: Browser) -> Response:
    """Upload a small file."""
    return post(browser, [FILE])


def uploads(deps: Deps) -> list[Path]:
    return list(deps.site.uploads.glob("*"))


def test_a_second_upload_is_refused_before_its_first_byte(browser: Browser, deps: Deps) -> None:
    browser.register()
    with imports._only_upload(1):
        assert send(browser).status_code == 409
    assert uploads(deps) == []
    assert send(browser).status_code == 202
    kept = uploads(deps)
    assert send(browser).status_code == 409
    assert uploads(deps) == kept


def test_an_upload_without_room_on_the_disk_is_refused(
    browser: Browser, deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.register()
    monkeypatch.setattr(imports, "_RESERVE_BYTES", 1 << 62)
    refused = send(browser)
    assert (refused.status_code, "no room" in refused.json()["detail"]) == (503, True)
    assert uploads(deps) == []


def test_an_upload_ends_with_its_session(browser: Browser, deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    class SignsOut(imports.Receiver):
        def finish(self) -> None:
            super().finish()
            sessions.end_all(deps, 1)

    browser.register()
    monkeypatch.setattr(imports, "Receiver", SignsOut)
    assert send(browser).status_code == 401
    assert uploads(deps) == []


def test_an_import_of_a_deleted_account_is_not_told_as_a_second_one(deps: Deps) -> None:
    with deps.engine.begin() as conn, pytest.raises(NotFound, match="deleted"):
        rows.add_import(conn, 999, [], None, include_incognito=False)


def test_nobody_else_on_the_machine_can_read_an_upload(browser: Browser, deps: Deps) -> None:
    browser.register()
    before = os.umask(0)
    try:
        assert send(browser).status_code == 202
    finally:
        os.umask(before)
    [folder] = uploads(deps)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())] == [0o700, 0o600]


@pytest.mark.parametrize(
    "part",
    [
        b'name="same"\r\n\r\nx',  # one field, named again and again
        b'name="f"; filename=""\r\n\r\n',  # a file that isn't one
        b"\r\n",  # nothing at all
    ],
)
def test_an_upload_of_endless_parts_is_refused(browser: Browser, deps: Deps, part: bytes) -> None:
    browser.register()
    answer = post(browser, [part] * 2_000 + [FILE])
    assert (answer.status_code, "too many parts" in answer.json()["detail"]) == (400, True)
    assert uploads(deps) == []


def test_as_many_files_as_may_come_at_once_do(browser: Browser, deps: Deps) -> None:
    browser.register()
    fields = [b'name="csrf_token"\r\n\r\nx', b'name="include_incognito"\r\n\r\nfalse']
    assert post(browser, [*fields, *[FILE] * 500]).status_code == 202
    [folder] = uploads(deps)
    assert len(list(folder.iterdir())) == 500
