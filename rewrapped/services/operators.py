"""What an operator does to accounts from the terminal."""

from __future__ import annotations

from dataclasses import replace

from rewrapped.deps import Deps
from rewrapped.domain import accounts as rules
from rewrapped.domain.access import Role
from rewrapped.errors import Conflict, InvalidInput, NotFound
from rewrapped.services import passwords, sessions
from rewrapped.services.accounts import NewPassword, Registration, new_person, store_password
from rewrapped.storage import people
from rewrapped.storage.people import Person

#: Roles an operator may give; guests come from elsewhere.
GIVEN_ROLES = (Role.REGULAR, Role.PROMOTER, Role.ANALYST, Role.ADMIN)


def find_user_id(deps: Deps, email: str) -> int:
    """Return whose address this is, for an operator.

    Raises:
        NotFound: nobody has it.
        InvalidInput: it is no address.
    """
    return _by_address(deps, email).id


def add_account(deps: Deps, form: Registration, role: Role) -> int:
    """Create an account at the operator's word, who answers for its consents; return its id.

    Raises:
        InvalidInput: something can't be used.
        Conflict: the address is taken.
    """
    new = new_person(deps, replace(form, history_consent=True, terms_consent=True), given_by="operator")
    password = rules.clean_password(form.password, email=new.email or "", product_name=deps.site.product_name)
    new = replace(new, role=_given(role), password_hash=passwords.hash_password(password), via_cli=True)
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, new)
        if user_id is None:
            raise Conflict(f"{new.email} has an account already.")
        people.add_audit(conn, user_id, "added by the operator")
    return user_id


def set_password(deps: Deps, email: str, password: str) -> None:
    """Give somebody a new password and end all their sessions.

    Raises:
        NotFound: nobody has this address.
        InvalidInput: the password can't be used.
    """
    found = _by_address(deps, email)
    clean = rules.clean_password(password, email=found.email or "", product_name=deps.site.product_name)
    store_password(deps, found.id, NewPassword(passwords.hash_password(clean), "password set by the operator"))


def set_role(deps: Deps, email: str, role: Role) -> None:
    """Give somebody another role; it holds at the next run of every open page.

    Raises:
        NotFound: nobody has this address.
    """
    found = _by_address(deps, email)
    with deps.engine.begin() as conn:
        people.set_role(conn, found.id, _given(role))
        people.add_audit(conn, found.id, f"became {role}")
    sessions.forget_copies(deps, found.id)


def _by_address(deps: Deps, email: str) -> Person:
    with deps.engine.begin() as conn:
        found = people.find_by_email(conn, rules.clean_email(email))
    if found is None:
        raise NotFound(f"Nobody has the address {email.strip()}.")
    return found


def _given(role: Role) -> Role:
    if role not in GIVEN_ROLES:
        raise InvalidInput(f"A role is one of: {', '.join(GIVEN_ROLES)}.")
    return role
