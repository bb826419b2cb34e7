"""The filter bar of every listening page. The address is its truth; the widgets show it and write to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from rewrapped.domain.days import MONTHS_SHORT, WEEKDAYS_SHORT
from rewrapped.domain.plays import Filter, PlayRule, TimeRange
from rewrapped.history.choices import Choices, Item, choices, search
from rewrapped.history.filterquery import KEYS, NARROWING, PRESETS, Picked, active_count, read, without, write
from rewrapped.history.frame import History
from rewrapped.history.localtime import day_of
from rewrapped.ui import playrules, savedviews, wording

_KEPT = "_filter_query"  # carries the filter from one listening page to the next, whose address begins empty
_DEFAULT = "_filter_default"


@dataclass(frozen=True, slots=True)
class View:
    """What the bar is set to: the filter, and its time range in words.

    `said` stands alone ("the last 4 weeks", "all time"), `within` follows a verb ("Nothing was played" and
    " in the last 4 weeks", " this year", or nothing for all time), `before_said` is what changes are measured
    against ("the 4 weeks before").
    """

    filter: Filter
    said: str
    within: str
    before_said: str


def filter_bar(history: History, today: date) -> View:
    """Show the bar; return what is chosen.

    `today` is the listener's local day, `history` all of their rows under the `asked_rule`.
    """
    st.session_state[_DEFAULT] = default_range(history, today)
    picked = _picked()
    found = choices(history)
    with st.container(horizontal=True, vertical_alignment="center", key="filter_bar"):
        _presets(picked)
        _dates(picked, found, today)
        _more(picked, found, history)
        savedviews.show(picked, today)
    _chips(picked, history)
    before = wording.period_before(picked, today)
    return View(picked.filter(today), wording.period(picked), wording.within(picked), before)


def default_range(history: History, today: date) -> str:
    """Return the preset a first visit shows: 12 months, or all time where that would hide most or everything."""
    if not len(history.span):
        return "all"
    first, last = day_of(history.span.start), day_of(history.span.stop - 1)
    year_ago = today - timedelta(days=365)
    return "12m" if first < year_ago <= last else "all"


def address() -> str:
    """Return what the bar is set to as a query string; it was shown in this run."""
    return urlencode(st.session_state.get(_KEPT, {}))


def set_to(query: str) -> None:
    """Set the bar to a query string of `address` before it is shown; an empty one leaves it as it is."""
    if query:
        _choose(read(dict(parse_qsl(query)), st.session_state.get(_DEFAULT, "all")))


def choose_days(days: TimeRange) -> None:
    """Set the bar to a time range with both ends beside what else it is set to; it was shown in this run."""
    if days.start_on and days.end_on:
        _choose(replace(_latest(), word="custom", first_on=days.start_on, last_on=days.end_on - timedelta(days=1)))


def narrow_to_artist(artist_id: int) -> None:
    """Set the bar to one artist beside what else it is set to; it was shown in this run."""
    _change("artists", frozenset({artist_id}))


def asked_rule() -> PlayRule | None:
    """Return the play rule that the address, or else the page before, asks for; None for the listener's own."""
    return read(_asked(), st.session_state.get(_DEFAULT, "all")).rule


def is_addressed() -> bool:
    """Return whether this page's address names a filter of its own."""
    return any(key in st.query_params for key in KEYS)


def leave_address() -> None:
    """Take the filter out of this page's address."""
    for key in KEYS:
        st.query_params.pop(key, None)


def _picked() -> Picked:
    picked = read(_asked(), st.session_state.get(_DEFAULT, "all"))
    if is_addressed():  # from a bookmark or a copied link as well: it travels on from here
        st.session_state[_KEPT] = write(picked)
    elif _KEPT in st.session_state:
        st.query_params.update(st.session_state[_KEPT])
    return picked


def _asked() -> dict[str, str]:
    query = {key: st.query_params[key] for key in KEYS if key in st.query_params}
    return query or st.session_state.get(_KEPT, {})


def _latest() -> Picked:
    """Return what the bar was last set to; a callback's address can be that from before another press a moment ago."""
    return read(st.session_state.get(_KEPT) or _asked(), st.session_state.get(_DEFAULT, "all"))


def _choose_rule(rule: PlayRule | None) -> None:
    _choose(replace(_latest(), rule=rule))


def _choose(picked: Picked) -> None:
    query = write(picked)
    st.session_state[_KEPT] = query
    for key in KEYS:
        if key in st.query_params and key not in query:
            del st.query_params[key]
    st.query_params.update(query)


def _change(name: str, value: Any) -> None:
    picked = _latest()
    _choose(replace(picked, rest=replace(picked.rest, **{name: value})))


def _presets(picked: Picked) -> None:
    st.session_state["filter_range"] = picked.word if picked.word in PRESETS else None
    st.segmented_control(
        "Time range",
        list(PRESETS),
        format_func=PRESETS.__getitem__,
        key="filter_range",
        on_change=lambda: _choose_range(st.session_state["filter_range"]),
        label_visibility="collapsed",
    )


def _choose_range(word: str | None) -> None:
    if word is not None:  # pressing what is chosen already leaves it chosen
        _choose(replace(_latest(), word=word, first_on=None, last_on=None))


def _dates(picked: Picked, found: Choices, today: date) -> None:
    own = picked.word not in PRESETS
    with st.popover(wording.short_period(picked) if own else "Years and dates", icon=":material/calendar_month:"):
        years = [str(year) for year in found.years]
        st.session_state["filter_year"] = picked.word if picked.word in years else None
        st.pills("A year", years, key="filter_year", on_change=lambda: _choose_range(st.session_state["filter_year"]))
        days = (picked.first_on, picked.last_on) if picked.first_on and picked.last_on else ()
        st.session_state["filter_days"] = days
        first = date(found.years[-1], 1, 1) if found.years else today
        st.date_input(
            "From and to",
            key="filter_days",
            min_value=min([first, *days]),
            max_value=max([today, *days]),
            format="YYYY-MM-DD",
            on_change=_choose_days,
        )


def _choose_days() -> None:
    days = st.session_state["filter_days"]
    if len(days) == 2:  # one: the second hasn't been picked yet
        _choose(replace(_latest(), word="custom", first_on=days[0], last_on=days[1]))


def _more(picked: Picked, found: Choices, history: History) -> None:
    count = active_count(picked.rest) + (picked.rule is not None)
    with st.popover(f"More filters ({count})" if count else "More filters", icon=":material/tune:"):
        _search(history)
        _several(picked, "kinds", found.kinds, wording.KINDS.__getitem__, "Music, podcasts, audiobooks")
        _several(picked, "weekdays", range(7), WEEKDAYS_SHORT.__getitem__, "Weekdays")
        _several(picked, "months", range(1, 13), lambda number: MONTHS_SHORT[number - 1], "Months")
        _listed(picked, "hours", range(24), wording.hour, "Hours")
        _listed(picked, "platforms", found.platforms, wording.PLATFORMS.__getitem__, "Devices")
        _listed(picked, "countries", found.countries, str, "Countries")
        _listed(picked, "sources", found.sources, wording.SOURCES.__getitem__, "Sources")
        for name, label in (("skipped", "Skipped"), ("shuffle", "Shuffle"), ("offline", "Offline")):
            _yes_or_no(picked, name, label)
        playrules.ask(picked.rule, _choose_rule)


def _several(picked: Picked, name: str, options: Sequence[Any], said: Callable[[Any], str], label: str) -> None:
    if len(options) > 1:
        st.session_state[f"filter_{name}"] = [each for each in options if each in getattr(picked.rest, name)]
        key = f"filter_{name}"
        st.pills(label, options, format_func=said, key=key, selection_mode="multi", on_change=_choose_set, args=(name,))


def _listed(picked: Picked, name: str, options: Sequence[Any], said: Callable[[Any], str], label: str) -> None:
    if len(options) > 1:
        st.session_state[f"filter_{name}"] = [each for each in options if each in getattr(picked.rest, name)]
        key = f"filter_{name}"
        st.multiselect(
            label, options, format_func=said, key=key, placeholder="Any", on_change=_choose_set, args=(name,)
        )


def _choose_set(name: str) -> None:
    chosen = frozenset(st.session_state[f"filter_{name}"])
    _change(name, chosen or getattr(Filter(), name))


def _yes_or_no(picked: Picked, name: str, label: str) -> None:
    key = f"filter_{name}"
    st.session_state[key] = {None: "Any", True: "Yes", False: "No"}[getattr(picked.rest, name)]
    st.segmented_control(label, ["Any", "Yes", "No"], key=key, on_change=_answer, args=(name,))


def _answer(name: str) -> None:
    _change(name, {"Yes": True, "No": False}.get(st.session_state[f"filter_{name}"]))


def _search(history: History) -> None:
    text = st.text_input("Artist, album or track", key="filter_search", placeholder="Type a part of a name")
    found = search(history, text, limit=3)
    for item in found:
        said = {"artists": "Artist", "albums": "Album", "tracks": "Track"}[item.noun]
        by = f" by {item.sub}" if item.sub else ""
        key = f"filter_add_{item.noun}_{item.id}"
        st.button(
            f"{said}: {wording.plain(item.name + by)}", key=key, on_click=_add, args=(item,), icon=":material/add:"
        )
    if text.strip() and not found:
        st.caption("Nothing in your history has this in its name.")


def _add(item: Item) -> None:
    _change(item.noun, getattr(_latest().rest, item.noun) | {item.id})
    st.session_state["filter_search"] = ""


def _chips(picked: Picked, history: History) -> None:
    names = [key for key in NARROWING if getattr(picked.rest, key) != getattr(Filter(), key)]
    if not names and picked.rule is None:
        return
    with st.container(horizontal=True, key="filter_chips"):
        for name in names:
            said = wording.plain(wording.chip(name, picked.rest, history))
            st.button(
                said,
                key=f"filter_chip_{name}",
                icon=":material/close:",
                help="Take this filter off",
                on_click=lambda name=name: _choose(without(_latest(), name)),
            )
        if picked.rule is not None:
            playrules.chip(picked.rule, _choose_rule)
        st.button("Take all off", key="filter_reset", type="tertiary", on_click=_reset)


def _reset() -> None:
    _choose(replace(_latest(), rest=Filter(), rule=None))
