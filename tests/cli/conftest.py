"""Commands as a person runs them, each a program of its own, on the test servers and in a temporary home."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rewrapped.deps import Deps
from rewrapped.embedded.servers import Urls

CHECKOUT = Path(__file__).resolve().parents[2]

Done = subprocess.CompletedProcess[str]
Python = Callable[..., Done]


@pytest.fixture
def python(deps: Deps, database_url: str, servers: Urls, tmp_path: Path) -> Python:
    """Run Python to its end with these words, and with a text for its standard input."""
    assert deps.engine.url.database in database_url  # its tables are empty
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "REDIS_URL": servers.redis or "",
        "REWRAPPED_HOME": str(tmp_path / "home"),
        "REWRAPPED_SECRET_KEY": "a secret of the tests, 32 bytes!",
        "REWRAPPED_TOKEN_KEYS": "t" * 43 + "=",
        "REWRAPPED_GENRES_ONLINE": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    def run(*words: str, says: str = "") -> Done:
        return subprocess.run(
            [sys.executable, *words],
            env=environment,
            cwd=CHECKOUT,
            input=says,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


@pytest.fixture
def command(python: Python) -> Python:
    """Run a command of ours."""

    def run(*words: str, says: str = "") -> Done:
        return python("-m", "rewrapped", *words, says=says)

    return run


def told(done: Done) -> str:
    """Return what a command printed that was done."""
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def refused(done: Done) -> str:
    """Return the one sentence of a refusal."""
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    return done.stderr


def called_wrongly(done: Done) -> str:
    """Return what a command said that was called wrongly."""
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: ")
    return done.stderr
