"""One-time invitations: the way in while registration is by invitation, and the first admin's on a public site."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.storage import people

_LASTS = timedelta(days=7)


def invite(deps: Deps, role: Role = Role.REGULAR) -> str:
    """Return the link of a new invitation; it works once, for seven days. Only a digest of it is stored."""
    token, now = secrets.token_urlsafe(24), deps.now()
    with deps.engine.begin() as conn:
        people.add_invite(conn, digest(token), role, now, now + _LASTS)
    return f"{deps.site.base_url.rstrip('/')}/auth/register?invite={token}"


def first_admin_link(deps: Deps) -> str | None:
    """Return a link that makes its user the site's admin, None when there is an admin; older such links end."""
    with deps.engine.begin() as conn:
        if people.is_any_admin(conn):
            return None
        people.delete_invites(conn, before=deps.now(), role=Role.ADMIN)
    return invite(deps, Role.ADMIN)


def digest(token: str) -> bytes:
    """Return what is stored of an invitation's token."""
    return hashlib.sha256(token[:200].encode("utf-8", "replace")).digest()
