"""What a chart counts, told from the view itself: the rule, the filter, what is covered, and by which sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from rewrapped.domain import days
from rewrapped.domain.plays import Filter, Source
from rewrapped.history.frame import History
from rewrapped.history.localtime import day_of
from rewrapped.ui import wording
from rewrapped.ui.seen import Seen

_HOLES_TOLD = 6


def told(seen: Seen, chosen: Filter, said: str) -> str:
    """Return what a view of the history counts as a list in Markdown; `said` is its time in words."""
    view = seen.whole.filter(chosen)
    return "\n".join(f"- **{what}:** {words}" for what, words in _lines(seen, view, chosen, said))


def _lines(seen: Seen, view: History, chosen: Filter, said: str) -> Iterator[tuple[str, str]]:
    always = "Scrobbles and live plays always count; “More filters” has other rules."
    yield "Play rule", f"{wording.counted_by(seen.whole.rule)} {always}"
    filters = [wording.plain(words) for words in seen.narrowed(chosen)]
    subject = chosen.subject
    yield "Looked at", "; ".join([f"{subject}, {said}", *filters])
    yield "Covered", _covered(view)
    if missing := _missing(seen, view):
        yield "Nothing is known of", missing
    if sources := _sources(view):
        yield "Sources", sources
    estimated = int(np.count_nonzero(view.is_estimated))
    if estimated:
        yield "Estimated", f"the time of {wording.rows(estimated)}, whose source doesn't say how long they were played"
    yield "Clock", f"yours, {view.zone.key.replace('_', ' ')}"


def _covered(view: History) -> str:
    """Return how many rows there are, from the first to the last of them."""
    if not len(view):
        return "no row of your history"
    first, last = day_of(view.day[0]), day_of(view.day[-1])
    many = f"{wording.rows(len(view))}, of which {len(view.plays):,} are plays"
    return f"{many}, from {days.day(first)} to {days.day(last)}"


def _missing(seen: Seen, view: History) -> str:
    """Return the months without any row between the first day that a view is about and the last."""
    if not len(view.span):
        return ""
    first, last = day_of(view.span.start).replace(day=1), day_of(view.span.stop - 1)
    holes = [month_on for month_on in seen.holes if first <= month_on <= last]
    return f"{_months(holes)}: no row of your history is from then" if holes else ""


def _months(holes: Sequence[date]) -> str:
    named = [days.month(month_on) for month_on in holes[:_HOLES_TOLD]]
    rest = len(holes) - len(named)
    return wording.listed([*named, f"{rest:,} more months"] if rest else named)


def _sources(view: History) -> str:
    counts = np.bincount(view.source, minlength=max(Source) + 1)
    said = [f"{wording.SOURCES[each]} ({wording.rows(int(counts[each]))})" for each in Source if counts[each]]
    return ", ".join(said)
