"""Slow down guessing: after a few tries each further one waits twice as long as the last, 15 minutes at most.

Counted in Redis for all processes together; while Redis is away each process counts in its own memory.
Nothing here is kept for good, so nobody is locked out for good. Keys are keyed digests, never addresses.
"""

from __future__ import annotations

import hmac
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


def count_try(deps: Deps, *budgets: Budget) -> None:
    """Count one try against each budget.

    Raises:
        TooMany: one of them asks to wait; the others may have counted the try.
    """
    wait_ms = max((_count(deps, budget) for budget in budgets), default=0)
    if wait_ms > 0:
        wait_s = -(-wait_ms // 1000)
        raise TooMany(f"Too many tries. Please wait {_words(wait_s)} and try again.", retry_after_s=wait_s)


def forgive(deps: Deps, *budgets: Budget) -> None:
    """Forget the tries counted against these budgets: the last one was right."""
    keys = [_key(deps, budget) for budget in budgets]
    with _memory_lock:
        for key in keys:
            _memory.pop(key, None)
    try:
        deps.redis.delete(*keys)
    except RedisError:
        return  # what Redis counted ends by itself within the hour


def refund(deps: Deps, budget: Budget) -> None:
    """Take back the one try counted last: it was right, and others share this budget."""
    key = _key(deps, budget)
    with _memory_lock:
        if key in _memory:
            _memory[key].count = max(0, _memory[key].count - 1)
    try:
        deps.redis.eval(_REFUND, 1, key)
    except RedisError:
        return  # then it was counted in memory


def _count(deps: Deps, budget: Budget) -> int:
    """Return how many milliseconds are to wait, 0 when the try was counted and may go on."""
    key, now_ms = _key(deps, budget), int(deps.now().timestamp() * 1000)
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


def _key(deps: Deps, budget: Budget) -> str:
    digest = hmac.new(deps.site.secret_key, f"throttle\0{budget.kind}\0{budget.who}".encode(), "sha256")
    return f"throttle:{budget.kind}:{digest.hexdigest()[:32]}"


def _words(wait_s: int) -> str:
    if wait_s < 90:
        return f"{wait_s} second{'s' if wait_s != 1 else ''}"
    return f"{-(-wait_s // 60)} minutes"
