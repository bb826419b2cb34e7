"""Cards of the habits page about what rows say of themselves, over time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import streamlit as st

from rewrapped.charts.calendar import LEGEND_CSS
from rewrapped.charts.legends import legend
from rewrapped.charts.palettes import Tokens
from rewrapped.charts.shares import REST, key, share_bars, share_lines, share_rows
from rewrapped.components.svg import svg
from rewrapped.components.tiles import Tile, tiles
from rewrapped.history import findings, shares
from rewrapped.history.frame import History
from rewrapped.history.shares import Groups
from rewrapped.ui import cards, figures, wording
from rewrapped.ui.behind import Behind

COUNTS = (
    "Shares of the rows whose source says it, plays or not: Spotify's extended history does for most of its years, "
    "account data, scrobbles and live plays don't. Months in which no row says it are left out."
)
_SILENT = (
    "No row of this view says whether it was skipped or shuffled, or on which device it was played. Spotify's extended "
    "history does; account data, scrobbles and live plays don't."
)
_MOST_GROUPS = 6
_FEWEST_MONTHS = 3
_ON = {"device": "on", "country": "in"}
_ANSWERS = {"skipped": "Skipped", "shuffle": "Shuffle on", "offline": "Offline"}


def share_cards(history: History, said: str, tokens: Tokens) -> None:
    """Show skips, shuffle and offline, devices and countries by month: those that any row says, two in a row.

    A few months are no course of time: they have figures alone. Where no row says anything, that is said.
    """
    answers, devices, countries = shares.answers(history), shares.platforms(history), shares.countries(history)
    if len(answers) < _FEWEST_MONTHS:
        shown = said_tiles(answers, devices)
        if not shown:
            st.info(_SILENT)
            return
        tiles(shown, key="said")
        figures.foot(cards.tiles_table(shown), COUNTS, key="said", behind=Behind("answers", of_rows=True))
        return
    drawn: list[Callable[[], None]] = []
    if answer_names(answers):
        drawn.append(lambda: _answers_card(answers, said, tokens))
    if len(devices.names) > 1:
        drawn.append(lambda: _groups_card("device", devices, wording.PLATFORMS, said, tokens))
    if len(countries.names) > 1:
        drawn.append(lambda: _groups_card("country", countries, {}, said, tokens))
    if not drawn:
        st.info(_SILENT)
    for first in range(0, len(drawn), 2):
        row = drawn[first : first + 2]
        for place, (column, card) in enumerate(zip(st.columns(len(row)), row, strict=True), start=first):
            with column, cards.card(f"said_{place}"):
                card()


def _answers_card(answers: pd.DataFrame, said: str, tokens: Tokens) -> None:
    names, rows = answer_names(answers), answer_rows(answers)
    figures.head(findings.skipping(answers) or "Skips, shuffle, offline", answer_caption(answers, said))
    svg(legend(key(tokens, names)), key="answers_key", css=LEGEND_CSS)
    figures.draw(rows, share_lines(tokens, names), key="answers", colours=key(tokens, names))
    figures.foot(shares_table(rows), COUNTS, key="answers", behind=Behind("answers", of_rows=True))


def _groups_card(what: str, found: Groups, words: Mapping[str, str], said: str, tokens: Tokens) -> None:
    names = group_names(found, words)
    rows = group_rows(found, names)
    figures.head(group_title(what, found, words), group_caption(found, what, said))
    svg(legend(key(tokens, names)), key=f"groups_{what}_key", css=LEGEND_CSS)
    figures.draw(rows, share_bars(tokens, names), key=f"groups_{what}", colours=key(tokens, names))
    behind = Behind({"device": "devices", "country": "countries"}[what], of_rows=True)
    figures.foot(shares_table(rows), COUNTS, key=f"groups_{what}", behind=behind)


def said_tiles(answers: pd.DataFrame, devices: Groups) -> tuple[Tile, ...]:
    """Return the shares of a whole view, each with the part of rows that say it; none of what no row says."""
    found = []
    for name, words in _ANSWERS.items():
        yes, known = int(answers[name].sum()), int(answers[f"{name}_known"].sum())
        if known:
            found.append(Tile(words, f"{yes / known:.0%}", COUNTS, _known({name: known / answers["rows"].sum()})))
    if devices.names:
        share = devices.rows.sum(axis=0)[0] / devices.rows.sum()
        label = f"On {wording.PLATFORMS[devices.names[0]]}"
        found.append(Tile(label, f"{share:.0%}", COUNTS, _known({"device": devices.known_share})))
    return tuple(found)


def answer_names(answers: pd.DataFrame) -> tuple[str, ...]:
    """Return which of skipped, shuffle and offline any row says."""
    return tuple(said for name, said in _ANSWERS.items() if answers[f"{name}_known"].any())


def answer_rows(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of yes by month, as `charts.shares` draws them."""
    yes = answers[list(_ANSWERS)].to_numpy()
    known = answers[[f"{name}_known" for name in _ANSWERS]].to_numpy()
    return share_rows(answers["start_on"], list(_ANSWERS.values()), yes, known)


def answer_caption(answers: pd.DataFrame, said: str) -> str:
    """Return what the shares are of, with the part of rows that say it."""
    rows = int(answers["rows"].sum())
    parts = {
        words.split()[0].lower(): int(answers[f"{name}_known"].sum()) / rows
        for name, words in _ANSWERS.items()
        if answers[f"{name}_known"].any()
    }
    return f"Shares by month, {said}. {_known(parts)}"


def group_names(found: Groups, words: Mapping[str, str]) -> tuple[str, ...]:
    """Return the groups that have a colour, the rest of them as one: a group may itself be called "Other"."""
    names = tuple(words.get(name, name) for name in found.names)
    return names if len(names) <= _MOST_GROUPS else (*names[: _MOST_GROUPS - 1], REST)


def group_rows(found: Groups, names: tuple[str, ...]) -> pd.DataFrame:
    """Return the shares of groups by month, as `charts.shares` draws them; `names` are those of `group_names`."""
    rows = found.rows
    if rows.shape[1] > len(names):
        kept = rows[:, : len(names) - 1]
        rows = np.column_stack((kept, rows[:, len(names) - 1 :].sum(axis=1)))
    return share_rows(found.start_on, names, rows, rows.sum(axis=1, keepdims=True))


def group_title(what: str, found: Groups, words: Mapping[str, str]) -> str:
    """Return which device or country leads, with its share."""
    leader = findings.leading_group(found)
    if leader is None or len(found.names) < 2:
        return f"By {what}"
    return f"{leader[1]:.0%} was played {_ON[what]} {words.get(leader[0], leader[0])}"


def group_caption(found: Groups, what: str, said: str) -> str:
    """Return what the shares are of, with the part of rows that say it."""
    return f"Rows by {what} and month, {said}. {_known({what: found.known_share})}"


def shares_table(drawn: pd.DataFrame) -> pd.DataFrame:
    """Return shares as a table a person reads, a column for each name, in per cent; names are different ones."""
    _, row, month = np.unique(drawn["on"].to_numpy(), return_index=True, return_inverse=True)
    _, column, name = np.unique(drawn["place"].to_numpy(), return_index=True, return_inverse=True)
    shares = np.full((len(row), len(column)), np.nan)
    shares[month, name] = (drawn["share"].to_numpy() * 100).round(1)
    names = drawn["name"].to_numpy()[column]
    return pd.DataFrame(
        {"Month": drawn["said"].to_numpy()[row], **{f"{n} %": shares[:, at] for at, n in enumerate(names)}}
    )


def _known(parts: dict[str, float]) -> str:
    """Return which part of rows says what; once for all where it is the same."""
    shares = {f"{share:.0%}" if share in (0, 1) or share >= 0.01 else "under 1%" for share in parts.values()}
    if len(shares) == 1:
        return f"{shares.pop()} of rows say it"
    said = [f"{what}: {share:.0%}" for what, share in parts.items()]
    return f"Rows that say it, {wording.listed(said)}"
