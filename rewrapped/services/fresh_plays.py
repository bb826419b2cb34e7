"""Plays as Spotify tells them: fetched when they are due, stored under the listener's lock, counted once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.plays import Kind, Source
from rewrapped.domain.spotify import EVERY, SCOPES, ApiPlay
from rewrapped.errors import AccountRefused, IntegrationError, RateLimited, ReconnectNeeded
from rewrapped.importers.rows import ROW, Identity, Rows
from rewrapped.services import asking, intake, spotify_tokens
from rewrapped.services.throttle import Budget, count_try
from rewrapped.storage import people, plays
from rewrapped.storage import spotify_accounts as rows
from rewrapped.storage.spotify_accounts import SpotifyAccount
from rewrapped.storage.sweeps import Pause

log = logging.getLogger(__name__)

_AT_ONCE = 50  # listeners a tick
_AGAIN = timedelta(minutes=5)  # after a trouble that passes
_LATER = timedelta(hours=6)  # after one that somebody has to see to
_LOCK_S = 5
_SERVICE = "spotify"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def pause(deps: Deps) -> Pause | None:
    """Return until when Spotify asked this whole site to wait, None where it may be asked."""
    return asking.pause(deps, _SERVICE)


def enqueue(deps: Deps, user_id: int) -> None:
    """Have somebody's plays fetched soon; once, however often this is asked."""
    deps.queue.enqueue("fetch_plays", user_id, key=f"fetch-plays-{user_id}")


def fetch_now(deps: Deps, visitor: Visitor) -> None:
    """Have the visitor's plays fetched as soon as a worker is free; ten times an hour at most.

    Raises:
        SignInNeeded, AccessDenied: nobody is signed in, or it is the sample data.
        TooMany: they asked too often.
        StoreDown: the queue doesn't answer.
    """
    user_id = visitor.writer()
    count_try(deps, Budget("fetch plays", str(user_id), 10))
    with deps.engine.begin() as conn:  # a job of theirs that is just ending keeps its key: the tick then finds it due
        rows.set_account(conn, user_id, next_refresh_at=deps.now())
    enqueue(deps, user_id)


def enqueue_due(deps: Deps) -> int:
    """Have the plays fetched that are due, unless Spotify asked us to wait; return of how many people. For the tick."""
    if deps.spotify is None or pause(deps) is not None:
        return 0
    with deps.engine.connect() as conn:
        due = rows.list_due(conn, deps.now(), _AT_ONCE)
    for user_id in due:
        enqueue(deps, user_id)
    return len(due)


def fetch(deps: Deps, user_id: int) -> int:
    """Fetch somebody's latest plays with one question; return how many were new.

    Safe to run twice: of one moment there is one play. What goes wrong is noted
    with when to try again, and shown to the listener.

    Raises:
        IntegrationError: Spotify failed us, and no play was stored.
        Conflict: an import began meanwhile; no play was stored, and it is due again.
        NotFound: this site has no way to Spotify.
    """
    spotify = spotify_tokens.client(deps)
    account = _begin(deps, user_id)
    if account is None:
        return 0
    try:
        if SCOPES["fresh plays"] not in account.scopes.split():
            raise ReconnectNeeded("Spotify", "wasn't allowed to show us your plays. Connect it again, and leave it so")
        found = spotify_tokens.ask(deps, user_id, spotify.recent_plays)
    except IntegrationError as error:
        _note(deps, account, error)
        raise
    return _store(deps, account, found)


def _begin(deps: Deps, user_id: int) -> SpotifyAccount | None:
    """Return the account to ask about, None where nobody is to be asked just now."""
    if pause(deps) is not None:
        return None
    with deps.engine.begin() as conn:
        account, person = rows.find_account(conn, user_id), people.find_person(conn, user_id)
        if account is None or person is None or person.history_consent_at is None:
            return None
        # whatever ends this run halfway, no tick asks again at once
        rows.set_account(conn, user_id, next_refresh_at=deps.now() + _AGAIN)
        is_free = plays.try_lock_listener(conn, user_id)  # what is told during an import couldn't be stored
    return account if is_free else None


def _note(deps: Deps, account: SpotifyAccount, error: IntegrationError) -> None:
    now = deps.now()
    needs_somebody = isinstance(error, ReconnectNeeded | AccountRefused)
    values: dict[str, Any] = {"next_refresh_at": now + (_LATER if needs_somebody else _AGAIN), "trouble": str(error)}
    with deps.engine.begin() as conn:
        if isinstance(error, RateLimited):  # it counts what the whole site asks
            asking.rest(deps, conn, _SERVICE, error)
        rows.set_account(conn, account.user_id, account_id=account.account_id, **values)


def _store(deps: Deps, account: SpotifyAccount, found: Sequence[ApiPlay]) -> int:
    """Store plays unless the account was left meanwhile, or another took its place; return how many were new."""
    user_id, now, new = account.user_id, deps.now(), 0
    with deps.engine.begin() as conn:
        plays.lock_listener(conn, user_id, wait_s=_LOCK_S)
        held = rows.find_account(conn, user_id)
        if held is None or held.account_id != account.account_id:
            return 0
        if found:
            identities, told, lengths = _as_rows(found)
            settled = intake.store_told(deps, conn, user_id, identities, told, lengths, Source.SPOTIFY_API)
            new = int(np.count_nonzero(settled.new | settled.improves))
        if new:
            plays.raise_history_version(conn, user_id)
        done: dict[str, Any] = {"next_refresh_at": now + EVERY, "fetched_at": now, "trouble": None}
        rows.set_account(conn, user_id, **done)
    if new:
        deps.signals.send(user_id)
    return new


def _as_rows(found: Sequence[ApiPlay]) -> tuple[list[Identity], Rows, intake.Ids]:
    """Return identities, rows and the tracks' lengths; how long a play was heard isn't told, which 0 stands for."""
    numbers: dict[Identity, int] = {}
    lengths: list[int] = []
    told = np.zeros(len(found), ROW)
    for place, play in enumerate(found):
        identity = _identity(play)
        if identity not in numbers:
            numbers[identity] = len(numbers)
            lengths.append(play.duration_ms)
        told[place]["reported_at"] = told[place]["ended_at"] = (play.played_at - _EPOCH) // timedelta(microseconds=1)
        told[place]["identity"] = numbers[identity]
    return list(numbers), told, np.array(lengths, np.int64)


def _identity(play: ApiPlay) -> Identity:
    """Return what was played; a local file goes by its names, as its address is made of what the file says."""
    uri = play.uri if play.uri.startswith("spotify:track:") else None
    return Identity(int(Kind.TRACK), uri, play.title, play.artist, play.album)
