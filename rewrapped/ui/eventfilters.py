"""The filter bar of the events page. The address is its truth; a person's place is kept with their account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import streamlit as st

from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.places import Place
from rewrapped.domain.shows import Search
from rewrapped.services import whereabouts
from rewrapped.services.whereabouts import FARTHEST_KM, NEAREST_KM, Whereabouts
from rewrapped.ui import session, wording
from rewrapped.ui.eventquery import ANYWHERE, DEFAULT, KEYS, PRESETS, TEXT_MAX, Asked, read, write
from rewrapped.ui.explain import explain_errors

_MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for, where the listener is, and both in words that follow a finding."""

    search: Search
    here: Whereabouts
    asked: Asked
    where: str  # " near Berlin", " in France", or nothing
    when: str  # "in the next 30 days"

    @property
    def is_narrowed(self) -> bool:
        """Return whether words or a name are searched for."""
        return bool(self.asked.text or self.asked.artist)


def event_bar(visitor: Visitor, today: date) -> Sought:
    """Show the bar; return what is looked for. `today` is the listener's local day, as far as it is known."""
    asked = _asked()
    told = whereabouts.whereabouts(session.deps(), visitor)
    here = _here(asked, told)
    with st.container(horizontal=True, vertical_alignment="center", key="filter_bar_events"):
        _presets(asked)
        _dates(asked, today)
        _where(asked, here)
    with st.container(horizontal=True, vertical_alignment="bottom", key="event_words"):
        _words(asked)
    start_on, end_on = asked.days(today)
    around = None if asked.country else here.around
    search = Search(start_on, end_on, around, asked.country, asked.artist, asked.text)
    return Sought(search, here, asked, _where_said(asked, here), asked.said)


def ask_place(key: str, choose: Callable[[int, str], None] | None = None) -> None:
    """Ask where somebody is: a search in the offline list, and a button for each place found.

    `choose` is called with a place's id and the key of the text; unless given, the place is where shows are sought.
    """
    text = st.text_input(
        "Your town or city", key=f"{key}_text", placeholder="Berlin, or Paris, Texas", max_chars=TEXT_MAX
    )
    found = whereabouts.search(text) if text.strip() else ()
    with st.container(horizontal=True, key=f"{key}_found"):
        for place in found:
            st.button(
                wording.plain(_place_said(place)),
                key=f"{key}_{place.id}",
                icon=":material/location_on:",
                on_click=choose or _choose_place,
                args=(place.id, f"{key}_text"),
            )
    if text.strip() and not found:
        st.caption("No place of over 15,000 people is called so. Try the next larger town.")


def forget_words() -> None:
    """Search for everything again, where and when it was."""
    _choose(replace(_asked(), text="", artist=""))


def look_further() -> None:
    """Look at the next three months, and as far as one can travel."""
    asked = _asked()
    _choose(replace(asked, word="3m", first_on=None, last_on=None))


def look_everywhere() -> None:
    """Look at shows wherever they are."""
    _choose(replace(_asked(), place_id=ANYWHERE, country="", radius_km=None))


def _asked() -> Asked:
    return read({key: st.query_params[key] for key in KEYS if key in st.query_params})


def _choose(asked: Asked) -> None:
    query = write(asked)
    for key in (*KEYS, "page"):
        if key in st.query_params and key not in query:
            del st.query_params[key]
    st.query_params.update(query)


def _here(asked: Asked, told: Whereabouts) -> Whereabouts:
    """Return where the listener is: what the address says goes before what they told us."""
    radius_km = asked.radius_km or told.radius_km
    if asked.place_id == ANYWHERE:
        return Whereabouts(None, radius_km)
    place = whereabouts.find(asked.place_id) if asked.place_id else told.place
    return Whereabouts(place, radius_km)


def _presets(asked: Asked) -> None:
    st.session_state["events_range"] = asked.word if asked.word in PRESETS else None
    st.segmented_control(
        "When",
        list(PRESETS),
        format_func=PRESETS.__getitem__,
        key="events_range",
        on_change=_choose_range,
        label_visibility="collapsed",
    )


def _choose_range() -> None:
    word = st.session_state["events_range"]
    if word is not None:
        _choose(replace(_asked(), word=word, first_on=None, last_on=None))


def _dates(asked: Asked, today: date) -> None:
    own = asked.word == "custom"
    label = asked.said.removeprefix("from ").removeprefix("on ") if own else "Dates"
    with st.popover(label, icon=":material/calendar_month:"):
        days = (asked.first_on, asked.last_on) if asked.first_on and asked.last_on else ()
        st.session_state["events_days"] = days
        st.date_input(
            "From and to",
            key="events_days",
            min_value=min([today, *days]),
            max_value=max([today + timedelta(days=_MOST_DAYS), *days]),
            format="YYYY-MM-DD",
            on_change=_choose_days,
        )
        if own:
            st.button(
                "The next 30 days again",
                on_click=lambda: _choose(replace(_asked(), word=DEFAULT, first_on=None, last_on=None)),
            )


def _choose_days() -> None:
    days = st.session_state["events_days"]
    if len(days) == 2:  # one: the second hasn't been picked yet
        _choose(replace(_asked(), word="custom", first_on=days[0], last_on=days[1]))


def _where(asked: Asked, here: Whereabouts) -> None:
    with st.popover(_where_label(asked, here), icon=":material/location_on:"):
        ask_place("events_place")
        if here.place is not None and not asked.country:
            st.session_state["events_radius"] = here.radius_km
            st.slider(
                "How far you go, in km", NEAREST_KM, FARTHEST_KM, step=5, key="events_radius", on_change=_choose_radius
            )
        countries = ["", *whereabouts.countries()]
        st.session_state["events_country"] = asked.country if asked.country in countries else ""
        st.selectbox(
            "Or a whole country",
            countries,
            format_func=lambda code: whereabouts.country_name(code) if code else "Any",
            key="events_country",
            on_change=_choose_country,
        )
        if here.place is not None or asked.country:
            st.button("Look everywhere", key="events_anywhere", on_click=look_everywhere)


def _choose_place(place_id: int, text_key: str) -> None:
    """Keep a place: with the account of somebody who has one, else in the address alone."""
    asked = replace(_asked(), country="", place_id=place_id)
    st.session_state[text_key] = ""
    with explain_errors():
        visitor = session.visitor()
        if visitor.may(Permission.KEEP_EVENTS):
            here = whereabouts.whereabouts(session.deps(), visitor)
            whereabouts.set_whereabouts(session.deps(), visitor, place_id, asked.radius_km or here.radius_km)
            asked = replace(asked, place_id=None, radius_km=None)
    _choose(asked)


def _choose_radius() -> None:
    asked, radius_km = _asked(), st.session_state["events_radius"]
    with explain_errors():
        visitor = session.visitor()
        here = _here(asked, whereabouts.whereabouts(session.deps(), visitor))
        if visitor.may(Permission.KEEP_EVENTS) and asked.place_id is None and here.place is not None:
            whereabouts.set_whereabouts(session.deps(), visitor, here.place.id, radius_km)
            _choose(replace(asked, radius_km=None))
            return
    _choose(replace(asked, radius_km=radius_km))


def _choose_country() -> None:
    _choose(replace(_asked(), country=st.session_state["events_country"]))


def _words(asked: Asked) -> None:
    st.session_state.update(events_artist=asked.artist, events_text=asked.text)
    st.text_input(
        "Artist", key="events_artist", on_change=_keep_words, icon=":material/artist:", max_chars=TEXT_MAX, width=260
    )
    st.text_input(
        "Words in title, venue or line-up",
        key="events_text",
        on_change=_keep_words,
        icon=":material/search:",
        max_chars=TEXT_MAX,
        width=300,
    )


def _keep_words() -> None:
    words = {"artist": st.session_state["events_artist"].strip(), "text": st.session_state["events_text"].strip()}
    _choose(replace(_asked(), **words))


def _where_label(asked: Asked, here: Whereabouts) -> str:
    if asked.country:
        return wording.plain(whereabouts.country_name(asked.country))
    if here.place is None:
        return "Where?"
    return f"{wording.plain(here.place.name)}, {here.radius_km} km"


def _where_said(asked: Asked, here: Whereabouts) -> str:
    if asked.country:
        return f" in {whereabouts.country_name(asked.country)}"
    return f" near {here.place.name}" if here.place else ""


def _place_said(place: Place) -> str:
    return ", ".join(part for part in (place.name, place.region, whereabouts.country_name(place.country)) if part)
