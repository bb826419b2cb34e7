"""The parts of the profile page: its fields, and what it says."""

from __future__ import annotations

from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from rewrapped.domain import days
from rewrapped.domain.access import Role
from rewrapped.domain.accounts import NAME_MAX, PASSWORD_MAX, listed_zones
from rewrapped.domain.plays import PlayRule
from rewrapped.services.profiles import Profile
from rewrapped.storage.people import Belongings, Person
from rewrapped.ui import forms, wording
from rewrapped.ui.wording import plain

TOKENS_STAY = (
    "Your other sign-ins end. Programs keep their access tokens: revoke those you don't trust under **Access tokens**."
)
_RULES = ("30s", "half", "finished", "any")


def ask_profile(person: Person) -> Profile:
    """Draw the fields of the profile; return what they hold."""
    name = st.text_input("What we call you", person.display_name, max_chars=NAME_MAX, autocomplete="nickname")
    zones = sorted({*listed_zones(), person.zone})
    zone = st.selectbox("Time zone", zones, zones.index(person.zone), help="Days and hours everywhere are told in it.")
    country = st.text_input(
        "Country (optional, two letters)", person.country or "", max_chars=2, autocomplete="country"
    )
    rules = list(dict.fromkeys([*_RULES, person.play_rule]))
    rule = st.selectbox(
        "What counts as a play",
        rules,
        rules.index(person.play_rule),
        format_func=lambda word: rule_words(PlayRule.parse(word)),
        help="Minutes always count every row of music; this decides which rows count as plays.",
    )
    return Profile(name, zone, country, rule)


def rule_words(rule: PlayRule) -> str:
    """Return what a play rule asks of a row, and whether that is the usual."""
    return f"{wording.rule(rule)}{' (the usual rule)' if rule == PlayRule() else ''}"


def ask_passwords() -> tuple[str, str]:
    """Draw the two password fields; return what they hold."""
    old = st.text_input("Your password now", type="password", max_chars=PASSWORD_MAX, autocomplete="current-password")
    new = st.text_input(
        "Your new password",
        type="password",
        max_chars=PASSWORD_MAX,
        autocomplete="new-password",
        help="At least 10 characters. A few unrelated words work well.",
    )
    return old, new


def offer_registration() -> None:
    """Offer a guest, who has no password, an account with one."""
    st.subheader("A way in of your own", anchor=False)
    st.write("You sign in with Spotify alone. With an address and a password you can bring your export, too.")
    st.html(forms.link("/auth/register?next=/profile", "Register, and keep everything"))


def before_leaving(person: Person) -> str:
    """Return what happens before an account is deleted."""
    asked = "" if person.role is Role.GUEST else ", and are asked for your password,"
    return f"You see what goes{asked} before anything happens."


def draw_sign_out(csrf_token: str) -> None:
    """Draw the two ways of signing out, as plain forms."""
    ways = forms.form("/auth/sign-out", "Sign out", csrf_token)
    ways += forms.form("/auth/sign-out-everywhere", "Sign out everywhere", csrf_token)
    st.html(f'<div class="rw-actions">{ways}</div>')


def headline(person: Person) -> str:
    """Return the page's title."""
    return f"Hello, {plain(person.display_name)}" if person.display_name else "Your profile"


def membership(person: Person) -> str:
    """Return who somebody is here, and since when, as HTML: Markdown would make a link of the address."""
    role = "" if person.role is Role.REGULAR else f", as {person.role}"
    since = _day(person.created_at, person)
    how = f"as {escape(person.email)}" if person.email else "with Spotify"
    return f'<p class="rw-quiet">Signed in {how}. Here since {since}{role}.</p>'


def consents(person: Person) -> str:
    """Return what somebody agreed to, and when."""
    if person.history_consent_at is None or person.terms_consent_at is None:
        return "No consent is on record."
    given = "the operator of this site for you" if person.consent_given_by == "operator" else "you"
    return (
        f"Agreed by {given}: to store your listening history on {_day(person.history_consent_at, person)}, "
        f"to terms and privacy (of {person.terms_version}) on {_day(person.terms_consent_at, person)}."
    )


def stored(kept: Belongings, person: Person) -> str:
    """Return how much is stored of somebody, told in their zone."""
    if kept.first_at is None or kept.last_at is None:
        return "Nothing of your listening is stored yet."
    if not kept.import_count:
        first, last = (moment.astimezone(ZoneInfo(person.zone)) for moment in (kept.first_at, kept.last_at))
        return f"**{kept.row_count:,} rows** of listening history, {days.months(first.date(), last.date())}."
    imports = f"{kept.import_count:,} import{'' if kept.import_count == 1 else 's'}"
    first, last = (moment.astimezone(ZoneInfo(person.zone)) for moment in (kept.first_at, kept.last_at))
    span = days.months(first.date(), last.date())
    return f"**{kept.row_count:,} rows** of listening history, {span}, from {imports}."


def ended(count: int) -> str:
    """Return what a new password did to the other sessions."""
    if count == 0:
        return "You weren't signed in anywhere else."
    return f"{count} other sign-in{'' if count == 1 else 's'} of yours ended."


def _day(moment: datetime, person: Person) -> str:
    local = moment.astimezone(ZoneInfo(person.zone))
    return f"{local.day} {local:%B %Y}"
