"""How long a press on a filter takes in Chromium until the last chart is repainted, beside a page with one bar.

Somebody with a million plays takes weekdays into the filter, on the page and
on one that has the same filter bar above a single bar, in turn. The clock runs
in the browser, from the press to the last change that the page's own part saw
before it lay still: elements, text, shapes of SVG, strokes on a canvas.
"""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from bench.ground import ground
from bench.listeners import add_listener, most_played_artist, signed_in
from bench.screens import SCREENS, Screen
from bench.site import Site, site
from rewrapped.domain.days import WEEKDAYS_SHORT

_PLAYS = 1_000_000
_ROUNDS = 7
_TRIVIAL = "terms"  # the page whose file is replaced
_ONE_BAR = '''"""One bar under the filter bar."""

import pandas as pd
import streamlit as st

from rewrapped.ui.filters import filter_bar
from rewrapped.ui.opening import open_listening

opened = open_listening()
st.title("One bar")
view = filter_bar(opened.history, opened.now.date())
count = pd.DataFrame({"rows": [len(opened.history.filter(view.filter))]})
st.vega_lite_chart(count, {"mark": "bar", "encoding": {"x": {"field": "rows", "type": "quantitative"}}})
'''
_WATCH = Path(__file__).with_name("stillness.js").read_text("utf-8")
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
#: Streamlit is done, and nothing has changed for a while.
_IS_STILL = """
    document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning"
    && performance.now() - Math.max(__still.any, __still.pressed) > 700
"""
_PATIENCE_S = 60


def run(
    seed: int, *, plays: int = _PLAYS, rounds: int = _ROUNDS, screens: tuple[Screen, ...] = SCREENS
) -> list[dict[str, Any]]:
    """Return `click_SCREEN` of every screen: time of a press there over that on a page with one bar.

    Raises:
        SystemExit: there is no Chromium.
    """
    with ground() as held:
        user_id = add_listener(held.deps, plays, seed)
        token, artist = signed_in(held.deps, user_id), most_played_artist(held.deps, user_id)
        with site(held, **{_TRIVIAL: _ONE_BAR}) as served, _browser(served, token) as browser:
            trivial = _opened(browser, served, _TRIVIAL, "range=all")
            return [_compare(browser, served, trivial, screen, artist, rounds) for screen in screens]


@contextmanager
def _browser(served: Site, token: str) -> Iterator[BrowserContext]:
    program = shutil.which("chromium")
    if program is None:
        raise SystemExit("there is no chromium on the PATH")
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=program, args=list(_FLAGS))
        context = chromium.new_context(viewport={"width": 1440, "height": 1000})
        context.add_cookies([{"name": served.cookie, "value": token, "url": served.address}])
        context.add_init_script(_WATCH)
        yield context
        chromium.close()


def _opened(browser: BrowserContext, served: Site, page: str, query: str) -> Page:
    opened = browser.new_page()
    opened.goto(f"{served.address}/{page}?{query}")
    opened.locator(".st-key-filter_bar").get_by_role("button", name="More filters").click()
    opened.get_by_test_id("stPopoverBody").wait_for()
    _await_stillness(opened)
    return opened


def _compare(
    browser: BrowserContext, served: Site, trivial: Page, screen: Screen, artist: int, rounds: int
) -> dict[str, Any]:
    opened = _opened(browser, served, screen.page, screen.address(artist, "range=all"))
    for page in (opened, trivial):
        _pressed_ms(page, 0)
    pairs = [(_pressed_ms(opened, n), _pressed_ms(trivial, n)) for n in range(1, rounds + 1)]
    opened.close()
    for number in range(rounds + 1):  # as it was before
        _pressed_ms(trivial, number)
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    detail = f"{ours:.0f} ms from press to last paint against {theirs:.0f} ms, {rounds} presses"
    return {"name": f"click_{screen.name}", "ratio": round(ratio, 2), "detail": detail}


def _pressed_ms(page: Page, number: int) -> float:
    """Take the next weekday into the filter, or out of it; return the time until the page lay still."""
    page.bring_to_front()
    name = WEEKDAYS_SHORT[number % 7]
    page.get_by_test_id("stPopoverBody").get_by_role("button", name=name, exact=True).click()
    _await_stillness(page)
    took_ms = float(page.evaluate("__still.changed - __still.pressed"))
    if took_ms <= 0:
        raise SystemExit(f"a press on {name} changed nothing at {page.url}")
    return took_ms


def _await_stillness(page: Page) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not page.evaluate(_IS_STILL):  # asked from here: the site's own policy forbids a page to evaluate text
        if time.monotonic() > until:
            raise SystemExit(f"{page.url} doesn't come to rest")
        time.sleep(0.1)


if __name__ == "__main__":
    for result in run(1):
        print(result, flush=True)
