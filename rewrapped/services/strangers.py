"""How many people who aren't signed in a network counts as: a few a day.

A browser that was here before proves it by its visit cookie, and anybody gets
one of those with each page they ask for. So the first few visits of a network
in a day (UTC) are counted as people, and further ones as nobody. A network is
an IPv4 address or a /64 of IPv6; of a /48, which one customer may have whole,
somewhat more are.

Counted in Redis for all processes together, for that day alone; while Redis is
away each process counts in its own memory. Networks and visits are keyed digests.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Iterator
from threading import Lock
from typing import Final

from redis import RedisError

from rewrapped.deps import Deps
from rewrapped.services import throttle
from rewrapped.services.throttle import Budget

MOST: Final = 20  # people of a network and day
MOST_OF_BLOCK: Final = 100  # of a /48 of IPv6

_KEPT_S: Final = 24 * 60 * 60
_MEMORY_KEYS: Final = 10_000

_SCRIPT: Final = """
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 1 then return 1 end
if redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""

_memory: OrderedDict[str, set[str]] = OrderedDict()
_memory_lock = Lock()


def admit(deps: Deps, address: str, visit: str) -> bool:
    """Return whether a visit counts as one of the people whom its network has today."""
    return all(_admit(deps, budget, visit) for budget in _budgets(deps, address))


def _budgets(deps: Deps, address: str) -> Iterator[Budget]:
    """Yield what a visit is counted against, the network first: one that is full uses up nothing of its block."""
    day, network = deps.now().date(), throttle.network(address)
    yield Budget("strangers", f"{day} {network}", MOST)
    if network.endswith("/64"):
        block = ipaddress.IPv6Network(network).supernet(new_prefix=48)
        yield Budget("strangers", f"{day} {block}", MOST_OF_BLOCK)


def _admit(deps: Deps, budget: Budget, visit: str) -> bool:
    key = throttle.key_of(deps, budget)
    who = throttle.key_of(deps, Budget("visit", visit, 1))
    if deps.redis_rest.is_on():
        return _in_memory(key, who, budget.free)
    try:
        return bool(deps.redis.eval(_SCRIPT, 1, key, who, str(budget.free), str(_KEPT_S)))
    except RedisError:
        deps.redis_rest.begin()
        return _in_memory(key, who, budget.free)


def _in_memory(key: str, who: str, most: int) -> bool:
    with _memory_lock:
        known = _memory.setdefault(key, set())
        _memory.move_to_end(key)
        if who not in known and len(known) >= most:
            return False
        known.add(who)
        while len(_memory) > _MEMORY_KEYS:
            _memory.popitem(last=False)
        return True
