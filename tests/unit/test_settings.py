"""Settings: what counts as this machine, for the port we listen on and for the hosts we answer to alike."""

from __future__ import annotations

import pytest

from rewrapped.embedded.supervisor import own_port
from rewrapped.errors import SetupError
from rewrapped.settings import Settings, is_loopback, load
from rewrapped.web.policy import Policy
from tests.embedded.program import CHECKOUT

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


def test_a_setting_that_cannot_be_used_is_named_as_it_was_set_and_its_value_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REWRAPPED_SECRET_KEY", "too short, and secret")
    monkeypatch.setenv("REWRAPPED_REGISTRATION", "perhaps")
    with pytest.raises(SetupError) as caught:
        load()
    assert "REWRAPPED_SECRET_KEY (" in str(caught.value)
    assert "REWRAPPED_REGISTRATION (" in str(caught.value)
    assert "too short" not in str(caught.value)
    assert "perhaps" not in str(caught.value)


def test_the_manual_names_every_setting() -> None:
    manual = (CHECKOUT / "docs" / "running.md").read_text("utf-8")
    names = [field.validation_alias or f"REWRAPPED_{name}".upper() for name, field in Settings.model_fields.items()]
    assert [name for name in names if f"| `{name}` |" not in manual] == []
