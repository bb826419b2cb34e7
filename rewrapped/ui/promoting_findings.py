"""What the figures say in a sentence: the titles of the promoter panel. None where they say nothing worth it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rewrapped.domain import attention
from rewrapped.domain.attention import Attention, Effect, Figures, Period
from rewrapped.domain.promoting import FEWEST
from rewrapped.services.attention import Overview
from rewrapped.ui.wording import plain

_PERIODS = {
    Period.WEEK: ("the last 7 days", "the 7 days before"),
    Period.FOUR_WEEKS: ("the last 4 weeks", "the 4 weeks before"),
    Period.YEAR: ("the last 12 months", "the 12 months before"),
    Period.ALL: ("all time", ""),
}
_ENOUGH = 50  # people, for a share of them to be a title


def period(overview: Overview) -> str:
    """Return the period in words: "the last 4 weeks"."""
    return _PERIODS[overview.period][0]


def period_before(overview: Overview) -> str:
    """Return what it is compared with: "the 4 weeks before"; empty for all time."""
    return _PERIODS[overview.period][1]


def headline(overview: Overview) -> str | None:
    """Return how engagement moved against the period before."""
    if overview.before is None or overview.before.people.views < FEWEST:
        return None
    grown = attention.change(overview.whole.total.engagement, overview.before.total.engagement)
    if grown is None or abs(grown) < 0.05:
        return None
    return f"{abs(grown) * 100:,.0f} % {'more' if grown > 0 else 'less'} engagement than in {period_before(overview)}"


def busiest(series: Sequence[tuple[date, Figures]], *, is_weekly: bool) -> str | None:
    """Return the day or week of the most views, where it stands out."""
    if len(series) < 3:
        return None
    on, most = max(series, key=lambda one: one[1].views)
    rest = sorted(total.views for _, total in series)
    if most.views < 10 or most.views < 1.5 * (rest[len(rest) // 2] or 1):
        return None
    return f"The most views came {'in the week from' if is_weekly else 'on'} {on.day} {on:%B}: {most.views:,}"


def opened(whole: Attention) -> str | None:
    """Return how many of those who saw an event in a list opened it, told only of enough of them."""
    share = attention.rate(whole.people.views, whole.people.impressions)
    if share is None or whole.people.impressions < _ENOUGH or share > 1:
        return None
    return f"{percent(share)} of those who saw it opened it"


def leader(overview: Overview) -> str | None:
    """Return which event is clearly ahead."""
    lines = sorted(overview.lines, key=lambda line: -line.attention.total.engagement)
    if len(lines) < 2 or lines[0].attention.total.engagement < 1.2 * max(1, lines[1].attention.total.engagement):
        return None
    return f"{plain(lines[0].own.event.listing.title)} is ahead of the others"


def best_aim(shown: Sequence[Effect], names: Mapping[tuple[str, str], str]) -> str | None:
    """Return whether targeting made a difference, and by which of its values the most."""
    told = [
        (one.matched.save_rate / one.others.save_rate, one)
        for one in shown
        if one.matched.save_rate and one.others.save_rate and min(one.matched.viewers, one.others.viewers) >= 20
    ]
    if not told:
        return None
    times, best = max(told, key=lambda one: one[0])
    if times < 1.2:
        return "The targeting made no difference so far"
    return f"{plain(names[best.part, best.value])}: matched people save {times:.1f} times as often"


def percent(share: float | None) -> str:
    """Return a fraction as a person reads it."""
    return "–" if share is None else f"{share * 100:.1f} %"
