"""The head of an item's page, and where its artists play next."""

from __future__ import annotations

import streamlit as st

from rewrapped.charts.sleeves import art_name, sleeve
from rewrapped.components.svg import svg
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.following import Followed
from rewrapped.domain.promoting import Placement
from rewrapped.domain.sitemap import EVENTS, ITEM
from rewrapped.history import genres
from rewrapped.history.genremap import Label, Level
from rewrapped.history.tops import Noun, code_of
from rewrapped.services import events, keeping, whereabouts
from rewrapped.ui import cards, eventcards, session, wording
from rewrapped.ui.explain import explain_errors
from rewrapped.ui.items import About, Of
from rewrapped.ui.itemview import ItemView
from rewrapped.ui.links import spotify_link

_SLEEVE_PX = 88
_SLEEVE_CSS = "svg { width: 88px; height: 88px; border-radius: 18px; display: block; }"
_SHOWS = 6
_OF_GENRE = 30  # artists of a genre, the most played, whose shows are looked for


def show_nothing() -> None:
    """Say that the address leads to nothing of this listener's."""
    st.title("Nothing of yours is here", anchor=False)
    st.caption("This isn't in your history. Whatever is has its own page: press its name in one of the lists.")
    st.page_link("pages/tops.py", label="Your tops", icon=":material/leaderboard:")


def show_sleeve(about: About) -> None:
    """Show the picture that stands for the item on every page."""
    with st.container(width=_SLEEVE_PX):
        svg(sleeve(art_name(about.name, about.artist or None)), key="item_sleeve", css=_SLEEVE_CSS)


def show_ways(look: ItemView, visitor: Visitor) -> None:
    """Show the ways on: the artist, the album, their genres, Spotify, and following."""
    about = look.about
    with st.container(horizontal=True, vertical_alignment="center", key="item_ways"):
        for of, key, name in _relatives(look):
            st.page_link(
                f"pages/{ITEM}.py",
                label=wording.plain(name),
                icon={Of.ARTIST: ":material/artist:", Of.ALBUM: ":material/album:"}.get(of, ":material/bubble_chart:"),
                query_params={"of": of.value, "id": key},
            )
        if about.of is Of.GENRE:
            st.page_link(
                "pages/genres.py",
                label="Among your genres",
                icon=":material/bubble_chart:",
                query_params={"in": f"genre:{about.key}"},
            )
        link = spotify_link(look.last.uri if look.last and about.of is Of.TRACK else None)
        if link:
            st.link_button("Open in Spotify", link, icon=":material/open_in_new:")
        if about.of is Of.ARTIST and visitor.may(Permission.KEEP_EVENTS):
            with explain_errors():
                _show_follow(about, visitor)


def show_shows(look: ItemView, visitor: Visitor) -> None:
    """Show where the item's artists play next."""
    names, deps = _artists(look), session.deps()
    found = events.upcoming(deps, visitor, names, whereabouts.whereabouts(deps, visitor), _SHOWS)
    with cards.card("item_shows"):
        whose = look.about.artist or look.about.name
        what = "by artists of yours" if look.about.of is Of.GENRE else f"with {wording.plain(whose)}"
        st.subheader("Next shows", anchor=False)
        if not found:
            st.caption(f"No show {what} is listed at the moment.")
            st.page_link(f"pages/{EVENTS}.py", label="All events", icon=":material/event:")
            return
        st.caption(f"The next {what}, as far as they are listed")
        eventcards.show_cards(found, Placement.ITEM, "Next shows", visitor)


def _relatives(look: ItemView) -> list[tuple[Of, str, str]]:
    """Return what belongs to the item and has a page too."""
    about, found = look.about, list[tuple[Of, str, str]]()
    if about.artist_id is not None:
        found.append((Of.ARTIST, str(about.artist_id), about.artist))
    if about.of is Of.TRACK and look.last is not None and look.last.album_id is not None:
        found.append((Of.ALBUM, str(look.last.album_id), look.last.album or ""))
    return found + [(Of.GENRE, label.key, label.name) for label in _genres(look)]


def _genres(look: ItemView) -> tuple[Label, ...]:
    if look.about.of is not Of.ARTIST:
        return ()
    return look.known.genres.labels_of(code_of(look.whole, Noun.ARTISTS, int(look.about.key)))


def _artists(look: ItemView) -> list[str]:
    about = look.about
    if about.of is Of.GENRE:
        of_genre = genres.artists_of(look.mine, look.known, Level.GENRES, about.key, _OF_GENRE)
        return [each.name for each in of_genre if each.name]
    name = about.name if about.of is Of.ARTIST else about.artist
    return [name] if name else []


def _show_follow(about: About, visitor: Visitor) -> None:
    deps, key = session.deps(), keeping.artist_id(about.name)
    is_followed = any(one.kind is Followed.ARTIST and one.key == key for one in keeping.list_follows(deps, visitor))
    label, icon = ("Following", ":material/check:") if is_followed else ("Follow", ":material/add:")
    if st.button(label, key="item_follow", icon=icon, help="Shows of artists you follow stand first among events"):
        if is_followed:
            keeping.unfollow(deps, visitor, Followed.ARTIST, key)
        else:
            keeping.follow_artist(deps, visitor, about.name)
        st.rerun()
