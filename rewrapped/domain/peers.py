"""Where a listener stands among those of this site who chose to be compared.

A tier says that at most such a part of all of them, oneself counted, has as
many plays or more: who is alone at the top of 21 is among the top 5 %, not the
top 1 %. Those with exactly as many stand before oneself.
"""

from __future__ import annotations

from typing import Final

from rewrapped.domain.plays import Source

#: Whose plays can be compared: an API's never.
COMPARABLE: Final = tuple(source for source in Source if source is not Source.SPOTIFY_API)
#: Parts of all, in percent.
TIERS: Final = (1, 5, 10, 25, 50)
#: With fewer others, oneself not counted, nothing is said.
FEWEST_OTHERS: Final = 20
#: Of an artist whom fewer others played, nothing is said.
FEWEST_OF_ARTIST: Final = 5
#: Plays that somebody needs within the year to be one of them.
NEEDED_PLAYS: Final = 100


def tier(ahead: int, everybody: int) -> int | None:
    """Return the best of `TIERS` for somebody with plays, None in the lower half.

    `ahead` says how many others have as many or more, `everybody` how many
    there are, those without plays and oneself counted.
    """
    return next((each for each in TIERS if (ahead + 1) * 100 <= each * everybody), None)
