"""The form of an event: what it is, where and when, tickets, and whom it is for."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import streamlit as st

from rewrapped.deps import Deps
from rewrapped.domain import drafts, genres
from rewrapped.domain.drafts import AIMED_ROLES, DESCRIPTION_MAX, PLAYS_MOST, TITLE_MAX, Draft
from rewrapped.domain.events import NAME_MAX, URL_MAX
from rewrapped.domain.places import Place
from rewrapped.services import promoting
from rewrapped.ui.cards import card

_CURRENCIES = (
    "EUR",
    "GBP",
    "USD",
    "CHF",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "CAD",
    "AUD",
    "NZD",
    "JPY",
    "BRL",
    "MXN",
    "INR",
)
_FIRST_TIME = time(20, 0)
_MARKDOWN = (
    "Paragraphs, lists with a dash, \\*\\*bold\\*\\*, \\*italic\\* and \\[links\\](https://…). Anything else is text."
)


def draw(deps: Deps, draft: Draft, submit_label: str, key: str) -> Draft | None:
    """Draw the form filled with a draft; return what it holds in the run after it was sent, else None.

    `key` tells the forms of different events apart.
    """
    with card(f"place_{key}"):
        st.subheader("Where", anchor=False)
        is_open = draft.start_time is None and bool(draft.title)  # of what is changed; not of what is typed below
        place = _pick_place(draft, key)
        if place is not None:
            st.caption(f"Times are told in {place.zone}, the zone of {place.name}.")
    with st.form(f"event_{key}", border=False, enter_to_submit=False):
        left, right = st.columns([7, 5])
        with left, card(f"what_{key}"):
            draft = _ask_what(draft)
        with right, card(f"when_{key}"):
            draft = _ask_when(deps, draft, place, is_open=is_open)
        with left, card(f"tickets_{key}"):
            draft = _ask_tickets(draft)
        with right, card(f"aim_{key}"):
            draft = _ask_aim(draft)
        sent = st.form_submit_button(submit_label, type="primary")
    return replace(draft, place_id=place.id if place else None) if sent else None


def _pick_place(draft: Draft, key: str) -> Place | None:
    """Ask for a city in words, and which of those called so is meant."""
    known = promoting.find_place(draft.place_id) if draft.place_id else None
    left, right = st.columns(2)
    typed = left.text_input(
        "City", known.name if known else "", max_chars=100, key=f"city_{key}", placeholder="Lisbon, or Portland, Maine"
    )
    found = list(promoting.find_places(typed))
    if known is not None and known not in found and typed == known.name:
        found.insert(0, known)
    if not found:
        right.caption("No place is called so." if typed else "Choose which one is meant once it is typed.")
        return None
    first = found.index(known) if known in found else 0
    return right.selectbox("Which one", found, first, format_func=_said, key=f"place_of_{key}_{typed}")


def _said(place: Place) -> str:
    country = promoting.countries().get(place.country, place.country)
    return ", ".join(part for part in (place.name, place.region, country) if part)


def _ask_what(draft: Draft) -> Draft:
    st.subheader("What", anchor=False)
    title = st.text_input("Title", draft.title, max_chars=TITLE_MAX)
    line_up = st.text_area("Line-up", draft.line_up, height=140, help="One act a line, the headliner first.")
    description = st.text_area(
        "Description",
        draft.description,
        max_chars=DESCRIPTION_MAX,
        height=280,
        help=_MARKDOWN,
    )
    chosen = st.multiselect(
        "Genres",
        _genre_keys(),
        list(draft.genres),
        format_func=_genre_name,
        max_selections=drafts.GENRES_MOST,
        placeholder="Choose up to ten",
    )
    tags = st.text_input("Tags", draft.tags, placeholder="open air, all ages", help="Words of your own, with commas.")
    return replace(draft, title=title, line_up=line_up, description=description, genres=tuple(chosen), tags=tags)


def _ask_when(deps: Deps, draft: Draft, place: Place | None, *, is_open: bool) -> Draft:
    st.subheader("Venue and time", anchor=False)
    venue = st.text_input("Venue", draft.venue, max_chars=NAME_MAX)
    today = deps.now().date()
    earliest = min(today - timedelta(days=1), draft.start_on or today)  # it may be yesterday where the venue is
    start_on = st.date_input("Date", draft.start_on, min_value=earliest, max_value=today + drafts.FARTHEST)
    is_open = st.checkbox("Time to be announced", is_open)
    left, right = st.columns(2)
    doors = right.time_input("Doors (optional)", draft.doors_time, step=900)
    start_time = left.time_input("Begins", draft.start_time or _FIRST_TIME, step=900)
    with st.expander("Exact place on the map (optional)"):
        latitude = st.number_input("Latitude", -90.0, 90.0, draft.latitude, format="%.5f", placeholder=_centre(place))
        longitude = st.number_input("Longitude", -180.0, 180.0, draft.longitude, format="%.5f")
        st.caption("In degrees. Left empty, the event stands at the centre of its city.")
    return replace(
        draft,
        venue=venue,
        start_on=start_on,
        start_time=None if is_open else start_time,
        doors_time=doors,
        latitude=latitude,
        longitude=longitude,
    )


def _centre(place: Place | None) -> str | None:
    return f"{place.latitude:.5f}" if place else None


def _ask_tickets(draft: Draft) -> Draft:
    st.subheader("Tickets", anchor=False)
    url = st.text_input(
        "Address where tickets are sold",
        draft.ticket_url,
        max_chars=URL_MAX,
        placeholder="https://",
        help="People see its host before they go there.",
    )
    low, high, money = st.columns(3)
    lowest = low.number_input("Price from", 0.0, 1_000_000.0, draft.price_from, format="%.2f")
    highest = high.number_input("Price to", 0.0, 1_000_000.0, draft.price_to, format="%.2f")
    codes = list(dict.fromkeys(filter(None, (draft.currency, *_CURRENCIES))))
    currency = money.selectbox("Currency", codes, codes.index(draft.currency) if draft.currency else 0)
    return replace(draft, ticket_url=url, price_from=lowest, price_to=highest, currency=currency or "")


def _ask_aim(draft: Draft) -> Draft:
    st.subheader("Sponsored", anchor=False)
    is_sponsored = st.checkbox(
        "Show it as sponsored",
        draft.is_sponsored,
        help="It is labelled, and says why somebody sees it. Everybody finds the event among all others anyway.",
    )
    st.caption("Aim it, or leave all of this empty to show it to everybody. Each part that is filled has to fit.")
    names = promoting.countries()
    countries = st.multiselect(
        "Countries", list(names), list(draft.target_countries), format_func=names.__getitem__, placeholder="Any"
    )
    liked = st.multiselect(
        "Genres they play", _genre_keys(), list(draft.target_genres), format_func=_genre_name, placeholder="Any"
    )
    artists = st.text_area(
        "Artists they play", draft.target_artists, height=80, help="One a line; one is enough to fit."
    )
    plays = st.number_input("Played at least this often", 1, PLAYS_MOST, draft.minimum_plays)
    roles = st.multiselect(
        "Kinds of account", [str(role) for role in AIMED_ROLES], list(draft.target_roles), placeholder="Any"
    )
    return replace(
        draft,
        is_sponsored=is_sponsored,
        target_countries=tuple(countries),
        target_genres=tuple(liked),
        target_artists=artists,
        minimum_plays=plays,
        target_roles=tuple(roles),
    )


def _genre_keys() -> list[str]:
    return sorted((genre.key for genre in genres.taxonomy().genres()), key=_genre_name)


def _genre_name(key: str) -> str:
    return genres.genre(key).name
