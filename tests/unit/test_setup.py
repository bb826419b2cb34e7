"""What an installation is made of: pins that agree with their bounds, and a server that only this machine reaches."""

from __future__ import annotations

import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from rewrapped.settings import CHECKOUT

PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
NEEDED = PROJECT["dependencies"]


def pins(name: str) -> dict[str, str]:
    """Return the versions a file pins, by name."""
    lines = (line.strip() for line in (CHECKOUT / name).read_text("utf-8").splitlines())
    found = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in found}


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("requirements.txt", NEEDED),
        ("requirements-dev.txt", NEEDED + PROJECT["optional-dependencies"]["dev"]),
    ],
)
def test_every_dependency_has_a_pin_within_its_bound(file: str, wanted: list[str]) -> None:
    pinned = pins(file)
    bounds = [Requirement(line) for line in wanted]
    outside = [one for one in bounds if not one.specifier.contains(pinned.get(canonicalize_name(one.name), "0"))]
    assert outside == []


def test_what_is_pinned_for_running_is_pinned_alike_for_developing() -> None:
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


def test_the_site_listens_on_this_machine_alone_and_tells_nobody_of_its_use() -> None:
    config = tomllib.loads((CHECKOUT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert config["server"]["address"] == "127.0.0.1"
    assert config["browser"]["gatherUsageStats"] is False
