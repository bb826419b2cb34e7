"""What a person sees and changes of their own account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rewrapped.deps import Deps
from rewrapped.domain import accounts as rules
from rewrapped.domain.access import Visitor
from rewrapped.domain.plays import PlayRule
from rewrapped.errors import NotFound
from rewrapped.storage import belongings as others
from rewrapped.storage import people
from rewrapped.storage.people import Belongings, Person


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person may change about themselves, as it was typed."""

    name: str
    zone: str
    country: str
    play_rule: str


def person(deps: Deps, visitor: Visitor) -> Person:
    """Return the visitor's own account.

    Raises:
        SignInNeeded: nobody is signed in.
        NotFound: the account is gone.
    """
    return _found(deps, visitor.signed_in())


def listener(deps: Deps, visitor: Visitor) -> Person:
    """Return whose listening the visitor looks at: themselves, or the sample listener.

    Raises:
        SignInNeeded: nobody is signed in, and the sample data isn't open.
        NotFound: the account is gone.
    """
    return _found(deps, visitor.listening_to())


def _found(deps: Deps, user_id: int) -> Person:
    with deps.engine.begin() as conn:
        found = people.find_person(conn, user_id)
    if found is None:
        raise NotFound("This account is gone.")
    return found


def change_profile(deps: Deps, visitor: Visitor, profile: Profile) -> None:
    """Store the visitor's name, zone, country and play rule.

    Raises:
        InvalidInput: one of them can't be used; nothing was stored.
        AccessDenied: this is the sample data.
    """
    user_id = visitor.writer()
    values = {
        "display_name": rules.clean_name(profile.name),
        "zone": rules.clean_zone(profile.zone),
        "country": rules.clean_country(profile.country),
        "play_rule": str(PlayRule.parse(profile.play_rule)),
    }
    with deps.engine.begin() as conn:
        people.set_profile(conn, user_id, **values)


def belongings(deps: Deps, visitor: Visitor) -> Belongings:
    """Return what is stored of the visitor's listening, which goes with their account."""
    with deps.engine.begin() as conn:
        return people.list_belongings(conn, visitor.writer())


def kept_beside_listening(deps: Deps, visitor: Visitor) -> Mapping[str, int]:
    """Return how many rows the visitor has in other tables that go with their account, by the table's name.

    Raises:
        SignInNeeded: nobody is signed in.
        AccessDenied: this is the sample data.
    """
    with deps.engine.begin() as conn:
        return others.count_rows(conn, visitor.writer())
