"""What a listener can change about genres, at the end of the Genres page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

import numpy as np
import streamlit as st

from rewrapped.domain import genres as taxonomy
from rewrapped.domain import owngenres
from rewrapped.domain.importing import size_words
from rewrapped.domain.owngenres import FILE_BYTES_MAX, GENRES_AN_ARTIST, NAME_MAX, Change, Noun, OwnGenres
from rewrapped.history.choices import search
from rewrapped.history.frame import History
from rewrapped.history.genremap import GenreMap
from rewrapped.services import genre_choices
from rewrapped.ui import session, wording
from rewrapped.ui.explain import explain_errors

_FOUND = 8


def show(whole: History, known: GenreMap, own: OwnGenres) -> None:
    """Show the tools: artists, genres, families, and all changes as a file."""
    st.subheader("Change genres", anchor=False)
    if session.require_listener().read_only:
        st.caption("In your own history you can say which genres an artist has, move, rename and leave out genres.")
        return
    st.caption("What you change holds for you alone, on every page, at once. It can be taken back.")
    artist, genre, family, file = st.tabs(["An artist", "A genre", "A family", "All changes"])
    with artist:
        _artist(whole, known, own)
    with genre:
        _genre(known, own)
    with family:
        _family(own)
    with file:
        _file(own)


def _artist(whole: History, known: GenreMap, own: OwnGenres) -> None:
    text = st.text_input("Artist", key="genre_artist", placeholder="Type a part of a name")
    found = [item for item in search(whole, text, limit=_FOUND) if item.noun == "artists"] if text.strip() else []
    if text.strip() and not found:
        st.caption("No artist of your history has this in their name.")
    if not found:
        return
    names = {item.id: item.name for item in found}
    chosen = st.selectbox("Which one", list(names), format_func=names.__getitem__, key="genre_artist_id")
    subject = owngenres.artist_subject(names[chosen])
    told = own.of(subject)
    options = _places(own)
    code = int(np.searchsorted(whole.artists.id, chosen))
    st.caption(_now([label.name for label in known.genres.labels_of(code)]))
    with st.form(f"genre_artist_{chosen}", border=False):
        belongs = st.multiselect(
            "Genres or families, the most fitting first",
            list(options),
            default=[each for each in told.belongs if each in options],
            format_func=options.__getitem__,
            max_selections=GENRES_AN_ARTIST,
            placeholder="As it is known",
        )
        hidden = st.checkbox("Leave this artist out of genres", value=told.is_hidden)
        if st.form_submit_button("Keep"):
            _store(subject, Change(tuple(belongs), "", hidden), f"{names[chosen]} is kept as you say.")


def _genre(known: GenreMap, own: OwnGenres) -> None:
    mine = {label.key for label in known.genres.labels if ":" not in label.key}
    names = {genre.key: own.genre_name(genre.key) for genre in taxonomy.taxonomy().genres()}
    keys = sorted(names, key=lambda key: (key not in mine, names[key].casefold()))
    chosen = st.selectbox("Genre", keys, format_func=names.__getitem__, key="genre_genre")
    subject = owngenres.subject(Noun.GENRE, chosen)
    told = own.of(subject)
    families = _families(own)
    shipped = owngenres.subject(Noun.FAMILY, taxonomy.family_of(chosen) or "")
    with st.form(f"genre_genre_{chosen}", border=False):
        at = told.belongs[0] if told.belongs else shipped
        family = st.selectbox(
            "Family", list(families), index=list(families).index(at), format_func=families.__getitem__
        )
        name = st.text_input("Called", value=told.name, placeholder=taxonomy.genre(chosen).name, max_chars=NAME_MAX)
        hidden = st.checkbox("Leave this genre out", value=told.is_hidden)
        if st.form_submit_button("Keep"):
            belongs = () if family == shipped else (family,)
            _store(subject, Change(belongs, name.strip(), hidden), f"{names[chosen]} is kept as you say.")


def _family(own: OwnGenres) -> None:
    families = _families(own)
    chosen = st.selectbox("Family", list(families), format_func=families.__getitem__, key="genre_family")
    told, is_own = own.of(chosen), owngenres.is_own_family(chosen)
    with st.form(f"genre_family_{chosen}", border=False):
        name = st.text_input("Called", value=told.name, placeholder=families[chosen], max_chars=NAME_MAX)
        hidden = st.checkbox("Leave this family out", value=told.is_hidden)
        if st.form_submit_button("Keep"):
            _store(chosen, Change((), name.strip(), hidden), f"{families[chosen]} is kept as you say.")
    if is_own and st.button("Take this family away", key="genre_family_away"):
        _do(lambda: genre_choices.remove_family(session.deps(), session.require_listener(), chosen), "It is gone.")
    with st.form("genre_family_new", border=False, clear_on_submit=True):
        made = st.text_input("A family of your own", placeholder="Its name", max_chars=NAME_MAX)
        if st.form_submit_button("Add"):
            _do(
                lambda: genre_choices.add_family(session.deps(), session.require_listener(), made),
                f"{made.strip()} is there: genres and artists can be put into it.",
            )


def _file(own: OwnGenres) -> None:
    count = len(own.changes)
    st.write(f"You have made {count:,} {'change' if count == 1 else 'changes'}." if count else "Nothing is changed.")
    st.download_button(
        "Download them",
        session.when_pressed(lambda _: owngenres.to_file(own).encode()),
        "genres.json",
        "application/json",
        on_click="ignore",
        disabled=not count,
        key="genre_file_out",
    )
    st.html(
        '<form class="rw-upload" method="post" action="/api/v1/genres/file" enctype="multipart/form-data">'
        f'<input type="hidden" name="csrf" value="{escape(session.csrf_token())}">'
        f"<label>Or take them from such a file of up to {size_words(FILE_BYTES_MAX)}, in place of all there are. "
        '<input type="file" name="genres" accept=".json,application/json" required></label>'
        '<button class="rw-button" type="submit">Take these</button></form>'
    )
    if not count:
        return
    sure = st.checkbox("I want all of them taken back", key="genre_reset_sure")
    if st.button("Take all changes back", key="genre_reset", disabled=not sure):
        _do(lambda: genre_choices.reset(session.deps(), session.require_listener()), "Genres are as shipped again.")


def _store(subject: str, change: Change, said: str) -> None:
    _do(lambda: genre_choices.change(session.deps(), session.require_listener(), subject, change), said)


def _do(work: Callable[[], object], said: str) -> None:
    """Do it, say so, and draw the page anew; where it can't be done, say why."""
    with explain_errors():
        work()
        st.toast(wording.plain(said))
        st.rerun()


def _places(own: OwnGenres) -> Mapping[str, str]:
    """Return what an artist can belong to, by subject: genres by name, then families."""
    genres = {
        owngenres.subject(Noun.GENRE, genre.key): own.genre_name(genre.key) for genre in taxonomy.taxonomy().genres()
    }
    families = {subject: f"{name} (family)" for subject, name in _families(own).items()}
    return dict(sorted(genres.items(), key=lambda item: item[1].casefold())) | families


def _families(own: OwnGenres) -> Mapping[str, str]:
    return {owngenres.subject(Noun.FAMILY, key): own.family_name(key) for key in own.families()}


def _now(names: list[str]) -> str:
    return f"Now: {wording.plain(wording.listed(names))}." if names else "No genre is known, or all are left out."
