"""What a card to share says of a time; drawn by `charts.sharecard` for the page, the terminal and the public link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rewrapped.charts.palettes import DARK
from rewrapped.charts.sharecard import Card, Ranked, Slice
from rewrapped.charts.sleeves import art_name
from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.plays import Filter, PlayRule
from rewrapped.errors import NotFound
from rewrapped.history.wrapped import Wrapped, wrapped
from rewrapped.services import genre_choices, listening

_LISTS = {"music": "Top artists", "podcasts": "Top podcasts", "audiobooks": "Top audiobooks"}
_SLICES = 5
_NAMED = 3
_GREY, _LEAST = "#7A7086", 0.02  # what is left of the bar, unless it would be a dot


@dataclass(frozen=True, slots=True)
class Words:
    """What a card is told with: whose time it is ("" for nobody's), the time, its subject, and the product's name."""

    whose: str
    said: str
    subject: str
    brand: str


def facts_of(deps: Deps, visitor: Visitor, chosen: Filter, *, rule: PlayRule | None = None) -> Wrapped:
    """Return the facts of a time of the visitor's listener, by their own play rule unless another is given.

    Raises:
        SignInNeeded: nobody is signed in, and the sample data isn't open.
        NotFound: there is no play in it.
        StoreDown: the database doesn't answer.
    """
    whole = listening.history(deps, visitor, rule=rule)
    known = genre_choices.map_of(deps, whole, genre_choices.own_genres(deps, visitor))
    facts = wrapped(whole, whole.filter(chosen), chosen, known)
    if not facts.totals.plays:
        raise NotFound("There is no play in this time.")
    return facts


def card_of(facts: Wrapped, words: Words) -> Card:
    """Return what a card says."""
    figure, unit = amount(facts.totals.heard_minutes)
    parts = facts.taste.parts[:_SLICES] if facts.taste else ()
    rest = 1.0 - sum(part.share for part in parts)
    names = _listed([part.label.name for part in parts[:_NAMED]])
    return Card(
        seed=f"{words.whose} {words.said}",
        eyebrow=f"{words.whose}, {words.said}" if words.whose.strip() else words.said[:1].upper() + words.said[1:],
        figure=figure,
        unit=f"{unit} of {words.subject}{', in part estimated' if facts.totals.estimated_minutes else ''}",
        list_title=_LISTS.get(words.subject, "Most played"),
        ranked=[
            Ranked(each.name, count(each.plays, "play"), art_name(each.name, each.artist))
            for each in facts.artists
            if each.name
        ],
        slices=[
            *(Slice(part.label.name, part.share, ink) for part, ink in zip(parts, DARK.categorical, strict=False)),
            *([Slice("", rest, _GREY)] if parts and rest > _LEAST else []),
        ],
        slices_said=f"Led by {names}" if names else "",
        brand=words.brand,
    )


def count(number: int, one: str, many: str | None = None) -> str:
    """Return "1 play", "2 plays"; `many` where it isn't the word with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def amount(minutes: float) -> tuple[str, str]:
    """Return a time as a figure and its unit: "1,204" and "hours", "2.5" and "hours", "1" and "minute".

    Hours are rounded as everywhere else on the site, so that nothing is told with two numbers.
    """
    if minutes >= 600:
        return f"{minutes / 60:,.0f}", "hours"
    if minutes >= 120:
        return f"{minutes / 60:.1f}".removesuffix(".0"), "hours"
    whole = round(minutes)
    return f"{whole:,}", "minute" if whole == 1 else "minutes"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
