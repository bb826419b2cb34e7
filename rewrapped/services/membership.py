"""Who is on this site, for its admins: finding people, and giving them another role."""

from __future__ import annotations

from rewrapped.deps import Deps
from rewrapped.domain.access import Permission, Role, Visitor
from rewrapped.errors import AccessDenied, InvalidInput, NotFound
from rewrapped.services import sessions
from rewrapped.services.operators import GIVEN_ROLES
from rewrapped.storage import people
from rewrapped.storage.people import Person

PAGE = 50
_SEARCH_MAX = 200


def list_people(deps: Deps, visitor: Visitor, search: str = "", after_id: int = 0) -> list[Person]:
    """Return a page of people whose address or name holds a text, by id from after one of them.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no admin.
    """
    visitor.allowed(Permission.ADMINISTER)
    with deps.engine.connect() as conn:
        return people.list_people(conn, search.strip()[:_SEARCH_MAX].replace("\0", ""), PAGE, after_id)


def change_role(deps: Deps, visitor: Visitor, user_id: int, role: Role) -> None:
    """Give somebody another role; it holds at the next run of each of their open pages.

    Nobody changes their own: so an admin is left, whatever two of them do at once.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no admin (any more), or means themselves.
        InvalidInput: the role isn't given by hand.
        NotFound: there is no such person.
    """
    admin_id = visitor.allowed(Permission.ADMINISTER)
    if role not in GIVEN_ROLES:
        raise InvalidInput(f"A role is one of: {', '.join(GIVEN_ROLES)}.")
    if user_id == admin_id:
        raise AccessDenied("Your own role is changed by another admin, or from the terminal.")
    with deps.engine.begin() as conn:
        held = people.hold_people(conn, {admin_id, user_id})
        if admin_id not in held or held[admin_id].role is not Role.ADMIN:
            raise AccessDenied("You aren't an admin any more.")
        if user_id not in held or held[user_id].is_demo:
            raise NotFound("There is no such person.")
        people.set_role(conn, user_id, role)
        people.add_audit(conn, user_id, f"became {role}")
        people.add_audit(conn, admin_id, f"made person {user_id} {role}")
    sessions.forget_copies(deps, user_id)
