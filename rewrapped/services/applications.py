"""Becoming a promoter: somebody asks, an admin decides, both are told."""

from __future__ import annotations

from dataclasses import dataclass

from rewrapped.deps import Deps
from rewrapped.domain.access import Permission, Role, Visitor
from rewrapped.domain.events import clean_text, clean_url
from rewrapped.domain.notices import Kind, Notice
from rewrapped.domain.promoting import ApplicationState
from rewrapped.errors import Conflict, InvalidInput, NotFound
from rewrapped.services import notices, sessions
from rewrapped.storage import applications, notifications, people
from rewrapped.storage.applications import Applicant, Application
from rewrapped.storage.database import Connection

ORGANISATION_MAX, MESSAGE_MAX, REASON_MAX = 120, 2_000, 500


@dataclass(frozen=True, slots=True)
class Form:
    """An application as it was typed."""

    organisation: str
    website: str = ""
    message: str = ""


def apply(deps: Deps, visitor: Visitor, form: Form) -> int:
    """Ask to become a promoter; return the application's id. Every admin is told.

    Raises:
        SignInNeeded, AccessDenied: nobody is signed in, or the role has no need to ask.
        InvalidInput: something is missing or can't be used.
        Conflict: an application of this person waits already.
    """
    user_id = visitor.allowed(Permission.APPLY)
    organisation = _text(form.organisation, ORGANISATION_MAX, "name of an organisation")
    message = _text(form.message, MESSAGE_MAX, "message")
    if not organisation or not message:
        raise InvalidInput("Tell us who you promote for, and what you plan.")
    website = _website(form.website)
    with deps.engine.begin() as conn:
        found = applications.add_application(conn, user_id, organisation, website, message, deps.now())
        if found is None:
            raise Conflict("Your application is with the site's admins already.")
        told = _tell_admins(deps, conn, found, organisation)
    notices.wake(deps, told)
    return found


def latest(deps: Deps, visitor: Visitor) -> Application | None:
    """Return the visitor's newest application, None when they never made one.

    Raises:
        SignInNeeded: nobody is signed in.
    """
    with deps.engine.connect() as conn:
        return applications.latest_application(conn, visitor.signed_in())


def list_open(deps: Deps, visitor: Visitor) -> list[Applicant]:
    """Return the applications that wait for a decision, the oldest first, for an admin.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no admin.
    """
    visitor.allowed(Permission.ADMINISTER)
    with deps.engine.connect() as conn:
        return applications.list_open(conn)


def approve(deps: Deps, visitor: Visitor, application_id: int) -> None:
    """Make somebody a promoter; it holds at the next run of each of their open pages.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no admin.
        NotFound: no such application waits for a decision.
    """
    admin_id = visitor.allowed(Permission.ADMINISTER)
    with deps.engine.begin() as conn:
        found = _decide(deps, conn, application_id, ApplicationState.APPROVED, admin_id)
        held = people.hold_people(conn, {found.user_id})
        if found.user_id in held and held[found.user_id].role is not Role.ADMIN:
            people.set_role(conn, found.user_id, Role.PROMOTER)
            people.add_audit(conn, found.user_id, f"became {Role.PROMOTER}")
        people.add_audit(conn, admin_id, f"approved application {found.id}")
        _tell(deps, conn, found, "You are a promoter now: list your first event.")
    sessions.forget_copies(deps, found.user_id)
    notices.wake(deps, [found.user_id])


def refuse(deps: Deps, visitor: Visitor, application_id: int, reason: str) -> None:
    """Turn an application down, with a reason that the person is told.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no admin.
        InvalidInput: there is no reason, or it is too long.
        NotFound: no such application waits for a decision.
    """
    admin_id = visitor.allowed(Permission.ADMINISTER)
    told = _text(reason, REASON_MAX, "reason")
    if not told:
        raise InvalidInput("Give a reason: the person is told it.")
    with deps.engine.begin() as conn:
        found = _decide(deps, conn, application_id, ApplicationState.REFUSED, admin_id, told)
        people.add_audit(conn, admin_id, f"refused application {found.id}")
        _tell(deps, conn, found, f"Your application as a promoter was turned down: {told}")
    notices.wake(deps, [found.user_id])


def _decide(
    deps: Deps,
    conn: Connection,
    application_id: int,
    state: ApplicationState,
    admin_id: int,
    reason: str | None = None,
) -> Application:
    found = applications.decide(conn, application_id, state, admin_id, reason, deps.now())
    if found is None:
        raise NotFound("This application doesn't wait for a decision: somebody has decided it, or it is gone.")
    return found


def _tell(deps: Deps, conn: Connection, found: Application, body: str) -> None:
    notice = Notice(Kind.APPLICATION, body, link="promoter", key=f"application-{found.id}-decided")
    notifications.add_notification(conn, found.user_id, notice, deps.now())


def _tell_admins(deps: Deps, conn: Connection, application_id: int, organisation: str) -> list[int]:
    body = f"{organisation} asks to list events."
    notice = Notice(Kind.APPLICATION, body, link="admin", key=f"application-{application_id}")
    admins = people.list_admins(conn)
    for admin_id in admins:
        notifications.add_notification(conn, admin_id, notice, deps.now())
    return admins


def _website(text: str) -> str | None:
    if not text.strip():
        return None
    found = clean_url(text.strip())
    if found is None:
        raise InvalidInput("The website has to begin with https:// or http:// and name a host.")
    return found


def _text(text: str, most: int, called: str) -> str:
    """Return a typed text as one line.

    Raises:
        InvalidInput: it is too long.
    """
    if len(text) > most:
        raise InvalidInput(f"A {called} can have up to {most:,} characters.")
    return clean_text(text, most)
