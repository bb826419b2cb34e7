"""Switching what counts as a play, in the filter bar: for as long as the address says so, not in the profile."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from rewrapped.domain.plays import PlayRule, RuleKind
from rewrapped.history.filterquery import read_rule
from rewrapped.ui import wording

_OWN = "own"
_OFFERED = ("30s", "half", "finished", "any")
_MOST_S = 86_400
_WORD, _SECONDS = "filter_rule", "filter_rule_seconds"

_PROFILES = "_profiles_play_rule"

Choose = Callable[[PlayRule | None], None]


def note_own(rule: PlayRule) -> None:
    """Remember the rule of the listener's profile, to be told beside the others."""
    st.session_state[_PROFILES] = rule


def ask(chosen: PlayRule | None, choose: Choose) -> None:
    """Show the play rules, and the one that is chosen; None stands for the listener's own, as their profile says."""
    words = [_OWN, *_OFFERED]
    if chosen is not None and str(chosen) not in words:
        words.append(str(chosen))
    st.session_state[_WORD] = _OWN if chosen is None else str(chosen)
    st.pills(
        "What counts as a play",
        words,
        format_func=_label,
        key=_WORD,
        on_change=lambda: choose(read_rule(st.session_state[_WORD] or _OWN)),
        help="It holds on every page until you switch back. Minutes count every row, whatever the rule.",
    )
    st.session_state[_SECONDS] = chosen.seconds if chosen is not None and chosen.kind is RuleKind.SECONDS else None
    st.number_input(
        "Or at least this many seconds",
        min_value=0,
        max_value=_MOST_S,
        step=1,
        placeholder="30",
        key=_SECONDS,
        on_change=lambda: _choose_seconds(choose),
    )


def chip(chosen: PlayRule, take_off: Choose) -> None:
    """Show the rule that was switched to; a press switches back to the listener's own."""
    st.button(
        f"Plays: {wording.rule(chosen)}",
        key="filter_chip_rule",
        icon=":material/close:",
        help="Back to the play rule of the profile",
        on_click=lambda: take_off(None),
    )


def _label(word: str) -> str:
    found = read_rule(word)
    said = f"the profile's rule: {wording.rule(_own())}" if found is None else wording.rule(found)
    return said[:1].upper() + said[1:]


def _own() -> PlayRule:
    found: PlayRule = st.session_state.get(_PROFILES, PlayRule())
    return found


def _choose_seconds(choose: Choose) -> None:
    seconds = st.session_state[_SECONDS]
    choose(None if seconds is None else PlayRule(RuleKind.SECONDS, int(seconds)))
