"""Accounts: register, sign in, change and delete. Every answer here is fit to be shown to whoever asked."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from rewrapped.deps import Deps
from rewrapped.domain import accounts as rules
from rewrapped.domain.access import Role, Visitor
from rewrapped.errors import AccessDenied, Conflict, InvalidInput, NotFound
from rewrapped.services import browsers, interactions, invitations, listening, passwords, profiles, sessions
from rewrapped.services.throttle import Budget, count_sign_in, count_try, forgive, network, refund
from rewrapped.storage import imports, people, plays
from rewrapped.storage.database import Connection
from rewrapped.storage.people import NewPerson, Person

IMPORT_WAIT_S = 20  # how long deleting waits for a running import to stop
_AUDIT_LASTS = timedelta(days=365)
_TAKEN = "That address can't be registered here. If it is yours, sign in instead."
_WRONG = "That address and password don't fit together."
_NOT_YOURS = "That isn't your password."


@dataclass(frozen=True, slots=True)
class Caller:
    """The browser behind a request.

    `is_local` says it provably runs on the machine the site is for: the first
    person to register from there becomes its admin.
    """

    address: str
    device_cookie: str | None = None
    is_local: bool = False


@dataclass(frozen=True, slots=True)
class Registration:
    """What the registration form holds, as it was typed."""

    email: str
    password: str
    zone: str = "UTC"
    country: str = ""
    name: str = ""
    history_consent: bool = False
    terms_consent: bool = False
    invite: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose password it was, and the token of the session that began with it."""

    user_id: int
    token: str


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A hash that takes another's place; `replaces` is the one it is meant to replace, None whichever there is."""

    hashed: str
    action: str  # for the audit log
    replaces: str | None = None
    keep_token: str | None = None  # the one session that goes on


def register(deps: Deps, form: Registration, caller: Caller, *, guest_id: int | None = None) -> int:
    """Create an account with its consents on record, or make a guest's a registered one; return its id.

    Raises:
        InvalidInput: something in the form can't be used; the text says what.
        AccessDenied: this site takes nobody new, or nobody without an invitation.
        Conflict: the address can't be registered.
        TooMany: too many accounts were asked for from this address.
    """
    _check_open(deps, form)
    new = new_person(deps, form)
    password = rules.clean_password(form.password, email=new.email or "", product_name=deps.site.product_name)
    count_try(deps, Budget("register", network(caller.address), 10))
    new = replace(new, password_hash=passwords.hash_password(password))
    with deps.engine.begin() as conn:
        people.hold_first_person(conn)
        role = people.use_invite(conn, invitations.digest(form.invite), deps.now()) if form.invite else Role.REGULAR
        if role is None:
            raise InvalidInput("This invitation was used already, or has ended. Please ask for a new one.")
        if caller.is_local and not (people.is_anyone_registered(conn) or people.is_any_admin(conn)):
            role = Role.ADMIN
        new = replace(new, role=role)
        user_id = people.register_guest(conn, guest_id, new) if guest_id else people.add_person(conn, new)
        if user_id is None:
            raise Conflict(_TAKEN)
        people.add_audit(conn, user_id, "registered")
    return user_id


def sign_in(deps: Deps, email: str, password: str, caller: Caller) -> SignedIn:
    """Begin a session of whoever this address and password belong to.

    A wrong password and an unknown address get the same answer after the same work.

    Raises:
        InvalidInput: they don't fit together.
        TooMany: too many tries, for this account or from this address.
    """
    typed = rules.normal_password(password)
    address = _clean_or_typed(email)
    with deps.engine.begin() as conn:  # the same work and the same answer for an address nobody has
        person = people.find_by_email(conn, address)
        stored = people.find_password_hash(conn, person.id if person else 0)
    own, shared = _count_sign_in(deps, address, person, caller)
    right = passwords.is_right(typed, stored)
    if not right or person is None or stored is None:
        raise InvalidInput(_WRONG)
    signed_in = SignedIn(person.id, _begin_session(deps, person.id, typed, stored))
    forgive(deps, own)
    for budget in shared:
        refund(deps, budget)
    return signed_in


def _begin_session(deps: Deps, user_id: int, password: str, checked: str) -> str:
    """Begin a session on the strength of a hash that was checked, if it still is the stored one; return the token."""
    renewed = passwords.hash_password(password) if passwords.is_outdated(checked) else checked
    with deps.engine.begin() as conn:
        # Written even when it is the same: a change of the password then waits for this session, and ends it.
        if not people.set_password_hash(conn, user_id, renewed, expected=checked):
            raise InvalidInput(_WRONG)
        people.add_audit(conn, user_id, "signed in")
        return sessions.start_within(conn, user_id, sessions.WEB, deps.now())


def change_password(deps: Deps, visitor: Visitor, old: str, new: str, *, keep_token: str | None) -> int:
    """Replace the visitor's password and end their other sessions; return how many ended.

    Raises:
        InvalidInput: the old password is wrong, or the new one can't be used.
        TooMany: too many wrong old passwords.
    """
    user_id = visitor.writer()
    email = profiles.person(deps, visitor).email or ""
    password = rules.clean_password(new, email=email, product_name=deps.site.product_name)
    checked = check_password(deps, visitor, old)
    hashed = passwords.hash_password(password)
    return store_password(deps, user_id, NewPassword(hashed, "changed the password", checked, keep_token))


def check_password(deps: Deps, visitor: Visitor, password: str) -> str:
    """Make sure it is really the account's owner who asks; return the hash that the password fits.

    Raises:
        InvalidInput: the password is wrong.
        TooMany: too many wrong ones.
    """
    user_id = visitor.writer()
    budget = Budget("confirm", str(user_id), 5)
    typed = rules.normal_password(password)
    with deps.engine.begin() as conn:
        stored = people.find_password_hash(conn, user_id)
    count_try(deps, budget)
    if not passwords.is_right(typed, stored) or stored is None:
        raise InvalidInput(_NOT_YOURS)
    forgive(deps, budget)
    return stored


def delete(deps: Deps, visitor: Visitor, password: str) -> None:
    """Delete the visitor's account and everything of theirs: rows, sessions, uploads, caches. There is no way back.

    Raises:
        InvalidInput: the password is wrong.
        Conflict: an import doesn't end in time, or others would be left without an admin; nothing was deleted.
    """
    user_id = visitor.writer()
    check_password(deps, visitor, password)
    with deps.engine.begin() as conn:
        _leave_an_admin(conn, user_id)
    delete_person(deps, user_id, leave_an_admin=True)


def delete_person(deps: Deps, user_id: int, *, leave_an_admin: bool = False, only_a_guest: bool = False) -> bool:
    """Delete somebody with everything of theirs, at an operator's word or their own.

    Return False where only a guest is to go and they registered meanwhile; then nothing was deleted.

    Raises:
        Conflict: an import doesn't end in time, or, where an admin is to be left, none would be; nothing was deleted.
        NotFound: there is no such person.
    """
    with deps.engine.begin() as conn:
        found = people.find_person(conn, user_id)
        imports.ask_all_to_cancel(conn, user_id)
    if found is None:
        raise NotFound("There is no such account.")
    with deps.engine.begin() as conn:
        plays.lock_listener(conn, user_id, wait_s=IMPORT_WAIT_S)
        if leave_an_admin:
            _leave_an_admin(conn, user_id)
        held = people.hold_people(conn, {user_id}).get(user_id) if only_a_guest else None
        if held is not None and held.role is not Role.GUEST:
            return False
        imports.ask_all_to_cancel(conn, user_id)  # one may have begun while we waited
        folders = imports.list_folders_of(conn, user_id)
        people.hold_person(conn, user_id)  # before their sessions: a sign-in under way ends first, or finds nobody
        digests = sessions.end_within(conn, user_id)
        interactions.forget_person(deps, conn, user_id)
        people.delete_person(conn, user_id)
        people.add_audit(conn, None, "an account was deleted")
    sessions.mark_ended(deps, digests)
    _forget(deps, found, folders)
    return True


def _leave_an_admin(conn: Connection, user_id: int) -> None:
    """Make sure that others aren't left without an admin; two admins who go at once wait for one another here."""
    people.hold_people(conn, set(people.list_admins(conn)))
    if people.list_admins(conn) == [user_id] and people.is_any_but(conn, user_id):
        raise Conflict(
            "You are the only admin of this site, and others have accounts on it. Make somebody else an admin first,"
            " on the Administration page."
        )


def purge_ended(deps: Deps) -> int:
    """Delete what has ended: sessions, invitations, old notes of the audit log; return how many sessions."""
    with deps.engine.begin() as conn:
        people.delete_invites(conn, before=deps.now())
        people.delete_audit_before(conn, deps.now() - _AUDIT_LASTS)
    return sessions.delete_ended(deps)


def _check_open(deps: Deps, form: Registration) -> None:
    if form.invite or deps.site.registration == "open":
        return
    if deps.site.registration == "invite":
        raise AccessDenied("This site takes new people by invitation: open the link somebody sent you.")
    raise AccessDenied("This site takes no new accounts.")


def new_person(deps: Deps, form: Registration, *, given_by: str = "self") -> NewPerson:
    """Return the form's values in the shape they are stored in, without role and password.

    Raises:
        InvalidInput: one of them can't be used, or a consent is missing.
    """
    if not (form.history_consent and form.terms_consent):
        raise InvalidInput("Both boxes are needed: without them we may not keep your listening history.")
    return NewPerson(
        email=rules.clean_email(form.email),
        role=Role.REGULAR,
        zone=rules.clean_zone(form.zone or "UTC"),
        display_name=rules.clean_name(form.name),
        country=rules.clean_country(form.country),
        history_consent_at=deps.now(),
        terms_consent_at=deps.now(),
        terms_version=rules.TERMS_VERSION,
        consent_given_by=given_by,
    )


def _clean_or_typed(email: str) -> str:
    try:
        return rules.clean_email(email)
    except InvalidInput:
        printable = "".join(mark for mark in email if mark.isprintable())  # the database takes no NUL
        return printable.strip().lower()[:300]  # can't be anybody's


def _count_sign_in(deps: Deps, email: str, found: Person | None, caller: Caller) -> tuple[Budget, tuple[Budget, ...]]:
    """Count a try; return the budget a right password clears, and those shared with others."""
    device = browsers.known_device(deps.site, caller.device_cookie, found.id if found else None)
    if device and found:
        own = Budget("device", f"{device} {found.id}", 10)
        count_try(deps, own)
        return own, ()
    where = network(caller.address)
    own, everywhere = Budget("account", f"{email} {where}", 5), _everywhere(email)
    by_network = Budget("address", where, 30)
    count_try(deps, by_network)
    count_sign_in(deps, own, everywhere)
    return own, (by_network, everywhere)


def _everywhere(email: str) -> Budget:
    return Budget("everywhere", email, 200)


def store_password(deps: Deps, user_id: int, new: NewPassword) -> int:
    """Replace a password, end the sessions of the former one and note it, in one step; return how many ended.

    Raises:
        InvalidInput: the hash to replace is no longer the stored one; nothing was changed.
    """
    with deps.engine.begin() as conn:
        if not people.set_password_hash(conn, user_id, new.hashed, expected=new.replaces):
            raise InvalidInput(_NOT_YOURS)
        ended = sessions.end_within(conn, user_id, keep_token=new.keep_token)
        people.add_audit(conn, user_id, new.action)
    sessions.mark_ended(deps, ended)
    return len(ended)


def _forget(deps: Deps, found: Person, folders: list[str]) -> None:
    """Wipe what is kept of a person outside the database."""
    deps.histories.drop(found.id)
    for folder in folders:
        if folder == Path(folder).name:
            shutil.rmtree(deps.site.uploads / folder, ignore_errors=True)
    listening.drop_files(deps.site.cache, found.id)
    forgive(deps, _everywhere(found.email or ""), Budget("confirm", str(found.id), 5))
