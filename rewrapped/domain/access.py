"""Who asks: roles, and the visitor every service is handed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from rewrapped.errors import AccessDenied, SignInNeeded


class Role(StrEnum):
    """What a person may do, from the least."""

    ANONYMOUS = "anonymous"
    GUEST = "guest"
    REGULAR = "regular"
    PROMOTER = "promoter"
    ANALYST = "analyst"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that only some may do. What is not listed here needs no more than a session, or nothing."""

    KEEP_EVENTS = "keep events"  # save, follow, tag, be told
    IMPORT = "import"
    USE_NOTEBOOKS = "use notebooks"
    HOLD_TOKENS = "hold tokens"
    APPLY = "apply as a promoter"
    PROMOTE = "promote"
    ADMINISTER = "administer"


_GUEST = frozenset({Permission.KEEP_EVENTS})
_REGULAR = _GUEST | {Permission.IMPORT, Permission.USE_NOTEBOOKS, Permission.HOLD_TOKENS, Permission.APPLY}

#: What each role may do; the only place where roles and permissions meet.
MAY: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.ANONYMOUS: frozenset(),
        Role.GUEST: _GUEST,
        Role.REGULAR: _REGULAR,
        Role.PROMOTER: (_REGULAR - {Permission.APPLY}) | {Permission.PROMOTE},
        Role.ANALYST: _REGULAR,
        Role.ADMIN: frozenset(Permission) - {Permission.APPLY},
    }
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person behind a request, and whose listening they look at.

    `user_id` is None for somebody not signed in. `listener_id` is the person
    whose history is shown: oneself, or the sample listener, who is read-only.
    """

    role: Role = Role.ANONYMOUS
    user_id: int | None = None
    listener_id: int | None = None
    read_only: bool = False

    @classmethod
    def person(cls, user_id: int, role: Role) -> Visitor:
        """Return somebody signed in, looking at their own listening."""
        return cls(role=role, user_id=user_id, listener_id=user_id)

    @classmethod
    def demo(cls, listener_id: int) -> Visitor:
        """Return somebody who looks around in the sample listener's history."""
        return cls(listener_id=listener_id, read_only=True)

    def may(self, permission: Permission) -> bool:
        """Return whether the visitor's role permits it; looking around in the sample data permits nothing."""
        return self.user_id is not None and not self.read_only and permission in MAY[self.role]

    def allowed(self, permission: Permission) -> int:
        """Return the visitor's own user id if their role permits it.

        Raises:
            SignInNeeded: nobody is signed in.
            AccessDenied: the role doesn't permit it, or this is the sample data.
        """
        user_id = self.writer()
        if not self.may(permission):
            raise AccessDenied("Your account isn't meant for that.")
        return user_id

    def signed_in(self) -> int:
        """Return the visitor's own user id.

        Raises:
            SignInNeeded: nobody is signed in.
        """
        if self.user_id is None:
            raise SignInNeeded("Please sign in first.")
        return self.user_id

    def listening_to(self) -> int:
        """Return the id of the listener whose history this visitor reads.

        Raises:
            SignInNeeded: nobody is signed in, and the sample data isn't open.
        """
        if self.listener_id is None:
            raise SignInNeeded("Please sign in, or look around with sample data.")
        return self.listener_id

    def analysing(self) -> int:
        """Return the id of the listener over whose history this visitor may run notebooks.

        Raises:
            SignInNeeded: nobody is signed in, and the sample data isn't open.
            AccessDenied: a guest's account is for connecting, not for notebooks.
        """
        if self.role is Role.GUEST:
            raise AccessDenied("Notebooks need an account of your own: a guest's has none.")
        return self.listening_to()

    def writer(self) -> int:
        """Return the id of the listener whose rows this visitor may change.

        Raises:
            SignInNeeded: nobody is signed in.
            AccessDenied: this is the sample data, which only can be read.
        """
        if self.read_only:
            raise AccessDenied(
                "This is sample data: it can be looked at, not changed. Create an account to use your own."
            )
        return self.signed_in()
