"""A person's names at ListenBrainz and Last.fm: connect one, see how it stands, take it away. `scrobbling` fetches.

Listens are public at both services, and whoever has a name can read them: a
name is taken as it is told. Nothing but the name leaves this site.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from rewrapped.deps import Deps
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.plays import Source
from rewrapped.domain.scrobbling import CALLED, SERVICES, SOONEST, State, clean_name
from rewrapped.errors import Conflict, InvalidInput, NotFound, StoreDown, Unavailable
from rewrapped.services import asking, scrobbling, settling, throttle
from rewrapped.storage import aggregates, own_names, people, plays
from rewrapped.storage import scrobbles as rows
from rewrapped.storage.scrobbles import Account
from rewrapped.storage.sweeps import Pause

log = logging.getLogger(__name__)

_TRIES = 20  # names looked up by one person before they wait
_REST = timedelta(seconds=20)  # between two visits that a person asks for


@dataclass(frozen=True, slots=True)
class Standing:
    """How one service stands for a person: `account` None is not connected, `pause` a rest it takes from everybody."""

    source: Source
    is_open: bool  # False: the operator has to give a key first
    account: Account | None
    pause: Pause | None

    @property
    def service(self) -> str:
        """Return its word in addresses."""
        return next(word for word, source in SERVICES.items() if source is self.source)


def list_connections(deps: Deps, visitor: Visitor) -> list[Standing]:
    """Return how each service stands for the visitor, or for the sample listener they look at.

    Raises:
        SignInNeeded: nobody is signed in, and the sample data isn't open.
    """
    user_id = visitor.listening_to()
    with deps.engine.connect() as conn:
        held = {account.source: account for account in rows.list_accounts(conn, user_id)}
    return [
        Standing(source, source in deps.listen_sources, held.get(source), asking.pause(deps, word))
        for word, source in SERVICES.items()
    ]


def connect(deps: Deps, visitor: Visitor, source: Source, name: str) -> None:
    """Look a name up at a service, and fetch its listens in the background from now on; the same name again is fine.

    Raises:
        SignInNeeded, AccessDenied: the visitor brings nothing in.
        InvalidInput: no user is called so, or the service isn't open here.
        NotFound: nobody is called so there.
        Conflict: another name is connected.
        TooMany: too many names were tried.
        IntegrationError: the service fails us.
    """
    user_id = visitor.allowed(Permission.IMPORT)
    wanted = clean_name(name)
    if source not in deps.listen_sources:
        raise InvalidInput(f"{CALLED.get(source, 'That')} can't be connected here: the site has no key for it.")
    if _holds(deps, user_id, source, wanted):
        return
    pause = asking.pause(deps, source.word)
    if pause is not None:
        raise Unavailable(CALLED[source], f"rests until {pause.resume_at:%Y-%m-%d %H:%M} UTC")
    throttle.count_try(deps, throttle.Budget("connect", str(user_id), _TRIES))
    found = deps.listen_sources[source].find(wanted)
    _add(deps, user_id, source, found.name, found.total)
    _enqueue(deps, user_id, source)


def _holds(deps: Deps, user_id: int, source: Source, name: str) -> bool:
    """Return whether this name is connected already; another one is a conflict."""
    with deps.engine.connect() as conn:
        account = rows.find_account(conn, user_id, source)
    if account is not None and account.name.casefold() != name.casefold():
        raise Conflict(f"You are connected to {CALLED[source]} as {account.name}. Disconnect that name first.")
    return account is not None


def _add(deps: Deps, user_id: int, source: Source, name: str, total: int) -> None:
    now = deps.now()
    begun = {"state": State.FETCHING, "total": total, "fetched": 0, "failures": 0, "message": ""}
    times = {"due_at": now, "interval_s": int(SOONEST.total_seconds()), "connected_at": now}
    with deps.engine.begin() as conn:
        plays.lock_listener(conn, user_id)  # deleting an account takes the same lock
        if people.find_person(conn, user_id) is None:
            raise NotFound("This account no longer exists.")
        if not rows.add_account(conn, user_id, source, name=name, **begun, **times):
            raise Conflict(f"A name was connected to {CALLED[source]} just now. Reload the page to see it.")


def sync_now(deps: Deps, visitor: Visitor, source: Source) -> None:
    """Ask a service for new listens as soon as a worker can, also one that was stopped; not twice in 20 seconds.

    Raises:
        NotFound: no name of theirs is connected there.
    """
    user_id = visitor.writer()
    account = _find(deps, user_id, source)
    now = deps.now()
    if account.due_at > now and account.failures:
        return  # it rests after a failure, and is tried again by itself
    asked = [at for at in (account.due_at, account.checked_at) if at is not None and at <= now]
    if asked and now - max(asked) < _REST:
        return
    state = State.FETCHING if account.floor_at is None else State.FRESH
    with deps.engine.begin() as conn:
        rows.change_account(conn, user_id, source, state=state, due_at=now)
    _enqueue(deps, user_id, source)


def preview_disconnect(deps: Deps, visitor: Visitor, source: Source) -> plays.Extent:
    """Return how many rows would go with a connection, stay as an import holds them, or come back in their place.

    Raises:
        NotFound: no name of theirs is connected there.
    """
    user_id = visitor.listening_to()
    _find(deps, user_id, source)
    with deps.engine.connect() as conn:
        return settling.preview_removal(conn, user_id, rows.place(source))


def disconnect(deps: Deps, visitor: Visitor, source: Source) -> int:
    """Forget a name with every row that it alone brought, and bring back what those stood for; return how many went.

    Raises:
        NotFound: no name of theirs is connected there.
        Conflict: an import holds the history for too long.
    """
    user_id = visitor.writer()
    with deps.engine.begin() as conn:
        plays.lock_listener(conn, user_id)
        if not rows.remove_account(conn, user_id, source):
            raise _nothing(source)
        gone = settling.remove(conn, user_id, rows.place(source))
        own_names.drop_spent_names(conn, user_id)
        aggregates.forget(conn, user_id)
        plays.raise_history_version(conn, user_id)
    return gone


def _find(deps: Deps, user_id: int, source: Source) -> Account:
    with deps.engine.connect() as conn:
        account = rows.find_account(conn, user_id, source)
    if account is None:
        raise _nothing(source)
    return account


def _nothing(source: Source) -> NotFound:
    return NotFound(f"You aren't connected to {CALLED.get(source, 'that service')}.")


def _enqueue(deps: Deps, user_id: int, source: Source) -> None:
    try:
        scrobbling.enqueue(deps, user_id, source)
    except StoreDown:
        log.warning("listens of user_id=%d wait for the tick: the queue is down", user_id)
