"""What stands out in a view's genres, as a sentence; None while too little is known, or nothing is clear."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rewrapped.history.genremap import Label
from rewrapped.history.genres import Covered, Flow, Part, Ties

_ENOUGH_MINUTES = 300
_ENOUGH_COVERED = 0.5
_NOTABLE_SHARE = 0.1
_CLEAR_LEAD = 1.25  # times the second
_ENOUGH_YEARS = 2
_CLEAR_TIE = 0.25  # of the smaller one's time


def headline(covered: Covered, parts: Sequence[Part], flow: Flow) -> str | None:
    """Say how taste went over the years, else what leads."""
    if covered.share < _ENOUGH_COVERED or covered.known_minutes < _ENOUGH_MINUTES:
        return None
    return journey(flow) or leader(parts)


def journey(flow: Flow) -> str | None:
    """Say what led the first third of some years and what the last, where both did clearly and differ."""
    if not flow.starts or flow.starts[-1].year - flow.starts[0].year < _ENOUGH_YEARS:
        return None
    third = len(flow.starts) // 3
    first, last = _leading(flow, slice(0, third)), _leading(flow, slice(len(flow.starts) - third, None))
    if first is None or last is None or first == last:
        return None
    return f"From {first.name} in {flow.starts[0].year} to {last.name} in {flow.starts[-1].year}"


def leader(parts: Sequence[Part]) -> str | None:
    """Say which genre or family leads, with its share of the time that is covered."""
    if not parts or parts[0].share < _NOTABLE_SHARE:
        return None
    if len(parts) > 1 and parts[0].minutes < _CLEAR_LEAD * parts[1].minutes:
        return None
    return f"{parts[0].label.name} leads, with {parts[0].share:.0%} of the time whose genre is known"


def closest(ties: Ties, parts: Sequence[Part]) -> str | None:
    """Say which two genres share the most time, where it is much of the smaller one's."""
    if ties.genre_count < 2 or len(ties.names) != ties.genre_count:
        return None
    one, other = divmod(int(np.argmax(ties.minutes)), len(ties.names))
    of = {part.label.key: part.minutes for part in parts}
    smaller = min(of.get(ties.keys[one], 0.0), of.get(ties.keys[other], 0.0))
    shared = float(ties.minutes[one, other])
    if shared * 2 < _ENOUGH_MINUTES or smaller <= 0 or shared / smaller < _CLEAR_TIE / 2:
        return None
    return f"{ties.names[min(one, other)]} and {ties.names[max(one, other)]} go together"


def _leading(flow: Flow, stretch: slice) -> Label | None:
    minutes = flow.minutes[:, stretch].sum(axis=1)
    if not len(minutes) or float(minutes.max()) < _ENOUGH_MINUTES:
        return None
    best = int(np.argmax(minutes))
    second = float(np.delete(minutes, best).max(initial=0.0))
    return flow.labels[best] if minutes[best] >= _CLEAR_LEAD * second else None
