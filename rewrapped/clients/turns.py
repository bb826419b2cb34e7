"""Turns at outside services, given out by Redis: all processes together keep one pace."""

from __future__ import annotations

from redis import Redis, RedisError

_PREFIX = "rewrapped:turn:"
_FARTHEST_MS = 60_000

# When the service is free again is kept by Redis's own clock, which all processes share. A moment that lies
# too far ahead can only come from a clock that was set back, and counts for nothing.
_SCRIPT = """
local time, step, farthest = redis.call('TIME'), tonumber(ARGV[1]), tonumber(ARGV[2])
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local free = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
if free - now > farthest then free = now end
redis.call('SET', KEYS[1], string.format('%d', free + step), 'PX', farthest + step)
return free - now
"""


class RedisTurns:
    """A `Turns`: each turn that is taken moves the next one on by the service's pause."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def wait_s(self, service: str, pause_s: float) -> float | None:
        """Take the next turn at a service; return the seconds until it comes, None without Redis."""
        try:
            wait_ms = self._redis.eval(_SCRIPT, 1, _PREFIX + service, str(round(pause_s * 1000)), str(_FARTHEST_MS))
        except RedisError:
            return None
        return int(wait_ms) / 1000
