"""Counting what people do with events: honestly, and without keeping who they are.

A person counts once per event, kind and day of the venue. Nothing of an address
or a browser is stored: a signed-in person is a keyed digest of their id, anybody
else a keyed digest of the visit cookie and the day, so that nobody can be
followed from one day to the next. Bots, admins, an event's own promoter and
whoever looks around in the sample data never count.

A show can be listed by several sources. What people do with it is counted on the
listing that stands for it, and on that of our own promoter if there is one; a
click on the listings alone that name where it leads.

Of strangers a network counts as a few a day (`services.strangers`): a browser
that was never here before costs nothing to make up.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.events import EventSource
from rewrapped.domain.promoting import Interaction, Placement
from rewrapped.services import browsers, strangers, targeting
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
    """Somebody before an event: the visitor; of their browser the visit cookie, what it calls itself, its address."""

    visitor: Visitor
    visit: str | None = field(default=None, repr=False)
    agent: str = field(default="", repr=False)
    address: str = field(default="", repr=False)

    @property
    def is_person(self) -> bool:
        """Return whether they may be somebody whose doings count."""
        is_anybody = not self.visitor.read_only and self.visitor.role is not Role.ADMIN
        return is_anybody and bool(self.agent) and _BOTS.search(self.agent) is None


def record(deps: Deps, onlooker: Onlooker, event_id: int, kind: Interaction, placement: Placement) -> bool:
    """Count one interaction; return whether it was new on this day of the venue. An unknown event counts nothing."""
    return record_all(deps, onlooker, {event_id: placement}, kind) == 1


def record_all(deps: Deps, onlooker: Onlooker, seen: Mapping[int, Placement], kind: Interaction) -> int:
    """Count one kind of interaction with several events in one statement; return with how many it was new."""
    if not seen or not onlooker.is_person or not _is_admitted(deps, onlooker):
        return 0
    with deps.engine.begin() as conn:
        listed = rows.list_subjects(conn, seen.keys())
    counted = {event_id: _counted(event_id, kind, listed[event_id], onlooker) for event_id in sorted(listed)}
    new = [
        _new(deps, onlooker, subject, kind, seen[event_id])
        for event_id, subjects in counted.items()
        for subject in subjects
    ]
    with deps.engine.begin() as conn:
        added = rows.add_interactions(conn, new)
    return sum(any(subject.event_id in added for subject in subjects) for subjects in counted.values())


def forget_person(deps: Deps, conn: Connection, user_id: int) -> None:
    """Put a random value in a person's place, in the caller's transaction: totals stay what they were."""
    rows.replace_person(conn, person_key(deps, user_id), secrets.token_bytes(_KEY_BYTES))


def person_key(deps: Deps, user_id: int) -> bytes:
    """Return what stands for a signed-in person."""
    return _digest(deps, f"person\0{user_id}")


def _is_admitted(deps: Deps, onlooker: Onlooker) -> bool:
    """Return whether they are somebody: signed in, or a stranger whose browser was here and whose network has room."""
    if onlooker.visitor.user_id is not None:
        return True
    visit = onlooker.visit
    if visit is None or not browsers.is_visit(deps.site, visit):
        return False
    return strangers.admit(deps, onlooker.address, visit)


def _counted(event_id: int, kind: Interaction, listed: Sequence[Subject], onlooker: Onlooker) -> Sequence[Subject]:
    """Return the listings of a show that an interaction counts for; none for the team of one of them."""
    user_id = onlooker.visitor.user_id
    if user_id is not None and user_id in {subject.promoter_id for subject in listed}:
        return ()
    if kind is Interaction.CLICK:
        return [subject for subject in listed if subject.event_id == event_id]
    own = next((subject for subject in listed if subject.source is EventSource.INTERNAL), None)
    return list(dict.fromkeys(subject for subject in (listed[0], own) if subject is not None))


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
