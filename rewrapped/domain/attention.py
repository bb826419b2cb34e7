"""What promoters learn of their events: totals, people, periods and what they are compared with.

Totals count each person once per event, kind and day of the venue, as
interactions are stored. People count once, however many days and events they
came on. Groups told apart by who people are never hold fewer than FEWEST.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from rewrapped.domain.plays import TimeRange
from rewrapped.domain.promoting import FEWEST, Interaction, engagement

FORMULA: Final = "views + 2 × saves + 3 × ticket clicks"

#: How many earlier events it takes before one is compared with them.
EARLIER_NEEDED: Final = 3
_NOTABLE: Final = 0.10  # a difference below a tenth is nobody's doing

Group = TypeVar("Group")


class Period(StrEnum):
    """The times that figures are shown for; each but the last is compared with the same length before."""

    WEEK = "7d"
    FOUR_WEEKS = "4w"
    YEAR = "12m"
    ALL = "all"

    def days(self, today: date) -> TimeRange:
        """Return its days, today the last of them."""
        lengths = {Period.WEEK: 7, Period.FOUR_WEEKS: 28, Period.YEAR: 365}
        if self is Period.ALL:
            return TimeRange()
        end_on = today + timedelta(days=1)
        return TimeRange(end_on - timedelta(days=lengths[self]), end_on)


@dataclass(frozen=True, slots=True)
class Figures:
    """Four counts of one thing: of interactions, or of people."""

    impressions: int = 0
    views: int = 0
    saves: int = 0
    clicks: int = 0

    @classmethod
    def of(cls, counts: Mapping[Interaction, int]) -> Figures:
        """Return them by their kinds."""
        return cls(*(counts.get(kind, 0) for kind in Interaction))

    @property
    def engagement(self) -> int:
        """Return views + 2 x saves + 3 x clicks."""
        return engagement(self.views, self.saves, self.clicks)

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.impressions + other.impressions,
            self.views + other.views,
            self.saves + other.saves,
            self.clicks + other.clicks,
        )


@dataclass(frozen=True, slots=True)
class Attention:
    """What events got in some days: `total` of interactions, `people` each once."""

    total: Figures = Figures()
    people: Figures = Figures()

    @property
    def save_rate(self) -> float | None:
        """Return people who saved / people who viewed, None while nobody viewed."""
        return rate(self.people.saves, self.people.views)


@dataclass(frozen=True, slots=True)
class Day:
    """One event's totals of one day of its venue."""

    event_id: int
    on: date
    total: Figures


def rate(part: int, whole: int) -> float | None:
    """Return a part of a whole as a fraction, None of nothing; more can save than viewed, by a link or a card."""
    return part / whole if whole else None


def change(now: float | None, before: float | None) -> float | None:
    """Return how much a figure grew, as a fraction; None where there is no base to tell it by."""
    if now is None or not before:
        return None
    return (now - before) / before


def summed(days: Iterable[Day]) -> Figures:
    """Return the totals of some days together."""
    return sum((day.total for day in days), Figures())


def by_week(days: Iterable[tuple[date, Figures]]) -> dict[date, Figures]:
    """Return the totals of days by the Monday of their week, in order."""
    weeks: dict[date, Figures] = {}
    for on, total in sorted(days, key=lambda one: one[0]):
        monday = on - timedelta(days=on.weekday())
        weeks[monday] = weeks.get(monday, Figures()) + total
    return weeks


# Against earlier events ---------------------------------------------------------------------------


class Verdict(StrEnum):
    """How an event does beside the promoter's earlier ones, at the same age."""

    IMPROVING = "improving"
    NEEDS_ATTENTION = "needs attention"
    USUAL = "as usual"


@dataclass(frozen=True, slots=True)
class Life:
    """An event's days and what it got on each: from its publication to its date."""

    event_id: int
    published_on: date
    start_on: date
    days: tuple[tuple[date, int], ...]  # (day, engagement)

    def until_age(self, age: int) -> int:
        """Return the engagement of its first days up to an age, in days since its publication."""
        last_on = self.published_on + timedelta(days=age)
        return sum(value for on, value in self.days if on <= last_on)


@dataclass(frozen=True, slots=True)
class Standing:
    """An event against the average of earlier ones: engagement at the same age."""

    verdict: Verdict
    own: int
    average: float
    age: int  # days since publication
    earlier_count: int


def standing(event: Life, others: Sequence[Life], today: date) -> Standing | None:
    """Return how an event does beside those published before it; None with fewer than three to compare with.

    An earlier event counts if it was to be seen for at least as many days.
    """
    age = (min(today, event.start_on) - event.published_on).days
    earlier = [
        other
        for other in others
        if other.published_on < event.published_on and (other.start_on - other.published_on).days >= age >= 0
    ]
    if len(earlier) < EARLIER_NEEDED:
        return None
    average = sum(other.until_age(age) for other in earlier) / len(earlier)
    own = event.until_age(age)
    more = change(own, average)
    if more is None or abs(more) < _NOTABLE:
        verdict = Verdict.USUAL
    else:
        verdict = Verdict.IMPROVING if more > 0 else Verdict.NEEDS_ATTENTION
    return Standing(verdict, own, average, age, len(earlier))


# Groups of people ---------------------------------------------------------------------------------


def showable(people: Mapping[Group, int], fewest: int = FEWEST) -> frozenset[Group]:
    """Return which groups of one whole may be shown, so that none below the floor can be told from the total.

    Groups of nobody are shown. What is hidden together holds at least `fewest`
    people in at least two groups, or else the next smallest is hidden too.
    """
    hidden = {group for group, count in people.items() if 0 < count < fewest}
    rest = sorted((group for group in people if people[group] >= fewest), key=lambda group: people[group])
    while hidden and rest and (len(hidden) < 2 or sum(people[group] for group in hidden) < fewest):
        hidden.add(rest.pop(0))
    return frozenset(people) - hidden


@dataclass(frozen=True, slots=True)
class Side:
    """Those who fit an event's targeting, or those who don't: what they did, and how many they are.

    People are those who did more than see it among others: viewed, saved or clicked.
    """

    people: int = 0
    viewers: int = 0
    savers: int = 0
    total: Figures = Figures()

    @property
    def save_rate(self) -> float | None:
        """Return people who saved / people who viewed."""
        return rate(self.savers, self.viewers)

    @property
    def average_engagement(self) -> float | None:
        """Return the engagement of one of them."""
        return rate(self.total.engagement, self.people)

    def __add__(self, other: Side) -> Side:
        return Side(
            self.people + other.people,
            self.viewers + other.viewers,
            self.savers + other.savers,
            self.total + other.total,
        )


@dataclass(frozen=True, slots=True)
class Effect:
    """One value that events are aimed by, and what both sides did; events with too few people on a side stay out."""

    part: str  # country, genre or artist
    value: str
    events: int
    matched: Side
    others: Side
    left_out: int = 0

    @property
    def is_shown(self) -> bool:
        """Return whether there is an event with enough people on each side of it."""
        return self.events > 0


def effects(
    aimed: Mapping[int, Mapping[str, frozenset[str]]], sides: Mapping[int, tuple[Side, Side]]
) -> tuple[Effect, ...]:
    """Return what targeting did, by each value of it: `aimed` has the parts of each event, `sides` (matched, others).

    The floor holds for each event by itself: figures of several events, taken
    from each other, would tell those of one.
    """
    found: dict[tuple[str, str], list[int]] = {}
    for event_id, parts in aimed.items():
        for part, values in parts.items():
            for value in values:
                found.setdefault((part, value), []).append(event_id)
    return tuple(_effect(part, value, found[part, value], sides) for part, value in sorted(found))


def _effect(part: str, value: str, event_ids: Sequence[int], sides: Mapping[int, tuple[Side, Side]]) -> Effect:
    of_both = [sides.get(event_id, (Side(), Side())) for event_id in event_ids]
    shown = [both for both in of_both if _may_show(*both)]
    matched = sum((both[0] for both in shown), Side())
    others = sum((both[1] for both in shown), Side())
    return Effect(part, value, len(shown), matched, others, len(of_both) - len(shown))


def _may_show(matched: Side, others: Side) -> bool:
    """Both sides need enough people who opened it: among many who came otherwise, the one who did would stand out."""
    viewers = {"matched": matched.viewers, "others": others.viewers}
    whole = {"matched": matched.people, "others": others.people}
    return any(whole.values()) and all(len(showable(people)) == len(people) for people in (viewers, whole))
