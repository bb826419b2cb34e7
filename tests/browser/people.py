"""Somebody at a browser: goes to pages, presses, reads, and keeps an ear on the console and the network."""

from __future__ import annotations

import csv
import io
import itertools
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from rewrapped.domain.sitemap import PAGES
from tests.browser.site import PASSWORD, Site

PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)  # a page that is drawn late isn't wrong, and a busy machine draws late
_numbers = itertools.count(1)
#: What Streamlit itself does to every page: it looks for its server below the page's own path first, and draws
#: charts a moment before it hands them their rows.
_STREAMLITS_OWN = re.compile(r"status of 404 .*/_stcore/(health|host-config)|WARN Infinite extent .*/static/js/")
_GAVE_UP = re.compile("encountered an error|Something broke on our side")
#: Streamlit takes this road for its downloads when a browser doesn't let it open a dialog of the system's.
_PLAIN_DOWNLOADS = "delete window.showSaveFilePicker"


class Person:
    """A browser context of its own with one page in it."""

    def __init__(self, chromium: Browser, site: Site, **context: Any) -> None:
        wanted = {"viewport": {"width": 1440, "height": 1000}, "timezone_id": "Europe/Berlin", "locale": "en-GB"}
        self.site = site
        self.context = chromium.new_context(**(wanted | context))
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(_PLAIN_DOWNLOADS)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.context.on("page", lambda page: page.on("websocket", lambda socket: self.requests.append(socket.url)))
        self.page = self.context.new_page()

    def leave(self) -> None:
        """Close the browser."""
        self.context.close()

    def strangers(self) -> list[str]:
        """Return every request that left the site."""
        own = (f"{self.site.address}/", self.site.address.replace("http", "ws") + "/", "data:", "blob:", "about:")
        return [url for url in self.requests if not f"{url}/".startswith(own)]

    # Going somewhere -------------------------------------------------------------------------------

    def go(self, path: str, page: Page | None = None) -> None:
        """Open an address of the site and wait until it is drawn."""
        page = page or self.page
        page.goto(f"{self.site.address}{path}")
        self.settle(page)

    def settle(self, page: Page | None = None) -> None:
        """Wait until Streamlit has run the page to its end."""
        page = page or self.page
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        page.locator("[data-testid=stMain] h1").first.wait_for()
        expect(page.locator("[data-testid=stSkeleton], [data-stale=true]")).to_have_count(0)

    def register(self, email: str, then: str = "/import") -> None:
        """Fill in the registration form as a newcomer does."""
        self.page.goto(f"{self.site.address}/auth/register?next={then}")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        for consent in self.page.get_by_role("checkbox").all():
            consent.check()
        self.page.get_by_role("button", name="Create my account").click()
        self.page.wait_for_url(f"**{then}*")
        self.settle()

    def sign_in_anew(self, path: str = "/overview") -> str:
        """Have an account made by the operator, and sign in; return its address."""
        email = f"person{next(_numbers)}@example.org"
        self.site.add_person(email)
        self.sign_in(email, PASSWORD, path)
        return email

    def sign_in(self, email: str, password: str, path: str = "/overview") -> None:
        """Sign in to an account that is there."""
        self.page.goto(f"{self.site.address}/auth/sign-in?next={path}")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"**{path}*")
        self.settle()

    def look_around(self) -> None:
        """Open the sample data from the sign-in form, which is there at once, however many did before."""
        self.site.forgive_visits()
        self.page.goto(f"{self.site.address}/auth/sign-in")
        self.page.get_by_role("button", name="Look around with sample data").click()
        self.page.wait_for_url("**/overview*")
        self.settle()

    def follow_menu(self, name: str) -> None:
        """Go on by the menu, which keeps what the filter bar is set to."""
        path = next(page.path for page in PAGES if page.title == name)
        self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=re.compile(f"{name}$")).click()
        self.page.wait_for_url(f"**/{path}*")
        self.settle()

    def save_shows(self, count: int) -> None:
        """Press the hearts of the first shows of the events page."""
        self.go("/events")
        for number in range(count):
            heart = self.page.locator(".shows .heart").nth(number)
            heart.click()
            expect(heart).to_have_attribute("aria-pressed", "true")
            self.settle()

    def choose_range(self, name: str) -> None:
        """Press one of the filter bar's time ranges."""
        self.page.locator(".st-key-filter_bar").get_by_role("radio", name=name, exact=True).click()

    # Reading ---------------------------------------------------------------------------------------

    def broken(self) -> list[str]:
        """Return what stands on the page where Streamlit, or we, gave up on drawing it."""
        boxes = self.page.get_by_test_id("stException").or_(self.page.get_by_text(_GAVE_UP))
        return boxes.all_inner_texts()

    def tile(self, label: str) -> str:
        """Return the figure of one of the overview's tiles."""
        tile = self.page.locator(".tiles li").filter(has=self.page.locator(".label", has_text=re.compile(f"^{label}$")))
        return tile.locator(".value").inner_text()

    def number(self, label: str) -> int:
        """Return the figure of a tile as a whole number."""
        return whole(self.tile(label))

    def table(self, grid: Locator) -> list[dict[str, str]]:
        """Return all rows of a table, also those out of sight, by downloading it; its button shows while hovered."""
        with self.page.expect_download() as download:
            grid.get_by_role("button", name="Download as CSV", include_hidden=True).dispatch_event("click")
        text = Path(download.value.path()).read_text("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    # Listening in ----------------------------------------------------------------------------------

    def _hear(self, message: ConsoleMessage) -> None:
        said = f"{message.type}: {message.text} ({message.location.get('url', '')})"
        if message.type in ("error", "warning") and not _STREAMLITS_OWN.search(said):
            self.complaints.append(said)


def whole(text: str) -> int:
    """Return the first number of a text such as "1,295 plays"."""
    found = re.search(r"[0-9][0-9,]*", text)
    assert found, text
    return int(found[0].replace(",", ""))
