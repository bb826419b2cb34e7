"""A show as a calendar file (RFC 5545), for whatever keeps somebody's days."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.events import TITLE_MAX, EventStatus, clean_text
from rewrapped.domain.shows import Show
from rewrapped.services import events
from rewrapped.services.whereabouts import Whereabouts

_STATUS = {EventStatus.CANCELLED: "CANCELLED", EventStatus.POSTPONED: "TENTATIVE"}
_TELLS = {EventStatus.CANCELLED: "Cancelled: ", EventStatus.POSTPONED: "Postponed: "}
_ACTS_MAX = 20


def calendar(deps: Deps, event_id: int) -> tuple[str, bytes]:
    """Return a file name and the calendar file of a show, which anybody may have.

    A show of one day whose time is known is at that time of its venue's zone;
    when it ends, nobody tells, so the file doesn't either. Any other takes its
    whole days.

    Raises:
        NotFound: there is no such event.
    """
    show = events.event(deps, Visitor(), event_id, Whereabouts()).show
    return f"{_slug(show.listing.title)}.ics", _file(deps, show)


def _file(deps: Deps, show: Show) -> bytes:
    from icalendar import Calendar

    file = Calendar()
    file.add("prodid", f"-//{deps.site.product_name}//events//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add_component(_entry(deps, show))
    file.add_missing_timezones()
    return bytes(file.to_ical())


def _entry(deps: Deps, show: Show):  # type: ignore[no-untyped-def]  # icalendar is imported where it is used
    from icalendar import Event

    told, entry = show.listing, Event()
    host = urlsplit(deps.site.base_url).hostname or "localhost"
    entry.add("uid", f"show-{show.group}@{host}")
    entry.add("dtstamp", deps.now())
    entry.add("last-modified", show.changed_at)
    # It has to grow with every change, and nothing counts them: the minutes since it was first listed do.
    entry.add("sequence", max(0, int((show.changed_at - show.added_at).total_seconds()) // 60))
    entry.add("status", _STATUS.get(told.status, "CONFIRMED"))
    entry.add("summary", _TELLS.get(told.status, "") + clean_text(told.title, TITLE_MAX))
    entry.add("location", _place(show))
    entry.add("url", f"{deps.site.base_url}/e/{show.id}")
    entry.add("description", _description(show))
    if told.venue.latitude is not None and told.venue.longitude is not None:
        entry.add("geo", (told.venue.latitude, told.venue.longitude))
    if told.start_at is None or show.last_on != told.start_on:
        entry.add("dtstart", told.start_on)
        entry.add("dtend", show.last_on + timedelta(days=1))  # the day after, as the format has it
    else:
        entry.add("dtstart", told.start_at.astimezone(ZoneInfo(told.zone)))
    return entry


def _place(show: Show) -> str:
    venue = show.listing.venue
    return ", ".join(part for part in (clean_text(venue.name), clean_text(venue.city), venue.country) if part)


def _description(show: Show) -> str:
    told = show.listing
    names = [clean_text(act.name) for act in told.performers]
    lines = [", ".join(names[:_ACTS_MAX]) + (f" and {len(names) - _ACTS_MAX} more" if len(names) > _ACTS_MAX else "")]
    if told.start_time is None:
        lines.append("The time is to be announced.")
    if told.doors_time is not None:
        lines.append(f"Doors at {told.doors_time:%H:%M}.")
    lines += [f"Listed by {credit.words}." for credit in show.credits]
    return "\n".join(line for line in lines if line)


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title[:TITLE_MAX]).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-")[:60] or "show"
