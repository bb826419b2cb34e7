"""Sheets of events that an admin brings: listed as a promoter's would be, and known again when brought again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rewrapped.clients import gazetteer
from rewrapped.deps import Deps
from rewrapped.domain import drafts, eventsheet
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.drafts import Identity, Promotion
from rewrapped.domain.events import EventSource, EventStatus, Listing, normal_name
from rewrapped.domain.eventsheet import Line
from rewrapped.domain.places import Place
from rewrapped.domain.sweeping import Window
from rewrapped.errors import InvalidInput
from rewrapped.services import notices, promoting, sweeps
from rewrapped.storage import people, promotions
from rewrapped.storage.database import Connection
from rewrapped.storage.promotions import OwnEvent

_TOWNS = 20


@dataclass(slots=True)
class Loaded:
    """What became of a sheet: events by what they were to us, and the lines left out, by number, each with all faults.

    `listed` holds the titles of the sheet's events by their ids, in its order.
    """

    new: int = 0
    changed: int = 0
    known: int = 0
    left_out: dict[int, tuple[str, ...]] = field(default_factory=dict)
    listed: dict[int, str] = field(default_factory=dict)


def load(deps: Deps, visitor: Visitor, data: bytes) -> Loaded:
    """List the events of a sheet; lines that can't be used are left out, and the rest is stored in one go.

    A line that was brought before changes its event, and whoever saved it is told
    as when a promoter changes one. Nothing is taken away.

    Raises:
        SignInNeeded, AccessDenied: the visitor isn't an admin.
        InvalidInput: it is no sheet of events; nothing was stored.
    """
    user_id = visitor.allowed(Permission.ADMINISTER)
    with deps.engine.connect() as conn:
        attribution = promoting.attribution(deps, conn, user_id)
    loaded = Loaded()
    ready = list(_ready(eventsheet.read(data), attribution, deps.now(), loaded))
    if not (ready or loaded.left_out):
        raise InvalidInput("The sheet names columns, and holds no event below them.")
    told: set[int] = set()
    with deps.engine.begin() as conn:
        for number, listing, promotion in ready:
            try:
                told.update(_bring(deps, conn, user_id, (listing, promotion), loaded))
            except InvalidInput as error:
                loaded.left_out[number] = (str(error),)
        people.add_audit(conn, user_id, f"loaded {loaded.new + loaded.changed + loaded.known} events from a sheet")
    notices.wake(deps, sorted(told))
    for start_on in sorted({listing.start_on for _, listing, _ in ready}):
        sweeps.tie_twins(deps, Window(start_on, start_on + timedelta(days=1)))
    return loaded


def _ready(
    lines: Iterable[Line], attribution: str, now: datetime, loaded: Loaded
) -> Iterable[tuple[int, Listing, Promotion]]:
    """Yield what can be stored; note what can't."""
    seen: dict[str, int] = {}
    for line in lines:
        place, faults = _judged(line, seen, now)
        if faults or line.draft is None or place is None:
            loaded.left_out[line.number] = faults
            continue
        identity = Identity(EventSource.INTERNAL, line.key, attribution)
        yield line.number, drafts.listing_of(line.draft, place, identity, now), drafts.promotion_of(line.draft)
        seen[line.key] = line.number


def _judged(line: Line, seen: Mapping[str, int], now: datetime) -> tuple[Place | None, tuple[str, ...]]:
    """Return where a line's event is, and all that is wrong with the line."""
    if line.draft is None:
        return None, tuple(line.problems.values())
    place, faults = None, {}
    try:
        place = _place(line)
    except InvalidInput as error:
        faults["place"] = str(error)
    faults |= {**drafts.faults(line.draft, place, now), **line.problems}  # what can't be read isn't missing, too
    if line.key in seen:
        faults["key"] = f"It is the same event as line {seen[line.key]}."
    return place, tuple(faults.values())


def _place(line: Line) -> Place:
    """Return the one town that is called so there; nothing is guessed, as people are led to it."""
    country = line.country.upper()
    if country not in gazetteer.countries():
        raise InvalidInput(f'"{line.country[:20]}" is no country: it is a code of two letters, such as PT.')
    found = gazetteer.search(line.city, country, _TOWNS)
    wanted = normal_name(line.city.partition(",")[0])
    called = [place for place in found if normal_name(place.name) == wanted]
    if len(called) == 1:
        return called[0]
    named = "; ".join(
        f"{place.name}, {place.region}" if place.region else place.name for place in (called or found)[:5]
    )
    if called:
        raise InvalidInput(f"Several towns there are called so: {named}. Name the region too.")
    meant = f" There are: {named}." if named else ""
    raise InvalidInput(f'No town of over 15,000 people is called "{line.city[:60]}" there.{meant}')


def _bring(deps: Deps, conn: Connection, user_id: int, brought: tuple[Listing, Promotion], loaded: Loaded) -> list[int]:
    """Store one event; return whom to wake.

    Raises:
        InvalidInput: its event is over, called off or taken away, and stays as it is.
    """
    listing, promotion = brought
    own = _own(conn, listing)
    if own is None:
        loaded.listed[promoting.store(conn, listing, promotion, user_id, deps.now())] = listing.title
        loaded.new += 1
        return []
    before = own.event.listing
    is_off = before.status is EventStatus.CANCELLED or own.taken_at is not None
    if is_off or promoting.is_over(before, deps.now()):
        raise InvalidInput("This event is over, called off or taken away here, and stays as it is.")
    loaded.listed[own.id] = listing.title
    status = EventStatus.RESCHEDULED if listing.start_on != before.start_on else before.status
    after = replace(listing, status=status, image_url=before.image_url, attribution=before.attribution)
    kept = replace(promotion, targeting=own.promotion.targeting, is_sponsored=own.promotion.is_sponsored)
    if replace(after, fetched_at=before.fetched_at, expires_at=before.expires_at) == before and kept == own.promotion:
        loaded.known += 1
        return []
    promoting.store(conn, after, kept, own.promoter_id, deps.now())
    loaded.changed += 1
    return promoting.tell_savers(deps, conn, own, after)


def _own(conn: Connection, listing: Listing) -> OwnEvent | None:
    event_id = promotions.find_id(conn, listing.source, listing.source_id)
    return None if event_id is None else promotions.find_own(conn, event_id, hold=True)
