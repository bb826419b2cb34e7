"""One person out of two accounts: a guest's goes over to the account they have, or make, with a password."""

from __future__ import annotations

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.plays import Source
from rewrapped.errors import AccessDenied, Conflict
from rewrapped.services import accounts, sessions, settling
from rewrapped.services.accounts import IMPORT_WAIT_S, Caller, SignedIn
from rewrapped.storage import absorbed, joining, own_names, people, plays, spotify_accounts


def join_with_password(deps: Deps, visitor: Visitor, email: str, password: str, caller: Caller) -> SignedIn:
    """Let the account of an address have everything of this guest's, and sign in to it.

    Raises:
        InvalidInput: address and password don't fit together.
        Conflict: that account has another Spotify account, or is being changed just now; nothing was moved.
        TooMany: too many tries.
        AccessDenied: the visitor is no guest.
    """
    guest_id = visitor.writer()
    if visitor.role is not Role.GUEST:
        raise AccessDenied("Only a guest's account can go over to another one.")
    begun = accounts.sign_in(deps, email, password, caller)
    try:
        join(deps, guest_id, begun.user_id)
    except Conflict:
        sessions.end(deps, begun.token)
        raise
    return begun


def join(deps: Deps, guest_id: int, to_id: int) -> None:
    """Move everything of a guest to somebody, and end the guest's account.

    Raises:
        Conflict: that person has a Spotify account already, or is being changed just now; nothing was moved.
        AccessDenied: the first is no guest.
    """
    with deps.engine.begin() as conn:
        for user_id in sorted((guest_id, to_id)):  # in one order: two who join at once don't wait for each other
            plays.lock_listener(conn, user_id, wait_s=IMPORT_WAIT_S)
        held = people.hold_people(conn, {guest_id, to_id})
        if guest_id == to_id or to_id not in held or guest_id not in held or held[guest_id].role is not Role.GUEST:
            raise AccessDenied("Only a guest's account can go over to another one.")
        if spotify_accounts.find_account(conn, to_id) is not None:
            raise Conflict("That account has another Spotify account connected. Disconnect it there first.")
        joining.move_names(conn, guest_id, to_id)
        for place in joining.list_places(conn, guest_id):
            settling.add(conn, (to_id, place), joining.read_plays(conn, guest_id, place, to_id))
        joining.move_belongings(conn, guest_id, to_id)
        spotify_accounts.move_account(conn, guest_id, to_id)
        plays.raise_history_version(conn, to_id)
        people.add_audit(conn, to_id, "took over a guest's account")
    accounts.delete_person(deps, guest_id, only_a_guest=True)


def count_api_rows(deps: Deps, visitor: Visitor) -> int:
    """Return how many plays only Spotify's Web API tells, which go when the visitor disconnects it."""
    with deps.engine.connect() as conn:
        return absorbed.count_of_source(conn, visitor.writer(), Source.SPOTIFY_API)


def disconnect(deps: Deps, visitor: Visitor) -> bool:
    """Forget the visitor's Spotify account and what it told; of a guest that is the account. Return whether it was.

    Raises:
        Conflict: an import doesn't end in time; nothing was changed.
        SignInNeeded, AccessDenied: nobody is signed in, or it is the sample data.
    """
    user_id = visitor.writer()
    with deps.engine.begin() as conn:
        person = people.find_person(conn, user_id)
    is_guest = person is not None and person.role is Role.GUEST
    if is_guest and accounts.delete_person(deps, user_id, only_a_guest=True):
        return True
    with deps.engine.begin() as conn:
        plays.lock_listener(conn, user_id, wait_s=IMPORT_WAIT_S)
        spotify_accounts.delete_account(conn, user_id)
        absorbed.remove_poorest(conn, user_id, Source.SPOTIFY_API)
        own_names.drop_spent_names(conn, user_id)
        plays.raise_history_version(conn, user_id)
        people.add_audit(conn, user_id, "disconnected Spotify")
    deps.signals.send(user_id)
    return False


def connection(deps: Deps, visitor: Visitor) -> spotify_accounts.SpotifyAccount | None:
    """Return the visitor's Spotify account as it is connected, None when there is none.

    Raises:
        SignInNeeded: nobody is signed in.
    """
    with deps.engine.connect() as conn:
        return spotify_accounts.find_account(conn, visitor.signed_in())
