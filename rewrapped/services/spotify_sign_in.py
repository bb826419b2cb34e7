"""Signing in with Spotify, and connecting an account there to one here.

What a browser is sent away with waits in Redis for ten minutes: sealed, taken out with its first use, and worth
something only beside the visit cookie and the session it was made for. A link from elsewhere can't connect anything:
who is signed in sees whose account it is, and says yes by a form.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rewrapped.deps import Deps
from rewrapped.domain import accounts as rules
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.spotify import SCOPES, Account, Tokens
from rewrapped.errors import AccessDenied, Conflict, InvalidInput, RequestRefused, StoreDown
from rewrapped.queueing import reaching_redis
from rewrapped.services import fresh_plays, joining_people, sealing, sessions, spotify_tokens
from rewrapped.services.throttle import Budget, count_try, network
from rewrapped.storage import people
from rewrapped.storage import spotify_accounts as rows
from rewrapped.storage.database import Connection
from rewrapped.storage.people import NewPerson

_KEPT_S = 600
_STALE = "That sign-in is out of date, was finished already, or began in another browser. Please begin again."
_OTHER = "Another Spotify account is connected to yours already: disconnect it first, then connect this one."
_TAKEN = (
    "That Spotify account belongs to another account of this site, which has a sign-in of its own. Disconnect it there"
    " first, then connect it here."
)
_CLOSED = "This site takes no new people by themselves. Sign in first, or ask its operator for an invitation."


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody on their way: where they go afterwards, and who they were signed in as, None for nobody."""

    next: str
    user_id: int | None
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came of it: a session to begin, a consent that is missing, or a connection that waits for a yes."""

    user_id: int
    token: str | None = field(default=None, repr=False)
    needs_consent: bool = False
    pending: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Pending:
    """A connection that waits for a yes; `guest_plays` None: nobody has this Spotify account here so far."""

    account: Account
    tokens: Tokens
    user_id: int
    next: str
    guest_plays: int | None


def redirect_uri(deps: Deps) -> str:
    """Return where Spotify sends browsers back to, which has to be registered there letter by letter."""
    return f"{deps.site.base_url.rstrip('/')}/auth/spotify/callback"


def begin(deps: Deps, visitor: Visitor, visit: str, where: str, address: str) -> str:
    """Return the address at Spotify to send this browser to.

    Raises:
        NotFound: this site has no way to Spotify.
        AccessDenied: it is the sample data.
        TooMany: too many began from this network.
        StoreDown: Redis doesn't answer.
    """
    user_id = visitor.writer() if visitor.read_only else visitor.user_id
    spotify = spotify_tokens.client(deps)
    count_try(deps, Budget("spotify", network(address), 40))
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    _keep(deps, "state", state, {"visit": visit, "next": where, "user_id": user_id, "verifier": verifier})
    return spotify.sign_in_address(state, verifier, redirect_uri(deps), " ".join(SCOPES.values()))


def take_attempt(deps: Deps, user_id: int | None, visit: str, state: str) -> Attempt:
    """Return what this browser was sent away with; it can't be taken again. `user_id` is who is signed in now.

    Raises:
        AccessDenied: it isn't this browser's, was taken, is too old, or somebody signed in or out since.
        StoreDown: Redis doesn't answer.
    """
    kept = _take(deps, "state", state)
    if kept is None or kept["visit"] != visit or kept["user_id"] != user_id:
        raise AccessDenied(_STALE)
    return Attempt(kept["next"], kept["user_id"], kept["verifier"])


def finish(deps: Deps, attempt: Attempt, visit: str, code: str) -> Arrived:
    """Turn what Spotify sent a browser back with into a session, or into a connection to agree to.

    Raises:
        AccessDenied: the code is worth nothing, or the site takes nobody new.
        Conflict: one Spotify account would be two people's, or one person would have two.
        AccountRefused: Spotify doesn't let this person use this site.
        IntegrationError: Spotify failed us.
    """
    spotify = spotify_tokens.client(deps)
    try:
        tokens = spotify.exchange(code, attempt.verifier, redirect_uri(deps))
    except RequestRefused as error:
        if error.code == "invalid_grant":
            raise AccessDenied(_STALE) from error
        raise
    account = spotify.me(tokens.access)
    if attempt.user_id is not None:
        return _connect(deps, attempt, visit, account, tokens)
    return _sign_in(deps, account, tokens)


def _sign_in(deps: Deps, account: Account, tokens: Tokens) -> Arrived:
    """Begin a session of whoever has this Spotify account: a guest, where nobody had it."""
    with deps.engine.begin() as conn:
        user_id = rows.find_owner(conn, account.id)
        if user_id is None:
            user_id = people.add_person(conn, _guest(deps, account))
        person = people.find_person(conn, user_id) if user_id is not None else None
        if (
            user_id is None
            or person is None
            or not rows.put_account(conn, spotify_tokens.agreed(deps, user_id, account, tokens))
        ):
            raise Conflict("You just signed in somewhere else, too. Please begin again.")
        people.add_audit(conn, user_id, "signed in with Spotify")
        token = sessions.start_within(conn, user_id, sessions.WEB, deps.now())
    has_agreed = person.history_consent_at is not None
    if has_agreed:
        _fetch_soon(deps, user_id)
    return Arrived(user_id, token, needs_consent=not has_agreed)


def _guest(deps: Deps, account: Account) -> NewPerson:
    """Return somebody of whom only their Spotify account is known.

    Raises:
        AccessDenied: the site takes nobody new by themselves.
    """
    if deps.site.registration != "open":
        raise AccessDenied(_CLOSED)
    name = ""
    with suppress(InvalidInput):
        name = rules.clean_name(account.name)
    return NewPerson(email=None, role=Role.GUEST, zone="UTC", display_name=name)


def _connect(deps: Deps, attempt: Attempt, visit: str, account: Account, tokens: Tokens) -> Arrived:
    """Renew what somebody connected before; anything else waits for their yes."""
    user_id = attempt.user_id or 0
    with deps.engine.begin() as conn:
        people.hold_people(conn, {user_id})
        owner_id, mine = rows.find_owner(conn, account.id), rows.find_account(conn, user_id)
        if owner_id == user_id:
            rows.put_account(conn, spotify_tokens.agreed(deps, user_id, account, tokens))
        else:
            _refuse_second(mine is not None, people.find_person(conn, owner_id) if owner_id else None)
    if owner_id == user_id:
        _fetch_soon(deps, user_id)
        return Arrived(user_id)
    pending = secrets.token_urlsafe(32)
    told = [tokens.access, tokens.refresh, tokens.expires_at.isoformat(), sorted(tokens.scopes)]
    values = {"account": [account.id, account.name], "tokens": told, "user_id": user_id, "next": attempt.next}
    _keep(deps, "pending", pending, {"visit": visit, **values})
    return Arrived(user_id, pending=pending)


def _refuse_second(has_other: bool, owner: people.Person | None) -> None:
    if has_other:
        raise Conflict(_OTHER)
    if owner is not None and owner.role is not Role.GUEST:
        raise Conflict(_TAKEN)


def pending(deps: Deps, visitor: Visitor, visit: str, key: str) -> Pending:
    """Return the connection that waits for this person's yes, in this browser.

    Raises:
        AccessDenied: there is none (any more).
        StoreDown: Redis doesn't answer.
    """
    user_id = visitor.signed_in()
    kept = _look(deps, "pending", key)
    if kept is None or kept["visit"] != visit or kept["user_id"] != user_id:
        raise AccessDenied(_STALE)
    access, refresh, expires_at, scopes = kept["tokens"]
    account = Account(*kept["account"])
    tokens = Tokens(access, refresh, datetime.fromisoformat(expires_at), frozenset(scopes))
    with deps.engine.connect() as conn:
        owner_id = rows.find_owner(conn, account.id)
        guest_plays = people.list_belongings(conn, owner_id).row_count if owner_id else None
    return Pending(account, tokens, kept["user_id"], kept["next"], guest_plays)


def connect(deps: Deps, visitor: Visitor, visit: str, key: str) -> str:
    """Connect what waits for this person's yes; a guest who had the account goes over with everything.

    Return where the person was going.

    Raises:
        AccessDenied: nothing waits (any more), or it is the sample data.
        Conflict: one Spotify account would be two people's, or one person would have two.
    """
    user_id = visitor.writer()
    found = pending(deps, visitor, visit, key)
    if _take(deps, "pending", key) is None:  # pressed twice
        raise AccessDenied(_STALE)
    guest_id = _put(deps, found)
    if guest_id is not None:
        joining_people.join(deps, guest_id, user_id)
        with deps.engine.begin() as conn:
            people.hold_people(conn, {user_id})
            mine = rows.find_account(conn, user_id)
            _refuse_second(mine is not None and mine.account_id != found.account.id, None)
            _put_within(deps, conn, found)
    _fetch_soon(deps, user_id)
    return found.next


def _put(deps: Deps, found: Pending) -> int | None:
    """Store a connection; return the guest who has to go over first instead, None where it is done."""
    with deps.engine.begin() as conn:
        if found.user_id not in people.hold_people(conn, {found.user_id}):  # whoever says yes elsewhere, too, waits
            raise AccessDenied(_STALE)
        owner_id, mine = rows.find_owner(conn, found.account.id), rows.find_account(conn, found.user_id)
        owner = people.find_person(conn, owner_id) if owner_id else None
        _refuse_second(mine is not None, owner)
        if owner is None:
            _put_within(deps, conn, found)
    return owner.id if owner else None


def _put_within(deps: Deps, conn: Connection, found: Pending) -> None:
    if not rows.put_account(conn, spotify_tokens.agreed(deps, found.user_id, found.account, found.tokens)):
        raise Conflict(_TAKEN)
    people.add_audit(conn, found.user_id, "connected Spotify")


def stored_token(deps: Deps, visitor: Visitor) -> str | None:
    """Return the visitor's access token, None unless one is stored that is good for a minute yet; nobody is asked.

    Raises:
        SignInNeeded: nobody is signed in.
    """
    return spotify_tokens.stored_token(deps, visitor.signed_in())


def agree(deps: Deps, visitor: Visitor, zone: str, *, history: bool, terms: bool) -> None:
    """Note somebody's consents, and fetch their first plays; who agreed before changes nothing.

    Raises:
        InvalidInput: one of the two is missing, or the zone is none.
        SignInNeeded, AccessDenied: nobody is signed in, or it is the sample data.
    """
    user_id = visitor.writer()
    if not (history and terms):
        raise InvalidInput("Both boxes are needed: without them we may not keep your listening history.")
    zone = rules.clean_zone(zone or "UTC")
    with deps.engine.begin() as conn:
        person = people.find_person(conn, user_id)
        if person is None or person.history_consent_at is not None:
            return
        people.set_profile(conn, user_id, zone=zone)
        people.set_consents(conn, user_id, deps.now(), rules.TERMS_VERSION)
        people.add_audit(conn, user_id, "agreed")
    _fetch_soon(deps, user_id)


def _fetch_soon(deps: Deps, user_id: int) -> None:
    with suppress(StoreDown):  # then the tick finds that it is due
        fresh_plays.enqueue(deps, user_id)


# What waits in Redis ------------------------------------------------------------------------------


def _keep(deps: Deps, kind: str, key: str, values: dict[str, Any]) -> None:
    with reaching_redis():
        deps.redis.set(_name(kind, key), sealing.seal(deps.site, json.dumps(values)), ex=_KEPT_S)


def _take(deps: Deps, kind: str, key: str) -> dict[str, Any] | None:
    with reaching_redis():
        return _opened(deps, deps.redis.getdel(_name(kind, key)))


def _look(deps: Deps, kind: str, key: str) -> dict[str, Any] | None:
    with reaching_redis():
        return _opened(deps, deps.redis.get(_name(kind, key)))


def _opened(deps: Deps, sealed: Any) -> dict[str, Any] | None:
    secret = sealing.unseal(deps.site, sealed.decode()) if isinstance(sealed, bytes) else None
    return json.loads(secret) if secret else None


def _name(kind: str, key: str) -> str:
    return f"spotify:{kind}:{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()}"
