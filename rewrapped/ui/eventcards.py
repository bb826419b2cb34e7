"""Shows as cards, and what is said of them: findings, days, places, prices, reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote, urlencode, urlsplit

import streamlit as st

from rewrapped.charts.sleeves import sleeve
from rewrapped.components.shows import ShowCard, shows
from rewrapped.domain import fit, genres
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.days import MONTHS_SHORT, WEEKDAYS_SHORT, day
from rewrapped.domain.events import EventStatus, Offer
from rewrapped.domain.promoting import Interaction, Placement
from rewrapped.domain.shows import Show
from rewrapped.errors import NotFound
from rewrapped.services import browsers, interactions, keeping, targeting
from rewrapped.services.events import Board, Card
from rewrapped.ui import session
from rewrapped.ui.explain import explain_errors

STATUSES = {
    EventStatus.CANCELLED: "Cancelled",
    EventStatus.POSTPONED: "Postponed, no new date yet",
    EventStatus.RESCHEDULED: "Moved to a new date",
}
_ACTS = 4
_SEEN = "_events_seen"


def show_cards(cards: Sequence[Card], placement: Placement, label: str, visitor: Visitor) -> None:
    """Show the cards, count those seen for the first time in this session, and do what is pressed."""
    via = placement.name.lower()
    pressed = shows([_card(card, via, visitor) for card in cards], key=f"shows_{via}", label=label)
    _count_seen(cards, placement)
    if pressed.opened is not None:
        st.switch_page("pages/event.py", query_params={"id": str(pressed.opened), "via": via})
    if pressed.hearted is not None:
        is_saved = next(card.is_saved for card in cards if card.show.id == pressed.hearted)
        with explain_errors():
            toggle_save(visitor, pressed.hearted, placement, is_saved=is_saved)
            st.rerun()


def toggle_save(visitor: Visitor, event_id: int, placement: Placement, *, is_saved: bool) -> None:
    """Save a show, or take it out again; a save is counted."""
    if is_saved:
        keeping.unsave(session.deps(), visitor, event_id)
    elif keeping.save(session.deps(), visitor, event_id):
        interactions.record(session.deps(), session.onlooker(), event_id, Interaction.SAVE, placement)


def finish_save(visitor: Visitor, event_id: int) -> None:
    """Do what somebody asked for before they signed in, if the address carries this browser's own ticket for it."""
    ticket = st.query_params.pop("save", "")
    if ticket and keeping.finish_save(session.deps(), visitor, event_id, session.visit(), ticket):
        interactions.record(session.deps(), session.onlooker(), event_id, Interaction.SAVE, Placement.DIRECT)
        st.toast("Saved. You find it under Saved.", icon=":material/favorite:")


def save_link(visitor: Visitor, event_id: int) -> str:
    """Return where somebody goes to save a show who can't yet: to an account, and back; "" for whoever can."""
    visit = session.visit()
    if visitor.may(Permission.KEEP_EVENTS) or visit is None:
        return ""
    ticket = browsers.save_ticket(session.deps().site, visit, event_id, session.deps().now())
    return f"/auth/register?next={quote(f'/event?id={event_id}&save={ticket}', safe='')}"


def ticket_link(event_id: int, number: int, via: str) -> str:
    """Return our own address that leads to where tickets are sold."""
    return f"/go/{event_id}?{urlencode({'offer': number, 'via': via})}"


# Words --------------------------------------------------------------------------------------------


def headline(board: Board, where: str, when: str) -> str:
    """Return what a search came to, as a title."""
    if not board.total:
        return f"No shows{where} {when}"
    if board.for_you_total:
        verb = "fits" if board.for_you_total == 1 else "fit"
        return f"{_shows(board.for_you_total)}{where} {verb} you {when}"
    return f"{_shows(board.total)}{where} {when}"


def _shows(count: int) -> str:
    return f"{count:,} {'show' if count == 1 else 'shows'}"


def when(show: Show) -> str:
    """Return the day and time of a show, by its venue's clock: "Fri, 5 Dec 2026, 20:00"."""
    told = show.listing
    if told.end_on and told.end_on != told.start_on:
        return f"{_day(told.start_on)} to {_day(told.end_on)}"
    return (
        f"{_day(told.start_on)}, {told.start_time:%H:%M}"
        if told.start_time
        else f"{_day(told.start_on)}, time not announced"
    )


def where(card: Card) -> str:
    """Return venue, city and distance."""
    venue = card.show.listing.venue
    parts = [venue.name, venue.city]
    if card.distance_km is not None:
        parts.append(distance(card.distance_km))
    return " · ".join(part for part in parts if part)


def distance(km: float) -> str:
    """Return a distance as short as it can be read."""
    return "under 1 km" if km < 1 else f"{km:,.0f} km"


def price(offer: Offer) -> str:
    """Return what an offer costs, "" where nobody says."""
    if offer.min_cents is None or offer.currency is None:
        return ""
    low, high = offer.min_cents / 100, (offer.max_cents or offer.min_cents) / 100
    said = f"{low:,.2f}" if low == high else f"{low:,.2f} to {high:,.2f}"
    return f"{said.replace('.00', '')} {offer.currency}" if high else "Free"


def host(offer: Offer) -> str:
    """Return where a link leads: the host's own name, so that nothing else can be made to look like it."""
    return (urlsplit(offer.url).hostname or "").removeprefix("www.")


def reason(said: fit.Reason) -> str:
    """Return one reason in numbers."""
    match said:
        case fit.Heard(performer, plays, recent, last_on):
            many = f"{plays:,} {'play' if plays == 1 else 'plays'} of {performer}"
            if recent:
                return f"{many}, {recent:,} in the last 6 months"
            return f"{many}, the last on {day(last_on)}" if last_on else many
        case fit.Followed(performer):
            return f"You follow {performer}"
        case fit.FamilyFollowed(family):
            return f"You chose {genres.family(family).name} among your interests"
        case fit.TagFollowed(tag):
            return f"Tagged {tag}, which is among your interests"
        case fit.FamilyShare(family, share):
            return f"{share * 100:.0f} % of all your time goes to {genres.family(family).name}"
        case fit.Near(km):
            return f"{distance(km)} from where you are"
        case fit.VenueFollowed():
            return "You follow the venue"
        case fit.Soon(days):
            return {0: "Today", 1: "Tomorrow"}.get(days, f"In {days} days")


def best_reason(found: fit.Fit) -> str:
    """Return the weightiest reason that is the listener's own, "" when there is none."""
    own = (one for one in found.reasons if not isinstance(one, fit.Near | fit.Soon))
    return next(map(reason, own), "")


def badge(card: Card) -> str:
    """Return what is odd about a show, "" where nothing is."""
    status = STATUSES.get(card.show.listing.status, "")
    if card.is_over:
        return "Cancelled" if card.show.listing.status is EventStatus.CANCELLED else "Over"
    return status or ("Not listed any more" if card.show.is_gone else "")


def credit(show: Show) -> str:
    """Return who told us of a show, as they ask to be named."""
    named = " and ".join(one.words for one in show.credits)
    return f"Listed by {named}" if named else ""


def _day(on: date) -> str:
    return f"{WEEKDAYS_SHORT[on.weekday()]}, {on.day} {MONTHS_SHORT[on.month - 1]} {on.year}"


def _acts(card: Card) -> str:
    names = [act.name for act in card.performers] or [act.name for act in card.show.listing.performers]
    if names == [card.show.listing.title]:
        return ""
    more = len(names) - _ACTS
    return ", ".join(names[:_ACTS]) + (f" and {more} more" if more > 0 else "")


def _card(card: Card, via: str, visitor: Visitor) -> ShowCard:
    show, told = card.show, card.show.listing
    sale = show.sales[0] if show.sales and card.is_on else None
    return ShowCard(
        id=show.id,
        link=f"/event?id={show.id}&via={via}",
        title=told.title,
        art=sleeve(card.performers[0].name if card.performers else told.title),
        on=told.start_on.isoformat(),
        weekday=WEEKDAYS_SHORT[told.start_on.weekday()],
        day=str(told.start_on.day),
        month=MONTHS_SHORT[told.start_on.month - 1],
        when=when(show),
        where=where(card),
        acts=_acts(card),
        why=best_reason(card.fitness),
        badge=badge(card),
        price=price(sale.offer) if sale else "",
        ticket_link=ticket_link(sale.event_id, sale.number, via) if sale else "",
        seller=host(sale.offer) if sale else "",
        credit=credit(show),
        is_saved=card.is_saved,
        save_link=save_link(visitor, show.id),
        paid="Sponsored" if card.targeting is not None and via == "sponsored" else "",
        paid_why=targeting.why(card.targeting) if card.targeting is not None else "",
        is_quiet=not card.is_on,
    )


def _count_seen(cards: Sequence[Card], placement: Placement) -> None:
    """Count the cards this session hasn't been shown in this place yet."""
    seen: set[tuple[int, Placement]] = st.session_state.setdefault(_SEEN, set())
    new = {card.show.id: placement for card in cards if (card.show.id, placement) not in seen}
    if new:
        seen.update(new.items())
        with explain_errors():
            interactions.record_all(session.deps(), session.onlooker(), new, Interaction.IMPRESSION)


def count_view(event_id: int, placement: Placement) -> None:
    """Count that an event's page was opened, once in this session."""
    seen: set[tuple[int, str]] = st.session_state.setdefault(f"{_SEEN}_pages", set())
    if (event_id, placement.name) not in seen:
        seen.add((event_id, placement.name))
        interactions.record(session.deps(), session.onlooker(), event_id, Interaction.VIEW, placement)


def asked_event() -> int:
    """Return the id in this page's address.

    Raises:
        NotFound: there is none that could be an event's.
    """
    word = st.query_params.get("id", "")
    if not (word.isascii() and word.isdigit() and len(word) <= 18):
        raise NotFound("There is no such event.")
    return int(word)


def came_by() -> Placement:
    """Return where in the site somebody found the event of this page."""
    return Placement.__members__.get(st.query_params.get("via", "").upper(), Placement.DIRECT)
