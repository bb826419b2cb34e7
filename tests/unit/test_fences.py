"""The fences that `make check` holds around pages and the launcher: they bite, and nothing stands outside of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rewrapped.settings import CHECKOUT

ALLOWED = {"charts", "components", "domain", "errors", "history", "services", "ui"}
LAYERS = {path.stem for path in (CHECKOUT / "rewrapped").iterdir() if path.suffix in ("", ".py")}


def ruff(code: str, place: str) -> str:
    """Return what the linter says of code in a place of the checkout."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--no-cache",
        "--select",
        "TID251",
        "--stdin-filename",
        place,
        "-",
    ]
    done = subprocess.run(command, input=code, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    return done.stdout


def imports(place: str, modules: list[str]) -> str:
    """Return what the linter says of a file in a place that imports modules."""
    return ruff("".join(f"import {module}\n" for module in modules), place)


def is_banned(told: str, module: str) -> bool:
    return f"`{module}` is banned" in told


def test_pages_reach_no_layer_but_those_they_put_together() -> None:
    ours = sorted(f"rewrapped.{name}" for name in LAYERS if not name.startswith("__"))
    told = imports("pages/terms.py", ours)
    assert {name.removeprefix("rewrapped.") for name in ours if not is_banned(told, name)} == ALLOWED


@pytest.mark.parametrize("place", ["pages/terms.py", "pages/deeper/terms.py", "app.py"])
def test_pages_and_the_launcher_reach_no_library_of_another_layer(place: str) -> None:
    libraries = ["fastapi", "requests", "rq", "spotipy", "sqlalchemy", "starlette"]
    told = imports(place, libraries)
    assert [name for name in libraries if is_banned(told, name)] == libraries


@pytest.mark.parametrize(
    "line",
    [
        "from rewrapped import storage",
        "from rewrapped.storage import people",
        "from rewrapped.storage.people import Person",
        "def late():\n    from rewrapped.storage import people",
        "from sqlalchemy.engine import Engine",
    ],
)
def test_the_fence_holds_in_every_way_of_importing(line: str) -> None:
    assert "is banned" in ruff(f"{line}\n", "pages/terms.py")


def test_pages_may_use_streamlit() -> None:
    assert "is banned" not in imports("pages/terms.py", ["streamlit"])


def test_every_page_is_within_the_fence() -> None:
    pages = [str(path) for path in sorted((CHECKOUT / "pages").glob("*.py"))]
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", *pages, str(CHECKOUT / "app.py")]
    assert subprocess.run(command, cwd=CHECKOUT, capture_output=True, check=False, timeout=60).returncode == 0
    told = "".join(Path(page).read_text("utf-8") for page in pages)
    assert "TID251" not in told


def test_the_site_starts_without_loading_the_programming_interface() -> None:
    code = "import sys, rewrapped.web.server; print(*sorted({'fastapi', 'rewrapped.web.v1'} & sys.modules.keys()))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
