"""Slow down guessing: after a few tries each further one waits twice as long as the last, 15 minutes at most.

Counted in Redis for all processes together; while Redis is away each process counts in its own memory.
A person's tries are counted by account and network together, so strangers elsewhere can't use them up, and the
first try of a network is never refused for what others do to the account: however long an attack goes on, the owner
has tries from elsewhere, and all of them in a browser that signed in before. What is counted ends an hour after
the last try. Keys are keyed digests, never addresses.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from redis import RedisError

from rewrapped.deps import Deps
from rewrapped.errors import TooMany

LONGEST_WAIT_S = 15 * 60
_FORGET_AFTER_S = 60 * 60  # after the last counted try
_MEMORY_KEYS = 10_000

# Count one try unless it comes too early; both at once, so that tries sent together can't slip through.
_SCRIPT = """
local now, free, longest, forget = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local open_at = tonumber(redis.call('HGET', KEYS[1], 'open_at') or '0')
if open_at > now then return open_at - now end
local tries = redis.call('HINCRBY', KEYS[1], 'tries', 1)
if tries >= free then
  redis.call('HSET', KEYS[1], 'open_at', now + math.min(longest, 1000 * 2 ^ math.min(tries - free, 30)))
end
redis.call('PEXPIRE', KEYS[1], forget)
return 0
"""

_REFUND = (
    "if tonumber(redis.call('HGET', KEYS[1], 'tries') or '0') > 0 then redis.call('HINCRBY', KEYS[1], 'tries', -1) end"
)


@dataclass(frozen=True, slots=True)
class Budget:
    """How many tries something has before waiting begins; `kind` and `who` name it."""

    kind: str
    who: str
    free: int


@dataclass(slots=True)
class _Tries:
    count: int = 0
    open_at_ms: int = 0
    seen_at_ms: int = 0


_memory: OrderedDict[str, _Tries] = OrderedDict()
_memory_lock = Lock()


def network(address: str) -> str:
    """Return what stands for a client: its IPv4 address, or its /64 of IPv6, of which one client has all."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def count_try(deps: Deps, *budgets: Budget) -> None:
    """Count one try against each budget in turn.

    Raises:
        TooMany: one of them asks to wait; those after it have not counted the try.
    """
    for budget in budgets:
        wait_ms = _count(deps, budget)
        if wait_ms > 0:
            wait_s = -(-wait_ms // 1000)
            raise TooMany(f"Too many tries. Please wait {wait_words(wait_s)} and try again.", retry_after_s=wait_s)


def count_sign_in(deps: Deps, own: Budget, everywhere: Budget) -> None:
    """Count a try by a network's own budget for an account, then by the account's for all networks together.

    Raises:
        TooMany: either asks to wait; the second not at the first try of a network.
    """
    is_first = not _has_tries(deps, own)
    count_try(deps, own)
    if is_first:
        _count(deps, everywhere)
    else:
        count_try(deps, everywhere)


def forgive(deps: Deps, *budgets: Budget) -> None:
    """Forget the tries counted against these budgets: the last one was right."""
    keys = [key_of(deps, budget) for budget in budgets]
    with _memory_lock:
        for key in keys:
            _memory.pop(key, None)
    try:
        deps.redis.delete(*keys)
    except RedisError:
        return  # what Redis counted ends by itself within the hour


def refund(deps: Deps, budget: Budget) -> None:
    """Take back the one try counted last: it was right, and others share this budget."""
    key = key_of(deps, budget)
    with _memory_lock:
        if key in _memory:
            _memory[key].count = max(0, _memory[key].count - 1)
    try:
        deps.redis.eval(_REFUND, 1, key)
    except RedisError:
        return  # then it was counted in memory


def _has_tries(deps: Deps, budget: Budget) -> bool:
    key = key_of(deps, budget)
    try:
        return bool(deps.redis.exists(key))
    except RedisError:
        with _memory_lock:
            tries = _memory.get(key)
            now_ms = int(deps.now().timestamp() * 1000)
            return tries is not None and now_ms - tries.seen_at_ms <= _FORGET_AFTER_S * 1000


def _count(deps: Deps, budget: Budget) -> int:
    """Return how many milliseconds are to wait, 0 when the try was counted and may go on."""
    key, now_ms = key_of(deps, budget), int(deps.now().timestamp() * 1000)
    figures = (now_ms, budget.free, LONGEST_WAIT_S * 1000, _FORGET_AFTER_S * 1000)
    try:
        return int(deps.redis.eval(_SCRIPT, 1, key, *map(str, figures)))
    except RedisError:
        return _count_in_memory(key, now_ms, budget.free)


def _count_in_memory(key: str, now_ms: int, free: int) -> int:
    with _memory_lock:
        tries = _memory.setdefault(key, _Tries())
        _memory.move_to_end(key)
        if now_ms - tries.seen_at_ms > _FORGET_AFTER_S * 1000:
            tries.count = tries.open_at_ms = 0
        if tries.open_at_ms > now_ms:
            return tries.open_at_ms - now_ms
        tries.count, tries.seen_at_ms = tries.count + 1, now_ms
        if tries.count >= free:
            tries.open_at_ms = now_ms + min(LONGEST_WAIT_S * 1000, 1000 * 2 ** min(tries.count - free, 30))
        while len(_memory) > _MEMORY_KEYS:
            _memory.popitem(last=False)
        return 0


def key_of(deps: Deps, budget: Budget) -> str:
    """Return what a budget is counted under."""
    digest = hmac.new(deps.site.secret_key, f"throttle\0{budget.kind}\0{budget.who}".encode(), "sha256")
    return f"throttle:{budget.kind}:{digest.hexdigest()[:32]}"


def wait_words(wait_s: int) -> str:
    """Return how long a wait is, for a sentence."""
    if wait_s < 90:
        return f"{wait_s} second{'s' if wait_s != 1 else ''}"
    return f"{-(-wait_s // 60)} minutes"
