"""Counting what people do with events: honestly, and without keeping who they are.

A person counts once per event, kind and day of the venue. Nothing of an address
or a browser is stored: a signed-in person is a keyed digest of their id, anybody
else a keyed digest of the visit cookie and the day, so that nobody can be
followed from one day to the next. Bots, admins, an event's own promoter and
whoever looks around in the sample data never count.

A show can be listed by several sources. Its interactions are counted on the
listing of our own promoter if there is one, else on the group's lowest id.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.promoting import Interaction, Placement
from rewrapped.services import browsers, targeting
from rewrapped.storage import interactions as rows
from rewrapped.storage.database import Connection
from rewrapped.storage.interactions import NewInteraction, Subject

_KEY_BYTES = 16
#: What programs that aren't people at a browser call themselves.
_BOTS = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|preview|scan|monitor|fetch|facebookexternalhit|embed|archiver|headless"
    r"|curl|wget|python|java/|go-http|node|axios|okhttp|libwww|httpclient|lighthouse|validator",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Somebody before an event: the visitor, and of their browser the visit cookie and what it calls itself."""

    visitor: Visitor
    visit: str | None = field(default=None, repr=False)
    agent: str = field(default="", repr=False)

    @property
    def counts(self) -> bool:
        """Return whether what they do is counted anywhere."""
        is_person = not self.visitor.read_only and self.visitor.role is not Role.ADMIN
        is_known = self.visitor.user_id is not None or browsers.is_visit(self.visit)
        return is_person and is_known and bool(self.agent) and _BOTS.search(self.agent) is None


def record(deps: Deps, onlooker: Onlooker, event_id: int, kind: Interaction, placement: Placement) -> bool:
    """Count one interaction; return whether it was new on this day of the venue. An unknown event counts nothing."""
    return record_all(deps, onlooker, {event_id: placement}, kind) == 1


def record_all(deps: Deps, onlooker: Onlooker, seen: Mapping[int, Placement], kind: Interaction) -> int:
    """Count one kind of interaction with several events in one statement; return how many were new."""
    if not seen or not onlooker.counts:
        return 0
    with deps.engine.begin() as conn:
        subjects = rows.find_subjects(conn, seen.keys())
    new = [
        _new(deps, onlooker, subject, kind, seen[event_id])
        for event_id, subject in sorted(subjects.items())
        if subject.promoter_id is None or subject.promoter_id != onlooker.visitor.user_id
    ]
    with deps.engine.begin() as conn:
        return rows.add_interactions(conn, new)


def forget_person(deps: Deps, conn: Connection, user_id: int) -> None:
    """Put a random value in a person's place, in the caller's transaction: totals stay what they were."""
    rows.replace_person(conn, person_key(deps, user_id), secrets.token_bytes(_KEY_BYTES))


def person_key(deps: Deps, user_id: int) -> bytes:
    """Return what stands for a signed-in person."""
    return _digest(deps, f"person\0{user_id}")


def _new(deps: Deps, onlooker: Onlooker, subject: Subject, kind: Interaction, placement: Placement) -> NewInteraction:
    day = deps.now().astimezone(ZoneInfo(subject.zone)).date()
    aimed = subject.targeting
    return NewInteraction(
        event_id=subject.event_id,
        day=day,
        kind=kind,
        person_key=_key(deps, onlooker, day),
        placement=placement,
        is_matched=aimed is not None and targeting.fits(deps, onlooker.visitor, aimed),
        at=deps.now(),
    )


def _key(deps: Deps, onlooker: Onlooker, day: date) -> bytes:
    user_id = onlooker.visitor.user_id
    return _digest(deps, f"visit\0{day}\0{onlooker.visit}") if user_id is None else person_key(deps, user_id)


def _digest(deps: Deps, text: str) -> bytes:
    key = hmac.digest(deps.site.secret_key, b"event interactions", "sha256")
    return hmac.digest(key, text.encode(), "sha256")[:_KEY_BYTES]
