"""What must not be read where it is stored: encrypted with the site's token keys, of which the first is the newest."""

from __future__ import annotations

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from rewrapped.deps import Site
from rewrapped.errors import SetupError

_HOW = (
    "REWRAPPED_TOKEN_KEYS is a list of keys with commas between, the newest first; one is made by:"
    ' python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
)


def check(keys: str) -> None:
    """Make sure that token keys can be used.

    Raises:
        SetupError: they can't; the text says how one is made.
    """
    _fernet(keys)


def seal(site: Site, secret: str) -> str:
    """Return a secret as it may be stored."""
    return _fernet(site.token_keys).encrypt(secret.encode()).decode()


def unseal(site: Site, sealed: str) -> str | None:
    """Return a stored secret; None when none of our keys fits: the one it was sealed with was taken away."""
    try:
        return _fernet(site.token_keys).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def reseal(site: Site, sealed: str) -> str | None:
    """Return a stored secret sealed with the newest key; None when it is already, or can't be read."""
    newest = Fernet(_keys(site.token_keys)[0])
    try:
        newest.decrypt(sealed.encode())
    except InvalidToken:
        secret = unseal(site, sealed)
        return None if secret is None else seal(site, secret)
    return None


def _keys(keys: str) -> list[str]:
    return [key.strip() for key in keys.split(",") if key.strip()]


@cache
def _fernet(keys: str) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in _keys(keys)])
    except ValueError as error:
        raise SetupError(_HOW) from error
