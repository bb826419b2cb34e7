"""A whole installation in a temporary home, run as a program and looked at from outside."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

CHECKOUT = Path(__file__).resolve().parent.parent.parent
SERVE = """
import sys
from rewrapped.embedded.supervisor import serve
from rewrapped.errors import RewrappedError
from rewrapped.settings import load
try:
    sys.exit(serve(load(), sys.argv[1:]))
except RewrappedError as error:
    sys.exit(str(error))
"""
USER = """
import sys
from pathlib import Path
from rewrapped.embedded.servers import running
with running(Path(sys.argv[1])) as urls:
    print(urls.database, flush=True)
    sys.stdin.read()
"""


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(true: Callable[[], object], seconds: float = 30.0) -> bool:
    """Return whether something became true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def everything_of(home: Path) -> dict[int, str]:
    """Return every living process that belongs to a home, by pid."""
    found = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            words = process.cmdline()
            belongs = (
                process.cwd().startswith(str(home))
                or any(str(home) in word for word in words)
                or process.environ().get("REWRAPPED_HOME") == str(home)
            )
            if belongs and process.status() != psutil.STATUS_ZOMBIE and process.pid != os.getpid():
                found[process.pid] = " ".join(words)
    return found


def kill_everything(home: Path) -> None:
    """Kill every process of a home at once, and whatever one of them was just then starting."""

    def killed() -> bool:
        pids = everything_of(home)
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return not pids

    assert until(killed), everything_of(home)


@contextmanager
def temporary_home() -> Iterator[Path]:
    """Hand over a home under a short path; nothing of it runs or is left afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="rw-home-", dir="/tmp"))
    try:
        yield folder / "home"
    finally:
        kill_everything(folder)
        shutil.rmtree(folder)


class Program:
    """`serve` in a home, with a small web server in the place of the site unless told otherwise."""

    def __init__(self, home: Path, port: int | None = None, site: Sequence[str] | None = None) -> None:
        self.home = home
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = environment(home) | {"REWRAPPED_BASE_URL": self.url}
        stand_in = ("http.server", str(self.port), "--bind", "127.0.0.1", "--directory", str(CHECKOUT / "docs"))
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, *(stand_in if site is None else site)],
            env=self.environment,
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def answers(self) -> bool:
        """Return whether the site answers."""
        try:
            with urllib.request.urlopen(self.url, timeout=2) as reply:
                return reply.status == 200
        except OSError:
            return False

    def workers(self) -> list[int]:
        """Return the pids of the workers, without the jobs they forked."""
        me = self.process.pid
        return [
            pid
            for pid, words in everything_of(self.home).items()
            if words.endswith("tethered workers") and psutil.Process(pid).ppid() == me
        ]

    def wait_until_up(self) -> None:
        """Wait until the site answers and both workers are registered."""
        up = until(lambda: self.process.poll() is not None or (self.answers() and self.workers_ready() == 2), 60)
        assert up, self.told()
        assert self.process.poll() is None, self.told()

    def workers_ready(self) -> int:
        """Return how many workers wait for jobs."""
        logs = [path.read_text("utf-8", "replace") for path in (self.home / "logs").glob("worker-*.log")]
        return sum("Listening on" in log for log in logs)

    def told(self) -> str:
        """End the program and return what it printed."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.communicate(timeout=10)[0]

    def close(self) -> None:
        """Let go of the program's output, whatever became of it."""
        self.told()


@contextmanager
def serving(home: Path, **options: object) -> Iterator[Program]:
    """Run a program until the context ends, waiting until it is up."""
    program = Program(home, **options)
    try:
        program.wait_until_up()
        yield program
    finally:
        program.close()


def environment(home: Path) -> dict[str, str]:
    """Return what a program of ours is started with: this process's variables, a home, and nobody outside to ask."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return kept | {"REWRAPPED_HOME": str(home), "REWRAPPED_GENRES_ONLINE": "0", "PYTHONDONTWRITEBYTECODE": "1"}


def run(home: Path, *words: str, prefix: Sequence[str] = (), **options: object) -> subprocess.CompletedProcess[str]:
    """Run Python in a home with some arguments, to its end."""
    return subprocess.run(
        [*prefix, sys.executable, *words],
        env=environment(home),
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        **options,
    )


def a_user(home: Path) -> subprocess.Popen[str]:
    """Start a process that uses the servers until its input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(home)],
        env=environment(home),
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def leave(user: subprocess.Popen[str]) -> None:
    """Let a user end as it wants to."""
    user.communicate(timeout=30)
