"""Connected services on the screen: a card each, with how far it is, what is new, and the way out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import streamlit as st

from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.plays import Source
from rewrapped.domain.scrobbling import CALLED, NAME_MAX, State
from rewrapped.services import scrobbles
from rewrapped.services.scrobbles import Standing
from rewrapped.storage.plays import Extent
from rewrapped.storage.scrobbles import Account
from rewrapped.ui import session, wording
from rewrapped.ui.explain import explain_errors

PUBLIC = (
    "Listens are public at both services: a name is all it takes, and it is all that leaves this site. Type your own;"
    " you may type another one too, then its listens count as yours here."
)
INTROS = {
    Source.LISTENBRAINZ: "Open and free, from the MetaBrainz Foundation. A thousand listens come with each question.",
    Source.LASTFM: "Your scrobbles, two hundred with each question. Powered by AudioScrobbler.",
}
NO_KEY = "This site has no key for Last.fm yet. Its operator can get one at last.fm/api and set LASTFM_API_KEY."
_LIVE, _CALM = "3s", "30s"  # how often a card looks again, while years are on their way and later


def draw(visitor: Visitor) -> None:
    """Draw a card for each service."""
    standings = scrobbles.list_connections(session.deps(), visitor)
    for standing in standings:
        with st.container(key=f"card_{standing.service}"), explain_errors():
            st.subheader(CALLED[standing.source], anchor=False)
            if standing.account is not None:
                is_fetching = standing.account.state is State.FETCHING
                st.fragment(_follow, run_every=_LIVE if is_fetching else _CALM)(
                    standing.source, is_fetching=is_fetching
                )
                # Outside of the fragment: what it opens would close with its next turn.
                if not visitor.read_only and st.button("Disconnect…", key=f"disconnect_{standing.service}"):
                    confirm(standing.source)
            elif standing.is_open:
                _ask_name(visitor, standing)
            else:
                is_lastfm = standing.source is Source.LASTFM
                st.write(NO_KEY if is_lastfm else f"{CALLED[standing.source]} can't be connected on this site.")


def _ask_name(visitor: Visitor, standing: Standing) -> None:
    called = CALLED[standing.source]
    st.write(INTROS[standing.source])
    if not visitor.may(Permission.IMPORT):
        st.caption("With an account of your own you can connect it.")
        return
    with st.form(f"connect_{standing.service}", border=False):
        name = st.text_input(f"Your user name at {called}", max_chars=NAME_MAX, key=f"name_{standing.service}")
        is_sent = st.form_submit_button(f"Connect {called}", type="primary")
    if is_sent:
        with explain_errors():
            scrobbles.connect(session.deps(), visitor, standing.source, name)
            st.rerun()


def _follow(source: Source, *, is_fetching: bool) -> None:
    """Show how a connection stands, as it stands now."""
    with explain_errors():
        visitor = session.visitor()
        found = (one for one in scrobbles.list_connections(session.deps(), visitor) if one.source is source)
        standing = next(found)
        account = standing.account
        if account is None or (account.state is State.FETCHING) is not is_fetching:
            session.rerun_quietly()
            return
        st.write(f"Connected as **{wording.plain(account.name)}**.")
        _show_state(standing, account)
        if account.floor_at is None and account.fetched:
            st.page_link("pages/overview.py", label="See what is here already", icon=":material/graphic_eq:")
        elif account.floor_at is not None:
            st.page_link("pages/overview.py", label="See your years", icon=":material/graphic_eq:")
        if account.state is not State.FETCHING and st.button("Look for new listens", key=f"sync_{standing.service}"):
            scrobbles.sync_now(session.deps(), visitor, source)


def _show_state(standing: Standing, account: Account) -> None:
    now, zone = session.deps().now(), session.listener().zone
    if account.state is State.STOPPED:
        st.warning(wording.plain(account.message))
        return
    if account.floor_at is None:
        share = min(account.fetched / account.total, 1.0) if account.total else 0.0
        st.progress(share, text=progress(account, now))
        st.caption("You can close this page: it goes on, and you are told when your years are here.")
    elif account.checked_at is not None:
        st.write(there(account.total))
        st.caption(f"Last looked at {wording.moment_in(zone, account.checked_at, now)}.")
    if standing.pause is not None:
        resumes = wording.moment_in(zone, standing.pause.resume_at, now)
        st.info(wording.plain(f"{standing.pause.reason} It goes on by itself: {resumes}."))
    elif account.message:
        st.info(wording.plain(f"{account.message} It is tried again by itself."))


def there(total: int) -> str:
    """Return how many listens a service had at first, in a sentence."""
    said = f"{wording.listens(total)} {'was' if total == 1 else 'were'}" if total else "No listens were"
    return f"{said} there when you connected it. New ones come by themselves."


def progress(account: Account, now: datetime) -> str:
    """Return how far the first walk is, in a sentence, and about how long it still takes."""
    if not account.fetched:
        return "Waiting for its turn."
    fetched = min(account.fetched, account.total)
    said = f"{fetched:,} of {wording.listens(account.total)} are here, the newest first."
    left = (now - account.connected_at) * ((account.total - fetched) / account.fetched)
    if left < timedelta(seconds=10):
        return f"{said} A few seconds left."
    seconds = left.total_seconds()
    return (
        f"{said} About {round(seconds, -1):.0f} seconds left."
        if seconds < 90
        else (f"{said} About {seconds / 60:.0f} minutes left.")
    )


@st.dialog("Disconnect?")
def confirm(source: Source) -> None:
    """Show what would go, and take it away when that is wanted."""
    with explain_errors():
        extent = scrobbles.preview_disconnect(session.deps(), session.visitor(), source)
        st.write(what_would_go(extent, CALLED[source], session.listener().zone))
        with st.container(horizontal=True):
            is_kept = st.button("Stay connected", type="primary", key="stay_connected")
            is_wanted = st.button("Disconnect and delete", icon=":material/link_off:", key="disconnect_now")
        if is_wanted:
            scrobbles.disconnect(session.deps(), session.visitor(), source)
        if is_wanted or is_kept:
            st.rerun()


def what_would_go(extent: Extent, called: str, zone: str) -> str:
    """Return what disconnecting does to the listening history, by the clock of a zone."""
    if not extent.rows:
        return f"Your listening history keeps every play. This site forgets your name at {called}."
    days = wording.days_in(zone, extent.first_at, extent.last_at)
    parts: Sequence[str] = [
        f"**{wording.rows(extent.rows)} that {called} alone told leave your listening history**, from {days}.",
        f"{wording.rows(extent.returning)} of other sources come back in their place." if extent.returning else "",
        f"{wording.rows(extent.staying)} stay, because an import holds them too." if extent.staying else "",
        f"Nothing changes at {called}; you can connect it again at any time.",
    ]
    return " ".join(part for part in parts if part)
