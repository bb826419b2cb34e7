"""What an installation is made of: pins that agree with their bounds, and a server that only this machine reaches."""

from __future__ import annotations

import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from rewrapped import __version__, bootstrap
from rewrapped.clients.http import Surroundings
from rewrapped.deps import utc_now
from rewrapped.settings import CHECKOUT, Settings

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


def test_the_program_knows_its_version() -> None:
    assert __version__ == PROJECT["version"]


@pytest.mark.parametrize(
    ("name", "agent"),
    [
        ("Music Re-Wrapped", "Music-Re-Wrapped/0.1.0 ( https://music.example.org )"),
        ("Zoës (Musik)\r\nX: y", "Zo-s-Musik-X-y/0.1.0 ( https://music.example.org )"),
        ("音楽", "Music-Re-Wrapped/0.1.0 ( https://music.example.org )"),
    ],
)
def test_who_asks_outside_services_says_so_in_a_header_that_any_name_fits(name: str, agent: str) -> None:
    settings = Settings(product_name=name, base_url="https://music.example.org")
    assert bootstrap._user_agent(settings).replace(__version__, "0.1.0") == agent


def test_nobody_is_asked_for_genres_where_that_is_switched_off() -> None:
    addresses = {"database_url": "postgresql://u@127.0.0.1:9/d", "redis_url": "redis://127.0.0.1:9"}
    for is_on, key in ((False, None), (True, None), (True, "a key")):
        settings = Settings(**addresses, genres_online=is_on, lastfm_api_key=key)
        sources = bootstrap._genre_sources(settings, Surroundings([].append, utc_now))
        assert (sources is not None, bool(sources and sources.lastfm)) == (is_on, key is not None)
