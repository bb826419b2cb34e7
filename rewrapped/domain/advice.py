"""What a promoter can do about a figure: said only where enough people came for it to mean something."""

from __future__ import annotations

from collections.abc import Iterator

from rewrapped.domain.attention import Attention, rate

_ENOUGH = 50  # people: below, one of them moves a rate by more than two points


def advice(attention: Attention, *, sells_tickets: bool = True) -> tuple[str, ...]:
    """Return a sentence for each figure that something can be done about; none while all is well, or little is known.

    `sells_tickets`: there is an address where tickets are sold.
    """
    return tuple(_advice(attention, sells_tickets=sells_tickets))


def _advice(attention: Attention, *, sells_tickets: bool) -> Iterator[str]:
    people = attention.people
    opened, saved = rate(people.views, people.impressions), attention.save_rate
    clicked = rate(people.clicks, people.views)
    if people.impressions >= _ENOUGH and opened is not None and opened < 0.05:
        yield (
            f"{_percent(opened)} of those who saw it in a list opened it. Title, picture and headliner are all they "
            "see there: name the act people know first."
        )
    if not sells_tickets and people.views > 0:
        yield (
            f"{people.views:,} {'person' if people.views == 1 else 'people'} opened it and found no way to tickets. "
            "Add the address where they are sold."
        )
    elif people.views >= _ENOUGH and clicked is not None and clicked < 0.03:
        yield (
            f"{_percent(clicked)} of those who opened it went for tickets. Say the price and what is still to be had "
            "in the first lines of the description."
        )
    if people.views >= _ENOUGH and saved is not None and saved < 0.05:
        yield (
            f"{_percent(saved)} of those who opened it saved it. A full line-up and a start time help people decide "
            "whether to keep a date free."
        )


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"
