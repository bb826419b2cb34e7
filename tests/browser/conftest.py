"""One real site and one real browser for every test in this folder.

Without a Chromium these tests are left out and the run says so;
REWRAPPED_REQUIRE_BROWSER=1 makes that a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.people import Person
from tests.browser.site import CHROMIUM, Site, running_site
from tests.simulators.listens import Heard, ListenBrainzListensSimulator
from tests.simulators.server import serving

_HERE = Path(__file__).parent
_PROGRAM = shutil.which("chromium")
_REQUIRED = os.environ.get("REWRAPPED_REQUIRE_BROWSER") == "1"
_LEFT_OUT = pytest.StashKey[int]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs a browser; leave it out where there is none and none is required."""
    ours = [item for item in items if item.path.is_relative_to(_HERE)]
    for item in ours:
        item.add_marker("browser")
    if _PROGRAM is None and not _REQUIRED and ours:
        config.stash[_LEFT_OUT] = len(ours)
        config.hook.pytest_deselected(items=ours)
        items[:] = [item for item in items if item not in ours]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out, and why."""
    if count := config.stash.get(_LEFT_OUT, 0):
        terminalreporter.write_line(
            f"{count} browser tests were left out: no chromium on the PATH (REWRAPPED_REQUIRE_BROWSER=1 would fail)."
        )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A Chromium for the whole run."""
    assert _PROGRAM, "There is no chromium on the PATH, and REWRAPPED_REQUIRE_BROWSER=1 asks for one."
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=_PROGRAM, args=list(CHROMIUM))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def listenbrainz() -> Iterator[ListenBrainzListensSimulator]:
    """ListenBrainz as the site knows it: somebody called mira has 2,500 listens there."""
    heard = [Heard(1_750_000_000 + 400 * n, f"Act {n % 40}", f"Song {n % 300}", ms=200_000) for n in range(2_500)]
    simulator = ListenBrainzListensSimulator({"mira": heard})
    with serving(simulator):
        yield simulator


@pytest.fixture(scope="session")
def live(listenbrainz: ListenBrainzListensSimulator) -> Iterator[Site]:
    """A site with the sample listener, its own servers and workers, for the whole run."""
    with running_site(REWRAPPED_LISTENBRAINZ_URL=listenbrainz.url) as site:
        yield site


@pytest.fixture
def newcomer(chromium: Browser, live: Site) -> Iterator[Person]:
    """Somebody in Berlin with a fresh browser, who isn't signed in; nothing odd may stand in its console."""
    person = Person(chromium, live)
    yield person
    person.leave()
