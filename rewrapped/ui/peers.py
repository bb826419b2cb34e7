"""A card that says where a listener stands among those of this site who chose to be compared, where they do."""

from __future__ import annotations

import streamlit as st

from rewrapped.components.tiles import Tile, tiles
from rewrapped.domain.peers import FEWEST_OF_ARTIST, NEEDED_PLAYS
from rewrapped.history import tops
from rewrapped.history.frame import History
from rewrapped.services import peers
from rewrapped.services.peers import Peers
from rewrapped.ui import session, wording
from rewrapped.ui.cards import card
from rewrapped.ui.explain import explain_errors

_ASKED = 10  # top artists of a view
_SHOWN = 4  # tiles in a row


def show(view: History) -> None:
    """Show in which top part of the listeners here somebody is, in all and with the top artists of a view."""
    names = {each.id: each.name for each in tops.artists(view, _ASKED) if each.name}
    found = None
    with explain_errors():
        found = peers.among(session.deps(), session.visitor(), list(names))
    if found is None:
        return
    shown = peer_tiles(found, names)
    if not shown:
        return
    with card("peers"):
        st.subheader(wording.plain(title(found, names)), anchor=False)
        st.caption(definition(found))
        tiles(shown, key="peers")


def peer_tiles(found: Peers, names: dict[int, str]) -> tuple[Tile, ...]:
    """Return what there is to say, everything together first, then artists in their order."""
    counts = definition(found)
    overall = [Tile("All music", f"Top {found.overall}\u00a0%", counts)] if found.overall else []
    of_artists = (
        Tile(
            names[each],
            f"Top {tier}\u00a0%",
            f"{counts} Of an artist whom fewer than {FEWEST_OF_ARTIST} of the others played, nothing is said.",
        )
        for each, tier in found.artists
    )
    return (*overall, *of_artists)[:_SHOWN]


def definition(found: Peers) -> str:
    """Return what the tiers say, of whom, and where that comes from."""
    return (
        f"By plays in {found.year}, among the {found.listeners:,} listeners of this site, you counted, who chose on "
        f"the page Preferences to be compared and have {NEEDED_PLAYS} plays or more in that year. Top 10\u00a0% says: "
        "at most a tenth of them has as many plays as you, or more. A play is music of 30 seconds or more, whatever "
        "your play rule, or a scrobble; the year is UTC's, and plays from an API don't count."
    )


def title(found: Peers, names: dict[int, str]) -> str:
    """Return the best that can be said of everything, else of one artist."""
    if found.overall:
        return f"You are among the top {found.overall}\u00a0% of listeners here"
    artist, tier = min(found.artists, key=lambda one: one[1])
    return f"With {names[artist]} you are among the top {tier}\u00a0% here"
