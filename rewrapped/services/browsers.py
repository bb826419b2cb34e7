"""What a browser holds: the names of our cookies, and the proofs made from them with the site's secret key."""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from rewrapped.deps import Site

_VISIT = re.compile(r"([A-Za-z0-9_-]{22,64})\.([0-9a-f]{32})", re.ASCII)
_VISIT_PROOF = 32  # characters of it: 128 bits
_TICKET_S = 3600


@dataclass(frozen=True, slots=True)
class Cookies:
    """Cookie names: `session` says who is signed in, `visit` is set before, `device` knows an owner's browser."""

    session: str
    visit: str
    device: str
    secure: bool


def cookies(site: Site) -> Cookies:
    """Return the names; over https they carry the prefix that ties them to this very host."""
    secure = site.base_url.lower().startswith("https://")
    prefix = "__Host-" if secure else ""
    return Cookies(f"{prefix}rw_session", f"{prefix}rw_visit", f"{prefix}rw_device", secure)


def new_visit(site: Site) -> str:
    """Return a fresh value of the visit cookie, with the proof that it was made here."""
    token = secrets.token_urlsafe(24)
    return f"{token}.{_visit_proof(site, token)}"


def is_visit(site: Site, value: object) -> bool:
    """Return whether this is a visit cookie of ours, and nobody's invention."""
    found = _VISIT.fullmatch(value) if isinstance(value, str) else None
    return found is not None and hmac.compare_digest(_visit_proof(site, found[1]), found[2])


def csrf_token(site: Site, visit: str) -> str:
    """Return the token that forms and scripts of this browser send along."""
    return _proof(site, "csrf", visit)


def is_csrf_token(site: Site, visit: str, token: str) -> bool:
    """Return whether the token belongs to this visit."""
    return is_visit(site, visit) and hmac.compare_digest(
        csrf_token(site, visit).encode(), token.encode("utf-8", "replace")
    )


def save_ticket(site: Site, visit: str, event_id: int, now: datetime) -> str:
    """Return what lets this browser finish a save after signing in.

    Somebody presses Save before they have an account, and comes back from the
    forms by a link. A link alone must never change anything: another site could
    send people along it. So the link carries this ticket, made when the button
    was drawn and good for an hour, for this event, and only beside the visit
    cookie of the very browser it was drawn in, which no other site can know.
    """
    until = int(now.timestamp()) + _TICKET_S
    return f"{until}.{_proof(site, 'save', f'{event_id}.{until}.{visit}')}"


def is_save_ticket(site: Site, visit: str | None, event_id: int, now: datetime, ticket: str) -> bool:
    """Return whether the ticket is this browser's, for this event, and still good."""
    until, _, proof = ticket[:200].partition(".")
    if visit is None or not is_visit(site, visit) or not re.fullmatch("[0-9]{1,12}", until, re.ASCII):
        return False
    expected = _proof(site, "save", f"{event_id}.{until}.{visit}")
    is_right = hmac.compare_digest(expected.encode(), proof.encode("utf-8", "replace"))
    return is_right and int(until) >= now.timestamp()


def device_cookie(site: Site, user_id: int) -> str:
    """Return a value that proves this browser signed in to that account before."""
    device = secrets.token_urlsafe(16)
    return f"{device}.{_proof(site, 'device', f'{device}.{user_id}')}"


def known_device(site: Site, cookie: str | None, user_id: int | None) -> str | None:
    """Return the device's id if the cookie proves it signed in to that account before, else None."""
    device, _, proof = (cookie or "")[:200].partition(".")
    if user_id is None or not device:
        return None
    expected = _proof(site, "device", f"{device}.{user_id}")
    return device if hmac.compare_digest(expected.encode(), proof.encode("utf-8", "replace")) else None


def _visit_proof(site: Site, token: str) -> str:
    return _proof(site, "visit", token)[:_VISIT_PROOF]


def _proof(site: Site, purpose: str, value: str) -> str:
    return hmac.new(site.secret_key, f"{purpose}\0{value}".encode("utf-8", "replace"), "sha256").hexdigest()
