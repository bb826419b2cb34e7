"""The card of Spotify where services are connected: connect it, see how fresh it is, connect it anew, leave it."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

import streamlit as st

from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.days import day
from rewrapped.domain.spotify import ends_at
from rewrapped.services import fresh_plays, joining_people, spotify_sign_in
from rewrapped.storage.people import Person
from rewrapped.storage.spotify_accounts import SpotifyAccount
from rewrapped.storage.sweeps import Pause
from rewrapped.ui import forms, session, wording
from rewrapped.ui.explain import explain_errors

_TOKEN = "spotify_token"  # noqa: S105 - the name it goes by in a page's session
_LOGIN = "/auth/spotify/login"


def hydrate(visitor: Visitor) -> None:
    """Let this run of a page have the access token that is stored, or none: nobody is asked for one here."""
    deps = session.deps()
    token = None
    if deps.spotify is not None and visitor.user_id is not None:
        token = spotify_sign_in.stored_token(deps, visitor)
    if token is None:
        st.session_state.pop(_TOKEN, None)
    else:
        st.session_state[_TOKEN] = token


def draw(visitor: Visitor, person: Person) -> None:
    """Draw the card; without keys of the site's operator it tells them how to get some."""
    with st.container(key="card_spotify"), explain_errors():
        st.subheader("Spotify", anchor=False)
        if session.deps().spotify is None:
            _draw_steps(person)
            return
        account = joining_people.connection(session.deps(), visitor)
        if account is None:
            st.write("Connect it, and your latest plays come by themselves, every 20 minutes. An export adds the past.")
            st.html(forms.link(_login(), "Connect Spotify", first=True))
        else:
            _draw_account(visitor, person, account)


def _draw_account(visitor: Visitor, person: Person, account: SpotifyAccount) -> None:
    name = f" as **{wording.plain(account.name)}**" if account.name else ""
    st.write(f"Connected{name}.")
    rest = fresh_plays.pause(session.deps())
    for sentence in _told(account, person, rest, session.deps().now()):
        st.caption(sentence)
    is_over = account.refresh_token is None
    if account.trouble:
        st.warning(wording.plain(account.trouble), icon=":material/sync_problem:")
    if person.history_consent_at is None:
        st.write("Nothing is fetched before you agreed to it.")
        st.html(forms.link(f"/auth/consent?next={quote(session.here(), safe='')}", "Read and agree", first=True))
    elif not is_over and rest is None and st.button("Fetch now", key="fetch_plays"):
        fresh_plays.fetch_now(session.deps(), visitor)
        st.success("Asked for. New plays are here in a moment.", icon=":material/check:")
    leave = "Delete my account…" if person.role is Role.GUEST else "Disconnect…"
    ways = forms.link(_login(), "Connect again", first=is_over) + forms.link("/auth/spotify/disconnect", leave)
    st.html(f'<div class="rw-actions">{ways}</div>')


def _told(account: SpotifyAccount, person: Person, rest: Pause | None, now: datetime) -> list[str]:
    """Return how fresh the plays are, what is waited for, and until when access lasts."""
    zone = ZoneInfo(person.zone)
    told = []
    if account.fetched_at:
        told.append(f"Plays were last fetched: {wording.moment_in(person.zone, account.fetched_at, now)}.")
    if rest is not None:
        told.append(f"Spotify asks us to wait until {_clock(rest.resume_at, zone, now)}.")
    if account.refresh_token is not None:
        told.append(f"Spotify lets us in until {day(ends_at(account.authorized_at).astimezone(zone).date())}.")
    return told


def _clock(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return a moment to come as HH:MM, with its day where that isn't today."""
    local = moment.astimezone(zone)
    is_today = local.date() == now.astimezone(zone).date()
    return f"{local:%H:%M}" if is_today else f"{local:%H:%M} on {day(local.date())}"


def _draw_steps(person: Person) -> None:
    if person.role is not Role.ADMIN:
        st.write("This site isn't connected to Spotify. Your export brings everything, and needs no connection.")
        return
    uri = spotify_sign_in.redirect_uri(session.deps())
    st.write("To let people connect Spotify, give this site keys of an app there. You need Premium for it.")
    st.markdown(
        "1. Open **developer.spotify.com/dashboard** and create an app for the Web API.\n"
        "2. Give it this redirect address, letter by letter:"
    )
    st.code(uri, language=None)
    st.markdown(
        "3. Under **User Management** add up to five people by their Spotify addresses, yourself too.\n"
        "4. Set `SPOTIFY_CLIENT_ID` and `SPOTIFY_CLIENT_SECRET`, and start the site anew."
    )
    if urlsplit(uri).scheme != "https" and not session.deps().site.is_local:
        st.caption("Spotify takes https addresses alone, but for 127.0.0.1: set REWRAPPED_BASE_URL to yours.")


def _login() -> str:
    return f"{_LOGIN}?next={quote(session.here(), safe='')}"
