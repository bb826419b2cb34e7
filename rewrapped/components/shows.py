"""Cards of shows: picture, day, place, reason, a heart to save with, and the way to tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rewrapped.components.packaged import mount


@dataclass(frozen=True, slots=True)
class ShowCard:
    """One show. Every text is shown as it is, never read as markup.

    `link` and `ticket_link` are addresses of this site. `art` is an SVG of
    ours. `save_link` is where somebody goes who can't save here, "" where the
    heart itself does. `badge` says what is odd (cancelled), `paid` and
    `paid_why` that and why it is sponsored.
    """

    id: int
    link: str
    title: str
    art: str
    on: str  # ISO, for machines
    weekday: str
    day: str
    month: str
    when: str
    where: str
    acts: str
    why: str
    badge: str
    price: str
    ticket_link: str
    seller: str
    credit: str
    is_saved: bool
    save_link: str = ""
    paid: str = ""
    paid_why: str = ""
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Pressed:
    """What was pressed in this run: a card to open, a heart; ids of shows, None for nothing."""

    opened: int | None
    hearted: int | None


def shows(cards: Sequence[ShowCard], *, key: str, label: str) -> Pressed:
    """Show the cards in a grid that fits its place; `label` is for screen readers."""
    data = {"label": label, "cards": [asdict(card) for card in cards]}
    state = mount("shows", key=key, data=data, on_opened_change=lambda: None, on_hearted_change=lambda: None)
    ids = {card.id for card in cards}
    return Pressed(_known(state.opened, ids), _known(state.hearted, ids))


def _known(value: object, ids: set[int]) -> int | None:
    return value if isinstance(value, int) and value in ids else None
