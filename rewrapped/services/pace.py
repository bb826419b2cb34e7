"""How fast somebody may ask: a steady pace with room for a burst, counted for all processes together.

One moment is kept for each asker: when they would be even with the pace. A request moves it on by its share of a
minute, and is refused while it lies further ahead than the burst reaches. While Redis is away each process counts
in its own memory. Keys are keyed digests, as the throttle's are.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from redis import RedisError

from rewrapped.deps import Deps
from rewrapped.errors import TooMany
from rewrapped.services import throttle
from rewrapped.services.throttle import Budget

_MEMORY_KEYS = 10_000

_SCRIPT = """
local now, step, room = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local even = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
if even - now > room then return even - now - room end
redis.call('SET', KEYS[1], even + step, 'PX', room + 2 * step)
return 0
"""

_memory: OrderedDict[str, int] = OrderedDict()
_memory_lock = Lock()


@dataclass(frozen=True, slots=True)
class Pace:
    """`per_minute` requests in the long run, of which `burst` may come at once; `kind` and `who` name the asker."""

    kind: str
    who: str
    per_minute: int
    burst: int


def keep(deps: Deps, pace: Pace) -> None:
    """Count one request.

    Raises:
        TooMany: it comes too soon, and isn't counted.
    """
    step_ms = 60_000 // pace.per_minute
    figures = (int(deps.now().timestamp() * 1000), step_ms, step_ms * (pace.burst - 1))
    key = throttle.key_of(deps, Budget(pace.kind, pace.who, pace.burst))
    wait_ms = _in_memory(key, *figures) if deps.redis_rest.is_on() else _in_redis(deps, key, *figures)
    if wait_ms > 0:
        wait_s = -(-wait_ms // 1000)
        raise TooMany(f"Too many requests. Please wait {throttle.wait_words(wait_s)}.", retry_after_s=wait_s)


def _in_redis(deps: Deps, key: str, now_ms: int, step_ms: int, room_ms: int) -> int:
    """Return how many milliseconds are to wait, 0 when the request was counted and may go on."""
    try:
        return int(deps.redis.eval(_SCRIPT, 1, key, str(now_ms), str(step_ms), str(room_ms)))
    except RedisError:
        deps.redis_rest.begin()
        return _in_memory(key, now_ms, step_ms, room_ms)


def _in_memory(key: str, now_ms: int, step_ms: int, room_ms: int) -> int:
    with _memory_lock:
        even = max(now_ms, _memory.get(key, 0))
        if even - now_ms > room_ms:
            return even - now_ms - room_ms
        _memory[key] = even + step_ms
        _memory.move_to_end(key)
        while len(_memory) > _MEMORY_KEYS:
            _memory.popitem(last=False)
        return 0
