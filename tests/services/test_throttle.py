"""Slowing down guessing: by network and account, in any spelling, without keeping the owner out."""

from __future__ import annotations

import pytest

from rewrapped.deps import Deps
from rewrapped.errors import InvalidInput, TooMany
from rewrapped.services import accounts, throttle
from rewrapped.services.accounts import Caller
from tests.conftest import Clock
from tests.services.test_accounts import AWAY, PASSWORD, register


def outcome(deps: Deps, email: str, caller: Caller) -> type[Exception]:
    with pytest.raises((InvalidInput, TooMany)) as caught:
        accounts.sign_in(deps, email, "some wrong password", caller)
    return caught.type


def test_an_attack_from_elsewhere_never_keeps_the_owner_out(deps: Deps, clock: Clock) -> None:
    register(deps)
    everywhere = throttle.Budget("everywhere", "jane@example.org", 200)
    for _ in range(200):
        throttle.count_try(deps, everywhere)
    for _ in range(5):  # as long as it goes on
        for number in range(3):
            outcome(deps, "jane@example.org", Caller(f"198.51.100.{number}"))
        assert accounts.sign_in(deps, "jane@example.org", PASSWORD, AWAY).token
        clock.advance(minutes=30)


def test_many_networks_together_get_no_second_try_each_once_the_account_had_its_share(deps: Deps) -> None:
    register(deps)
    everywhere = throttle.Budget("everywhere", "jane@example.org", 200)
    for _ in range(200):
        throttle.count_try(deps, everywhere)
    assert outcome(deps, "jane@example.org", Caller("198.51.100.1")) is InvalidInput
    assert outcome(deps, "jane@example.org", Caller("198.51.100.1")) is TooMany


def test_refused_tries_of_one_network_do_not_use_up_the_accounts_share(deps: Deps) -> None:
    register(deps)
    for _ in range(60):
        outcome(deps, "jane@example.org", Caller("198.51.100.1"))
    assert (
        int(deps.redis.hget(throttle.key_of(deps, throttle.Budget("everywhere", "jane@example.org", 200)), "tries"))
        == 5
    )


@pytest.mark.parametrize("known", [True, False])
def test_another_spelling_of_an_address_shares_its_budget_whether_it_is_known_or_not(deps: Deps, known: bool) -> None:
    if known:
        register(deps)
    assert [outcome(deps, "jane@example.org", AWAY) for _ in range(5)] == [InvalidInput] * 5
    assert outcome(deps, "\uff2a\uff21\uff2e\uff25@example.org", AWAY) is TooMany


@pytest.mark.parametrize(
    ("address", "stands"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_client_is_its_ipv4_address_or_its_64_of_ipv6(address: str, stands: str) -> None:
    assert throttle.network(address) == stands


def test_one_ipv6_network_cannot_try_many_accounts(deps: Deps) -> None:
    tried = [outcome(deps, f"p{number}@example.org", Caller(f"2001:db8::{number:x}")) for number in range(35)]
    assert tried.index(TooMany) == 30
