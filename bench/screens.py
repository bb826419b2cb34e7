"""The listening pages as the bench opens them, and filters of which no two are alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Screen:
    """A page that follows the filter bar: what its figures are called, and where it is.

    `{artist}` in `query` is the id of somebody's most played artist.
    """

    name: str
    page: str
    query: str = ""

    def address(self, artist_id: int, *more: str) -> str:
        """Return the query of this page with more behind it."""
        return "&".join(part for part in (self.query.format(artist=artist_id), *more) if part)


SCREENS = (
    Screen("overview", "overview"),
    Screen("tops", "tops"),
    Screen("genres", "genres"),
    Screen("habits", "habits"),
    Screen("evolution", "evolution"),
    Screen("compare", "compare"),
    Screen("wrapped", "wrapped"),
    Screen("history", "history"),
    Screen("item", "item", "of=artist&id={artist}"),
    # parts of pages that are drawn on request, those with most in them
    Screen("habits_year", "habits", "part=year"),
    Screen("genres_ties", "genres", "part=ties"),
    Screen("evolution_finds", "evolution", "part=finds"),
    Screen("compare_music", "compare", "part=music"),
    Screen("item_music", "item", "of=artist&id={artist}&part=music"),
)


def new_filters(seed: int) -> Iterator[str]:
    """Yield filters of the address, none twice: all time or all but some years of it, without some hours of the day.

    What is left is most of a history: the more rows, the harder for a page.
    """
    random = np.random.default_rng(seed)
    seen: set[str] = set()
    while True:
        hours = sorted(random.permutation(24)[: random.integers(17, 23)].tolist())
        first, last = random.integers(2015, 2018), random.integers(2021, 2024)
        some = f"range=custom&from={first}-02-01&to={last}-11-30"
        made = f"{some if random.random() < 0.4 else 'range=all'}&hours={','.join(map(str, hours))}"
        if made not in seen:
            seen.add(made)
            yield made
