"""How many items the plays of a period are spread over, and how much of them goes to a few, or to new ones."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from rewrapped.history.ever import Ever
from rewrapped.history.periods import Tally
from rewrapped.history.sums import added, counted

#: How many items the share of the top is of.
TOP = 10
#: A period with fewer plays has no figures: a handful of plays is always diverse.
ENOUGH_PLAYS = 30


def diversity(tally: Tally, known: Ever, least: int = ENOUGH_PLAYS) -> pd.DataFrame:
    """Return one row for every period of a tally, in order.

    Columns: `start_on`; `plays` that belong to an item; `different` items with
    a play; `effective`, the effective number of them; `top_share` and
    `new_share`, the parts of the plays, 0 to 1, that go to the `TOP` most
    played and to those first played ever in this period. The last three are
    NaN where a period has fewer plays than `least`, and at least one.

    The effective number is exp(-sum p ln p) over the items' shares p of the
    plays, the Hill number of order 1: as many items, equally played, would be
    as hard to guess. Hill, "Diversity and evenness", Ecology 54 (1973), and
    Jost, "Entropy and diversity", Oikos 113 (2006). `known` is `ever.ever` of
    the whole history.
    """
    count, plays = tally.stretch.count, tally.totals
    enough = plays >= max(least, 1)
    whole = np.where(enough, plays, np.nan)
    weighted = np.bincount(tally.places, weights=tally.plays * np.log(tally.plays), minlength=count)
    new = tally.stretch.of_days(known.first_day[tally.code]) == tally.places
    return pd.DataFrame(
        {
            "start_on": np.array(tally.stretch.starts_on, "datetime64[s]"),
            "plays": plays,
            "different": counted(tally.places, count),
            "effective": whole * np.exp(-weighted / whole),  # N exp(-sum n ln n / N), which is exp(-sum p ln p)
            "top_share": _top(tally) / whole,
            "new_share": added(tally.places[new], tally.plays[new], count) / whole,
        }
    )


def _top(tally: Tally) -> npt.NDArray[np.int64]:
    """Return the plays of each period's most played items."""
    found = np.zeros(tally.stretch.count, np.int64)
    for number in range(tally.stretch.count):
        plays = tally.plays[tally.cells(number)]
        found[number] = plays.sum() if len(plays) <= TOP else np.partition(plays, -TOP)[-TOP:].sum()
    return found
