"""Pictures of every page at three widths in both themes: `python -m tests.screenshots`.

They show the sample listener, one of a single week and one of a million plays,
the own pages of somebody who just registered, an invented promoter's panel, and
an admin's page. `python -m tests.screenshots week million` takes those two alone.
A site of its own is started in a temporary home; nothing of a running one is touched.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from itertools import product
from urllib.parse import parse_qsl

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import listeners
from tests.browser.listeners import Listener
from tests.browser.people import Person
from tests.browser.site import CHECKOUT, CHROMIUM, PASSWORD, Site, running_site

FOLDER = CHECKOUT / "screenshots"
#: Of the sample listener, who is always the same.
ITEMS = (
    "item?of=artist&id=1&range=all",
    "item?of=album&id=1&range=all",
    "item?of=track&id=1&range=all",
    "item?of=genre&id=indie-rock&range=all",
)
#: Parts of pages that are drawn on request.
PARTS = (
    *("genres?part=ties&range=all", "genres?part=each&range=all"),
    *("habits?part=year", "habits?part=sessions", "habits?part=ways"),
    *("evolution?part=finds&range=all", "evolution?part=spread&range=all"),
    *("compare?part=music", "item?of=artist&id=1&range=all&part=music", "item?of=artist&id=1&range=all&part=plays"),
)
SAMPLE_PAGES = (
    "overview",
    "wrapped",
    "tops",
    "genres?range=all",
    "habits",
    "evolution?range=all",
    "compare",
    "history",
    *ITEMS,
    *PARTS,
    "notebook",
    "import",
    "events?range=3m",
    "event?id=1",
)
OTHERS = {"week": listeners.of_a_week, "million": listeners.of_a_million_plays}
OTHERS_PAGES = ("genres", "habits", "evolution", "compare", "wrapped")
NOTEBOOKS = ("hours", "weekends")
OWN_PAGES = ("connections", "profile", "preferences", "notifications", "saved", "promoter")
WIDTHS = (1440, 1024, 390)
THEMES = ("dark", "light")
_ADMIN = "admin@example.org"
_SETTLE_MS, _LOWEST, _HIGHEST = 2_500, 800, 6_000


def main(names: Collection[str]) -> None:
    """Write screenshots/PAGE-WIDTH-THEME.png for every page, width and theme, and PAGE-NAME-... of other listeners.

    With names, nothing but the pages of those other listeners.
    """
    FOLDER.mkdir(exist_ok=True)
    with running_site() as site, sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=list(CHROMIUM))
        if not names:
            _picture_site(browser, site)
        for listener in [OTHERS[name](site) for name in names or OTHERS]:
            for theme, width in product(THEMES, WIDTHS):
                _picture_other(browser, site, listener, width, theme)
        browser.close()


def _picture_site(browser: Browser, site: Site) -> None:
    promoter = site.sample_promoter()
    site.add_person(_ADMIN)
    site.command("user", "role", _ADMIN, "admin")
    for theme, width in product(THEMES, WIDTHS):
        _picture_all(browser, site, width, theme)
        _picture_promoters(browser, site, promoter, width, theme)


def _picture_all(browser: Browser, site: Site, width: int, theme: str) -> None:
    screen = {"viewport": {"width": width, "height": 1000}, "color_scheme": theme}
    guest = Person(browser, site, **screen)
    guest.go("/")
    _picture(guest.page, f"welcome-{width}-{theme}")
    guest.look_around()
    for name in SAMPLE_PAGES:
        guest.go(f"/{name}")
        _picture(guest.page, f"{_named(name)}-{width}-{theme}")
    for name in NOTEBOOKS:
        guest.go(f"/notebook?template={name}")
        _picture(guest.page, f"notebook-{name}-{width}-{theme}")
    guest.leave()
    person = Person(browser, site, **screen)
    person.sign_in_anew("/profile")
    person.save_shows(2)
    for name in OWN_PAGES:
        person.go(f"/{name}")
        _picture(person.page, f"{name}-{width}-{theme}")
    person.leave()


def _picture_promoters(browser: Browser, site: Site, promoter: tuple[str, str], width: int, theme: str) -> None:
    screen = {"viewport": {"width": width, "height": 1000}, "color_scheme": theme}
    for name, (email, password) in (("promoter", promoter), ("admin", (_ADMIN, PASSWORD))):
        person = Person(browser, site, **screen)
        person.sign_in(email, password, f"/{name}")
        _picture(person.page, f"{name}-{width}-{theme}")
        person.leave()


def _picture_other(browser: Browser, site: Site, listener: Listener, width: int, theme: str) -> None:
    person = Person(browser, site, viewport={"width": width, "height": 1000}, color_scheme=theme)
    name, token = listener.cookie
    person.context.add_cookies([{"name": name, "value": token, "url": site.address}])
    for address in (*OTHERS_PAGES, *listener.items):
        person.go(f"/{address}")
        _picture(person.page, f"{_named(address)}-{listener.name}-{width}-{theme}")
    person.leave()


def _named(address: str) -> str:
    """Return the name of a page's picture: that of its path, of an item what it is, and which part it shows."""
    path, _, query = address.partition("?")
    asked = dict(parse_qsl(query))
    return "-".join([path, *(asked[name] for name in ("of", "part") if name in asked)])


def _picture(page: Page, name: str) -> None:
    """Wait for what is drawn and what moves, make the window as high as the page, and take it."""
    page.wait_for_timeout(_SETTLE_MS)
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    width = page.evaluate("innerWidth")
    page.set_viewport_size({"width": width, "height": max(_LOWEST, min(int(height), _HIGHEST))})
    page.wait_for_timeout(800)
    page.screenshot(path=FOLDER / f"{name}.png")
    page.set_viewport_size({"width": width, "height": 1000})


def wanted(words: Sequence[str]) -> list[str]:
    """Return the names of a command line; what names no other listener ends it with a sentence."""
    unknown = [word for word in words if word not in OTHERS]
    if unknown:
        sys.exit(f"Nobody is called {', '.join(unknown)}; there are {' and '.join(OTHERS)}.")
    return list(words)


if __name__ == "__main__":
    main(wanted(sys.argv[1:]))
