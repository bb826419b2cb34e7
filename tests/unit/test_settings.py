"""Settings: what counts as this machine, for the port we listen on and for the hosts we answer to alike."""

from __future__ import annotations

import pytest

from rewrapped.embedded.supervisor import own_port
from rewrapped.settings import Settings, is_loopback
from rewrapped.web.policy import Policy

HERE = ["127.0.0.1", "127.0.0.2", "LocalHost", "[::1]"]
ELSEWHERE = ["", "0.0.0.0", "10.0.0.1", "127.0.0.1.example.org", "127.1", "::1", "[::1", "a@127.0.0.1", "127.0.0.1\n"]


@pytest.mark.parametrize("host", HERE)
def test_this_machine_is_known_under_its_names(host: str) -> None:
    assert is_loopback(host)
    assert is_loopback(f"{host}:8501")


@pytest.mark.parametrize("host", ELSEWHERE)
def test_nothing_else_counts_as_this_machine(host: str) -> None:
    assert not is_loopback(host)
    assert not is_loopback(f"{host}:8501")


@pytest.mark.parametrize("host", ["127.0.0.2", "localhost", "[::1]", "music.example.org"])
def test_supervisor_and_site_agree_on_what_this_machine_is(host: str) -> None:
    url = f"http://{host}:9000"
    is_ours = own_port(url) is not None
    assert Policy.of(Settings(base_url=url)).is_loopback == is_ours
