"""The parts of the preferences page. Whatever is changed is stored at once, and the page drawn from what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import streamlit as st

from rewrapped.domain import genres
from rewrapped.domain.access import Visitor
from rewrapped.domain.events import NAME_MAX
from rewrapped.domain.following import Follow
from rewrapped.domain.interests import TAG_MAX
from rewrapped.domain.notices import Kind
from rewrapped.domain.peers import FEWEST_OTHERS, NEEDED_PLAYS
from rewrapped.domain.plays import Source
from rewrapped.history.wrapped import ENOUGH_PLAYS
from rewrapped.services import keeping, preferences, whereabouts
from rewrapped.services.preferences import Preferences, SourceRows
from rewrapped.services.whereabouts import FARTHEST_KM, NEAREST_KM
from rewrapped.ui import eventfilters, session, wording
from rewrapped.ui.explain import explain_errors

_GENRES, _RADIUS = "chosen_genres", "chosen_radius"
_TOLD: Final[Mapping[Kind, str]] = {
    Kind.RECAP: "Your week and your month",
    Kind.FOR_YOU: "New shows for you",
    Kind.EVENT: "Changes to what you saved",
    Kind.IMPORT: "Imports",
}
_ABOUT: Final[Mapping[Kind, str]] = {
    Kind.RECAP: f"On Monday, and on the first of the month, how the days before were, with the way to their story. Not "
    f"with fewer than {ENOUGH_PLAYS} plays.",
    Kind.FOR_YOU: "A new show within your radius, of an artist you follow or have played 50 times; a play of the last "
    "six months counts as four. At most three messages a day, and one that sums up the rest.",
    Kind.EVENT: "A show you saved has another date, time or venue, or is called off.",
    Kind.IMPORT: "An import of yours is done, or couldn't be read.",
}
COMPARED: Final = f"""
Where you switch it on, the page Evolution says where you stand among the others who did: the top 10 % of 40
listeners, say, in all and with your top artists. It takes {FEWEST_OTHERS} others, and {NEEDED_PLAYS} plays of yours
in the last full year.

**What is kept for it:** how often and how long you played each track, album, artist and genre, by month and source.
No other listener sees these figures, your name or your ranks; you count as one of the others. Switching it off deletes
them at once.

Plays that came through an API are never used.
"""
_ALWAYS_OFFERED: Final = (Source.EXTENDED, Source.ACCOUNT)


def headline(found: Preferences) -> str:
    """Return the page's title."""
    counts = {
        "genre": len(found.genres),
        "artist": len(found.artists),
        "venue": len(found.venues),
        "tag": len(found.tags),
    }
    said = [f"{count:,} {noun}{'' if count == 1 else 's'}" for noun, count in counts.items() if count]
    if not said:
        return "Tell us what you like"
    return f"You like {wording.listed(said)}"


# Interests ----------------------------------------------------------------------------------------


def ask_genres(found: Preferences) -> None:
    """Ask for families of genres."""
    names = {family.key: family.name for family in genres.families()}
    st.session_state[_GENRES] = list(found.genres)
    st.pills(
        "Genres you like",
        list(names),
        selection_mode="multi",
        format_func=names.__getitem__,
        key=_GENRES,
        on_change=_store(lambda visitor: preferences.set_genres(session.deps(), visitor, st.session_state[_GENRES])),
        label_visibility="collapsed",
    )


def ask_artists(followed: Sequence[Follow]) -> None:
    """Show whom somebody follows, each to be taken off, and ask for more."""
    _chips("artists", [(str(one.key), one.name) for one in followed], _unfollow(followed))
    with st.form("follow_artist", border=False, clear_on_submit=True), _line("artist"):
        name = st.text_input("An artist to follow", max_chars=NAME_MAX, placeholder="Björk")
        if st.form_submit_button("Follow") and name.strip():
            _done(lambda visitor: keeping.follow_artist(session.deps(), visitor, name))


def ask_venues(followed: Sequence[Follow]) -> None:
    """Show the venues somebody follows, each to be taken off, and find more among those of listed shows."""
    _chips("venues", [(str(one.key), one.name) for one in followed], _unfollow(followed))
    text = st.text_input("A venue to follow", key="venue_text", max_chars=NAME_MAX, placeholder="Its name, or its city")
    known = {one.key for one in followed}
    found = preferences.find_venues(session.deps(), text)
    with st.container(horizontal=True, key="venues_found"):
        for number, venue in enumerate(found):
            if keeping.venue_id(venue.city, venue.name) not in known:
                st.button(
                    wording.plain(", ".join(part for part in (venue.name, venue.city) if part)),
                    key=f"venue_{number}_{keeping.venue_id(venue.city, venue.name)}",
                    icon=":material/add:",
                    on_click=_store(
                        lambda visitor, venue=venue: keeping.follow_venue(  # type: ignore[misc]  # bound by its default
                            session.deps(), visitor, venue.city, venue.name
                        )
                    ),
                )
    if text.strip() and not found:
        st.caption("No listed show is at a venue called so.")


def ask_tags(tags: Sequence[str]) -> None:
    """Show the tags somebody likes, each to be taken off, and ask for more."""
    _chips("tags", [(tag, tag) for tag in tags], _remove_tag)
    with st.form("like_tag", border=False, clear_on_submit=True), _line("tag"):
        text = st.text_input("A tag to look out for", max_chars=TAG_MAX, placeholder="open air")
        if st.form_submit_button("Add") and text.strip():
            _done(lambda visitor: preferences.add_tag(session.deps(), visitor, text))


def _chips(name: str, items: Sequence[tuple[str, str]], take_off: Callable[[str], Callable[[], None]]) -> None:
    if items:
        with st.container(horizontal=True, key=f"filter_chips_{name}"):
            for key, label in items:
                st.button(
                    wording.plain(label),
                    key=f"{name}_{key}",
                    icon=":material/close:",
                    help="Take it off",
                    on_click=take_off(key),
                )


def _line(name: str) -> st.delta_generator.DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="bottom", key=f"line_{name}")


def _unfollow(followed: Sequence[Follow]) -> Callable[[str], Callable[[], None]]:
    by_key = {str(one.key): one for one in followed}

    def take_off(key: str) -> Callable[[], None]:
        return _store(lambda visitor: keeping.unfollow(session.deps(), visitor, by_key[key].kind, by_key[key].key))

    return take_off


def _remove_tag(tag: str) -> Callable[[], None]:
    return _store(lambda visitor: preferences.remove_tag(session.deps(), visitor, tag))


# Place --------------------------------------------------------------------------------------------


def ask_where(found: Preferences) -> None:
    """Show where somebody is, and ask for another place and how far they go."""
    place = found.here.place
    if place is None:
        st.write("No place is told. With one, near shows come first, and you can be told of new ones.")
    else:
        st.markdown(f"**{wording.plain(place.name)}**, {wording.plain(whereabouts.country_name(place.country))}")
        st.session_state[_RADIUS] = found.here.radius_km
        st.slider(
            "How far you go, in km",
            NEAREST_KM,
            FARTHEST_KM,
            step=5,
            key=_RADIUS,
            on_change=_store(
                lambda visitor: whereabouts.set_whereabouts(
                    session.deps(), visitor, place.id, st.session_state[_RADIUS]
                )
            ),
        )
    eventfilters.ask_place("preferred", _choose_place)
    if place is not None:
        with st.container(horizontal=True, key="foot_place"):
            st.button(
                "Forget the place",
                on_click=_store(
                    lambda visitor: whereabouts.set_whereabouts(session.deps(), visitor, None, found.here.radius_km)
                ),
            )


def _choose_place(place_id: int, text_key: str) -> None:
    st.session_state[text_key] = ""

    def move(visitor: Visitor) -> None:
        here = whereabouts.whereabouts(session.deps(), visitor)
        whereabouts.set_whereabouts(session.deps(), visitor, place_id, here.radius_km)

    _store(move)()


# Switches -----------------------------------------------------------------------------------------


def ask_told(told: Mapping[Kind, bool], *, has_place: bool) -> None:
    """Show a switch for each kind of message that can be switched off."""
    for kind, is_told in told.items():
        key = f"told_{kind}"
        st.session_state[key] = is_told
        needs = " Tell a place first: without one nothing is near." if kind is Kind.FOR_YOU and not has_place else ""
        with st.container(gap=None):
            st.toggle(_TOLD[kind], key=key, on_change=_switch_told(kind, key))
            st.caption(_ABOUT[kind] + needs)
    st.caption("What becomes of an application as a promoter is always told.")


def ask_shared(shared: Mapping[Source, bool], rows: Mapping[Source, SourceRows]) -> None:
    """Show a switch for each source whose plays may choose sponsored events."""
    for source, key, label in _offered("shared", shared, rows):
        st.toggle(label, key=key, on_change=_switch_shared(source, key))


def ask_compared(compared: Mapping[Source, bool], rows: Mapping[Source, SourceRows]) -> None:
    """Show a switch for each source whose plays may be compared with those of others here."""
    for source, key, label in _offered("compared", compared, rows):
        st.toggle(f"Compare {label}", key=key, on_change=_switch_compared(source, key))


def _offered(
    name: str, switches: Mapping[Source, bool], rows: Mapping[Source, SourceRows]
) -> Iterator[tuple[Source, str, str]]:
    """Yield the sources that have a switch, set as it is stored: each with the switch's key and words."""
    for source, is_on in switches.items():
        if source in _ALWAYS_OFFERED or is_on or source in rows:
            key = f"{name}_{source.word}"
            st.session_state[key] = is_on
            yield source, key, f"{wording.SOURCES[source]} ({what_is_stored(rows.get(source, SourceRows()))})"


def what_is_stored(rows: SourceRows) -> str:
    """Return how many rows of a source there are, and how many of them don't count."""
    own = wording.rows(rows.own)
    if not rows.behind:
        return f"{own} stored" if rows.own else "nothing stored yet"
    if not rows.own:
        return f"{wording.rows(rows.behind)} stored, told better by another source"
    return f"{own} stored, and {rows.behind:,} more told better by another source"


def _switch_told(kind: Kind, key: str) -> Callable[[], None]:
    return _store(
        lambda visitor: preferences.set_told(session.deps(), visitor, kind, is_told=bool(st.session_state[key]))
    )


def _switch_shared(source: Source, key: str) -> Callable[[], None]:
    return _store(
        lambda visitor: preferences.set_shared(session.deps(), visitor, source, is_shared=bool(st.session_state[key]))
    )


def _switch_compared(source: Source, key: str) -> Callable[[], None]:
    return _store(
        lambda visitor: preferences.set_compared(
            session.deps(), visitor, source, is_compared=bool(st.session_state[key])
        )
    )


# Storing ------------------------------------------------------------------------------------------


def _store(change: Callable[[Visitor], object]) -> Callable[[], None]:
    """Return a callback that makes a change as whoever is signed in at that moment."""

    def act() -> None:
        with explain_errors():
            change(session.visitor())

    return act


def _done(change: Callable[[Visitor], object]) -> None:
    """Make a change in the middle of a run, and draw the page anew."""
    with explain_errors():
        change(session.visitor())
        st.rerun()
