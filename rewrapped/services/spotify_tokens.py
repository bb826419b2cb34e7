"""Access to people's accounts at Spotify: sealed where it is stored, renewed by one process at a time.

Spotify may end a refresh token with its use. Whoever renews has the row to itself for a while, without holding a
connection; the others wait for what comes of it. A refusal counts only if the row still holds what was refused.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from rewrapped.clients.spotify import REVOKED, Spotify
from rewrapped.deps import Deps
from rewrapped.domain.days import day
from rewrapped.domain.notices import Kind, Notice
from rewrapped.domain.sitemap import CONNECTIONS
from rewrapped.domain.spotify import LASTS, WARNINGS, Account, Tokens, ends_at
from rewrapped.errors import IntegrationError, NotFound, ReconnectNeeded, TokenRefused, Unavailable
from rewrapped.services import notices, sealing
from rewrapped.storage import notifications
from rewrapped.storage import spotify_accounts as rows
from rewrapped.storage.spotify_accounts import SpotifyAccount

Found = TypeVar("Found")

_RENEWING = timedelta(seconds=60)  # longer than a question to Spotify can take
_WAIT_S, _LOOK_EVERY_S = 40.0, 0.05
_SPARE = timedelta(seconds=60)  # a token that is about to end isn't handed out
_AT_ONCE = 500
_KEY_LOST = "has to be connected again: this site can't read any more what it was let in with"


def client(deps: Deps) -> Spotify:
    """Return the way to Spotify.

    Raises:
        NotFound: this site has none.
    """
    if deps.spotify is None:
        raise NotFound("This site isn't connected to Spotify.")
    return deps.spotify


def agreed(deps: Deps, user_id: int, account: Account, tokens: Tokens) -> SpotifyAccount:
    """Return what somebody agreed to just now as it is stored: due for its first plays."""
    now = deps.now()
    return SpotifyAccount(
        user_id=user_id,
        account_id=account.id,
        name=account.name,
        refresh_token=sealing.seal(deps.site, tokens.refresh or ""),
        access_token=sealing.seal(deps.site, tokens.access),
        access_expires_at=tokens.expires_at,
        scopes=" ".join(sorted(tokens.scopes)),
        authorized_at=now,
        next_refresh_at=now,
    )


def ask(deps: Deps, user_id: int, question: Callable[[str], Found]) -> Found:
    """Return what Spotify answers to a question that is handed an access token; renewed once if it isn't taken.

    Raises:
        ReconnectNeeded: somebody has to connect their account (again).
        IntegrationError: Spotify failed us.
    """
    token = access_token(deps, user_id)
    try:
        return question(token)
    except TokenRefused:
        return question(access_token(deps, user_id, refused=token))


def access_token(deps: Deps, user_id: int, *, refused: str | None = None) -> str:
    """Return an access token that is good for a minute at least, renewed where it has to be.

    `refused` is one that Spotify didn't take, whatever its time.

    Raises:
        ReconnectNeeded: nothing is connected, or access was withdrawn.
        Unavailable: Spotify doesn't answer, or somebody else's renewing doesn't end.
    """
    until = time.monotonic() + _WAIT_S
    while True:
        with deps.engine.connect() as conn:
            account = rows.find_account(conn, user_id)
        if account is None or account.refresh_token is None:
            raise ReconnectNeeded("Spotify", REVOKED if account else "isn't connected")
        token = _usable(deps, account)
        if token is not None and token != refused:
            return token
        renewed = _renewed(deps, account)
        if renewed is not None:
            return renewed
        if time.monotonic() > until:
            raise Unavailable("Spotify", "is being asked by another process, which doesn't come to an end")
        time.sleep(_LOOK_EVERY_S)


def stored_token(deps: Deps, user_id: int) -> str | None:
    """Return the access token that is stored, None unless it is good for a minute yet; nobody is asked."""
    with deps.engine.connect() as conn:
        account = rows.find_account(conn, user_id)
    return None if account is None or account.refresh_token is None else _usable(deps, account)


def _usable(deps: Deps, account: SpotifyAccount) -> str | None:
    if account.access_token is None or account.access_expires_at is None:
        return None
    is_good = account.access_expires_at > deps.now() + _SPARE
    return sealing.unseal(deps.site, account.access_token) if is_good else None


def _renewed(deps: Deps, account: SpotifyAccount) -> str | None:
    """Renew the tokens unless somebody else does; return the access token, None when the row is to be read again.

    Raises:
        ReconnectNeeded: Spotify doesn't take the refresh token, and nobody has stored another one since.
    """
    sealed = account.refresh_token or ""
    with deps.engine.begin() as conn:
        if not rows.take_renewing(conn, account.user_id, sealed, deps.now(), deps.now() + _RENEWING):
            return None
    try:
        tokens = client(deps).refresh(_unsealed(deps, sealed))
    except ReconnectNeeded as error:
        if _revoke(deps, account, str(error)):
            raise
        return None
    except IntegrationError:
        _let_go(deps, account)
        raise
    return tokens.access if _store(deps, account, tokens) else None


def _unsealed(deps: Deps, sealed: str) -> str:
    """Return a refresh token.

    Raises:
        ReconnectNeeded: the key it was sealed with is gone.
    """
    token = sealing.unseal(deps.site, sealed)
    if not token:
        raise ReconnectNeeded("Spotify", _KEY_LOST)
    return token


def _store(deps: Deps, account: SpotifyAccount, tokens: Tokens) -> bool:
    refresh = sealing.seal(deps.site, tokens.refresh) if tokens.refresh else account.refresh_token
    values = {
        "access_token": sealing.seal(deps.site, tokens.access),
        "access_expires_at": tokens.expires_at,
        "scopes": " ".join(sorted(tokens.scopes)) or account.scopes,
    }
    with deps.engine.begin() as conn:
        old = account.refresh_token or ""
        return rows.replace_tokens(conn, account.account_id, old, refresh_token=refresh, **values) is not None


def _let_go(deps: Deps, account: SpotifyAccount) -> None:
    with deps.engine.begin() as conn:
        rows.replace_tokens(conn, account.account_id, account.refresh_token or "")


def _revoke(deps: Deps, account: SpotifyAccount, reason: str) -> bool:
    """Forget tokens that are worth nothing, and tell whose they were; return False when others took their place."""
    notice = Notice(Kind.CONNECTION, reason, CONNECTIONS, f"spotify-over-{account.authorized_at:%Y%m%d%H%M%S}")
    nothing = dict.fromkeys(("refresh_token", "access_token", "access_expires_at"))
    with deps.engine.begin() as conn:
        old = account.refresh_token or ""
        user_id = rows.replace_tokens(conn, account.account_id, old, trouble=reason, **nothing)
        if user_id is None:
            return False
        notifications.add_notification(conn, user_id, notice, deps.now())
    notices.wake(deps, [user_id])
    return True


# By the clock -------------------------------------------------------------------------------------


def warn_of_end(deps: Deps) -> int:
    """Tell people a month and a week before Spotify stops letting us in; return how many were told. Idempotent."""
    now = deps.now()
    with deps.engine.connect() as conn:
        ending = rows.list_authorized_until(conn, now + max(WARNINGS) - LASTS)
    told = []
    for user_id, authorized_at in ending:
        end = ends_at(authorized_at)
        stage = next((before.days for before in WARNINGS if now >= end - before), 0)
        if end <= now or not stage:
            continue
        body = f"Spotify stops letting us in on {day(end.date())}. Connect it again, and your plays stay fresh."
        notice = Notice(Kind.CONNECTION, body, CONNECTIONS, f"spotify-ends-{authorized_at:%Y%m%d%H%M%S}-{stage}")
        with deps.engine.begin() as conn:
            if notifications.add_notification(conn, user_id, notice, now):
                told.append(user_id)
    notices.wake(deps, told)
    return len(told)


def reseal(deps: Deps) -> int:
    """Seal stored tokens with the newest key where they aren't; return how many people's were. Idempotent."""
    count, after_id = 0, 0
    while True:
        with deps.engine.connect() as conn:
            user_ids = rows.list_sealed(conn, after_id, _AT_ONCE)
        if not user_ids:
            return count
        count += sum(_reseal_one(deps, user_id) for user_id in user_ids)
        after_id = user_ids[-1]


def _reseal_one(deps: Deps, user_id: int) -> bool:
    with deps.engine.connect() as conn:
        account = rows.find_account(conn, user_id)
    if account is None or account.refresh_token is None:
        return False
    old = account.refresh_token
    refresh, access = (sealing.reseal(deps.site, sealed) if sealed else None for sealed in (old, account.access_token))
    if refresh is None:
        return False
    values = {"refresh_token": refresh, "access_token": access or account.access_token}
    with deps.engine.begin() as conn:
        if not rows.take_renewing(conn, user_id, old, deps.now(), deps.now() + _RENEWING):
            return False  # somebody renews it just now, and seals it with the newest key
        return rows.replace_tokens(conn, account.account_id, old, **values) is not None
