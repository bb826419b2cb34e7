"""Hash and check passwords: argon2id, two at a time, so that sign-ins can't use up the memory (64 MiB each)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rewrapped.errors import TooMany

_AT_ONCE = BoundedSemaphore(2)
_WAIT_S = 5.0
_hasher = PasswordHasher()  # argon2id, 64 MiB, 3 passes: RFC 9106's second choice

#: The hash of a random text nobody kept: checked when there is no account, so that both answers take equally long.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$DhXN/i71n9oi4mAKO+TsEA$QOQHt9c7+jrk09/8FtuYN2NY4Jkj5CYqaklWlOUR+jo"


def hash_password(password: str) -> str:
    """Return the argon2id hash of a clean password.

    Raises:
        TooMany: more sign-ins are under way than this machine can check.
    """
    with _turn():
        return _hasher.hash(password)


def is_right(password: str, stored: str | None) -> bool:
    """Return whether the password fits the hash; None stands for an account that isn't there, and takes as long.

    Raises:
        TooMany: more sign-ins are under way than this machine can check.
    """
    with _turn():
        try:
            return _hasher.verify(stored or NOBODY, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Return whether a hash was made with other costs than today's."""
    return _hasher.check_needs_rehash(stored)


@contextmanager
def _turn() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=_WAIT_S):
        raise TooMany("Many people are signing in just now. Please try again in a few seconds.", retry_after_s=5)
    try:
        yield
    finally:
        _AT_ONCE.release()
