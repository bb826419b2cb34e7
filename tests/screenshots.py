"""Pictures of every page at three widths in both themes, of the sample listener: `python -m tests.screenshots`.

A site of its own is started in a temporary home; nothing of a running one is touched.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHECKOUT = Path(__file__).resolve().parent.parent
FOLDER = CHECKOUT / "screenshots"
PAGES = ("welcome", "overview", "tops", "history", "import", "profile")
WIDTHS = (1440, 1024, 390)
THEMES = ("dark", "light")
CHROMIUM = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_START_S, _SETTLE_MS, _HIGHEST = 180, 2_500, 6_000


def main() -> None:
    """Write screenshots/PAGE-WIDTH-THEME.png for every page, width and theme."""
    FOLDER.mkdir(exist_ok=True)
    with site() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=list(CHROMIUM))
        for theme in THEMES:
            for width in WIDTHS:
                _picture_all(browser, address, width, theme)
        browser.close()


@contextmanager
def site() -> Iterator[str]:
    """Start a site with the sample listener in a temporary home; yield its address."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="rw-shots-", dir="/tmp", ignore_cleanup_errors=True) as home:
        own = {"REWRAPPED_HOME": home, "REWRAPPED_BASE_URL": address}
        environment = {**os.environ, **own, "DATABASE_URL": "", "REDIS_URL": ""}
        command = [sys.executable, "-m", "rewrapped", "serve"]
        with subprocess.Popen(command, cwd=CHECKOUT, env=environment) as served:
            try:
                _wait_until_ready(address, served)
                subprocess.run(
                    [sys.executable, "-m", "rewrapped", "demo"], cwd=CHECKOUT, env=environment, check=True, timeout=120
                )
                yield address
            finally:
                served.send_signal(signal.SIGTERM)
                served.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_until_ready(address: str, served: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end and served.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("The site didn't start.")


def _picture_all(browser: Browser, address: str, width: int, theme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 1000}, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    for name in PAGES:
        if name == "overview":
            page.goto(f"{address}/")
            page.get_by_role("button", name="Look around with sample data").click()
            page.wait_for_url("**/overview*")
        elif name != "welcome":
            page.goto(f"{address}/{name}")
        else:
            page.goto(address)
        _settle(page, width)
        page.screenshot(path=FOLDER / f"{name}-{width}-{theme}.png")
        page.set_viewport_size({"width": width, "height": 1000})
    context.close()


def _settle(page: Page, width: int) -> None:
    """Wait for the page to be drawn, then make the window as high as what it holds."""
    page.locator("[data-testid=stMain] h1").first.wait_for()
    page.wait_for_timeout(_SETTLE_MS)
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": max(800, min(int(height), _HIGHEST))})
    page.wait_for_timeout(800)


if __name__ == "__main__":
    main()
