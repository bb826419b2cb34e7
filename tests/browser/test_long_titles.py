"""Lists with names longer than their place: they're cut with dots, and nothing beside them makes a page wider."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from rewrapped.components import build

ASSETS = build.STAMP.parent
ADDRESS = "http://components.test"
LONG = "A title that goes on and on, as titles of symphonies do " * 12
ROW = {"key": "1", "rank": 1, "name": LONG, "sub": LONG, "value": "9 plays", "detail": "1 h", "share": 1.0, "art": ""}
ITEM = {"name": LONG, "sub": LONG, "when": "today", "at": "2026-03-05", "art": ""}
HERE = {"page": "/item?of=track&id=1"}
ELSEWHERE = {**HERE, "link": "https://open.spotify.com/track/1"}


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page as wide as a phone that serves the components' own files."""
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.route(f"{ADDRESS}/**", _serve)
    yield page
    page.close()


def _serve(route: Route) -> None:
    file = ASSETS / Path(route.request.url).name
    if file.is_file():
        route.fulfill(path=file)
    else:
        route.fulfill(body="<!doctype html>", content_type="text/html")


@pytest.mark.parametrize("where", [HERE, ELSEWHERE])
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("top_list", {"label": "Tops", "leaders": 3, "columns": 1, "rows": [ROW]}),
        ("strip", {"label": "Last played", "items": [ITEM]}),
    ],
)
def test_a_long_name_makes_nothing_wider(page: Page, name: str, data: dict[str, Any], where: dict[str, str]) -> None:
    lists = {key: [one | where for one in value] for key, value in data.items() if isinstance(value, list)}
    page.goto(f"{ADDRESS}/page")
    page.set_content(
        f'<link rel="stylesheet" href="{name}.css"><body style="margin: 0"><div class="{name}"></div>'
        f'<script type="module">import draw from "{ADDRESS}/{name}.js";'
        f"draw({{ data: {json.dumps(data | lists)}, parentElement: document.body, setTriggerValue() {{}} }});</script>"
    )
    link = page.locator("a.name")
    link.wait_for()

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("ol, ul").evaluate("list => list.scrollWidth - list.clientWidth") == 0
    cut = "name => name.scrollWidth > name.clientWidth || name.scrollHeight > name.clientHeight"
    assert link.evaluate(cut)  # or nothing was asked
