"""Answers of outside services, kept in Redis for a while; without Redis they are asked for again."""

from __future__ import annotations

import zlib

from redis import Redis, RedisError

_PREFIX = "rewrapped:answer:"
_LARGEST_BYTES = 2 * 1024**2  # packed


class RedisAnswers:
    """An `AnswerCache`: packed, bounded in size, gone by itself."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def get(self, key: str) -> bytes | None:
        """Return what was put under a key not too long ago, None where there is nothing or no Redis."""
        try:
            packed = self._redis.get(_PREFIX + key)
            return zlib.decompress(packed) if isinstance(packed, bytes) else None
        except (RedisError, zlib.error):
            return None

    def put(self, key: str, answer: bytes, keep_s: int) -> None:
        """Keep an answer for some seconds, if it isn't too large."""
        packed = zlib.compress(answer, 1)
        if len(packed) > _LARGEST_BYTES:
            return
        try:
            self._redis.set(_PREFIX + key, packed, ex=keep_s)
        except RedisError:
            return
