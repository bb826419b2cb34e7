"""A whole site in a temporary home, as its operator starts it: `python -m rewrapped serve`."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from rewrapped import bootstrap
from rewrapped.cli.operations import addresses
from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.domain.notices import Kind, Notice
from rewrapped.services import operators, promoting, throttle
from rewrapped.services.accounts import Registration
from rewrapped.settings import Settings
from rewrapped.storage import notifications, people
from tests import promoters
from tests.embedded.program import CHECKOUT, environment, everything_of, free_port, temporary_home, until
from tests.gigs import BERLIN_ID, a_person

CHROMIUM = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PASSWORD = "horse lamp river"
_START_S, _STOP_S, _COMMAND_S = 180, 30, 120


@dataclass(frozen=True)
class Site:
    """A running site: its address, and the home everything of it lives in."""

    address: str
    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    def command(self, *words: str) -> str:
        """Run `python -m rewrapped` with some words on this site, to its end; return what it printed."""
        ran = subprocess.run(
            [sys.executable, "-m", "rewrapped", *words],
            cwd=CHECKOUT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=_COMMAND_S,
        )
        assert ran.returncode == 0, f"{words} ended with {ran.returncode}: {ran.stderr}"
        return ran.stdout

    def environment(self) -> dict[str, str]:
        """Return the variables its processes are started with."""
        return environment(self.home) | {"REWRAPPED_BASE_URL": self.address} | self.settings

    def opened(self) -> AbstractContextManager[Deps]:
        """Return the site's own stores, for what nobody does at a browser."""
        return bootstrap.opened(self._as_settings())

    def add_person(self, email: str, zone: str = "Europe/Berlin") -> None:
        """Make an account with PASSWORD as `user add` does, without waiting for another Python to start."""
        with self.opened() as deps:
            operators.add_account(deps, Registration(email, PASSWORD, zone), Role.REGULAR)

    def forgive_visits(self) -> None:
        """Forget who looked at the sample data: all the tests come from one network, which a site lets in 40 times."""
        with self.opened() as deps:
            throttle.forgive(deps, throttle.Budget("demo", "127.0.0.1", 40))

    def tell(self, email: str, *bodies: str) -> None:
        """Send somebody messages, as a job does that has something to tell."""
        with bootstrap.opened(self._as_settings()) as deps, deps.engine.begin() as conn:
            person = people.find_by_email(conn, email)
            assert person
            for body in bodies:
                notifications.add_notification(conn, person.id, Notice(Kind.IMPORT, body, key=body), deps.now())

    def list_show(self, act: str) -> None:
        """List a show in Berlin in two weeks, as a new promoter of this site does."""
        with self.opened() as deps:
            start_on = deps.now().date() + timedelta(days=14)
            show = promoters.draft(title=act, line_up=act, place_id=BERLIN_ID, venue="Hall", start_on=start_on)
            promoting.create(deps, a_person(deps, Role.PROMOTER), show)

    def sample_promoter(self) -> tuple[str, str]:
        """Return address and password of a sample promoter, as an operator reads them; every call makes a new one."""
        found = re.search(r"sign in as (\S+) with (\S+)", self.command("demo"))
        assert found
        return found[1], found[2]

    def _as_settings(self) -> Settings:
        return Settings(home=self.home, base_url=self.address, database_url=None, redis_url=None)

    def urls(self) -> dict[str, str]:
        """Return DATABASE_URL and REDIS_URL of its servers."""
        return dict(zip(("DATABASE_URL", "REDIS_URL"), addresses(self._as_settings()), strict=True))

    def is_healthy(self) -> bool:
        """Return whether the site says that it, its database and its Redis are fine."""
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=5) as reply:
                return bool(reply.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def workers(self) -> list[int]:
        """Return the pids of its workers and of the jobs they run."""
        return [pid for pid, words in everything_of(self.home).items() if words.endswith("tethered workers")]

    def postmaster(self) -> int:
        """Return the pid of its Postgres."""
        (file,) = self.home.rglob("postmaster.pid")
        return int(file.read_text("ascii").split()[0])


@contextmanager
def running_site(**settings: str) -> Iterator[Site]:
    """Run a site with the sample listener until the context ends; settings by the names of their variables."""
    address = f"http://127.0.0.1:{free_port()}"
    with temporary_home() as home:
        site = Site(address, home, settings)
        home.parent.mkdir(exist_ok=True)
        with (
            (home.parent / "serve.log").open("wb") as log,
            subprocess.Popen(
                [sys.executable, "-m", "rewrapped.embedded.tethered", "rewrapped", "serve"],  # ends if we are killed
                cwd=CHECKOUT,
                env=site.environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            ) as served,
        ):
            try:
                until(lambda: served.poll() is not None or site.is_healthy(), _START_S)
                assert site.is_healthy(), (home.parent / "serve.log").read_text("utf-8", "replace")
                site.command("demo")
                yield site
            finally:
                served.send_signal(signal.SIGTERM)
                served.wait(timeout=_STOP_S)
