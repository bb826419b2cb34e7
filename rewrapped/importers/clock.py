"""Stamps as files write them -> microseconds since 1970 in UTC, many at a time.

Nearly every stamp has the one layout of its format, and these are read as a
matrix of digits. Whatever doesn't fit is read one by one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

#: Stands for a stamp that can't be read.
UNREADABLE: Final = np.iinfo(np.int64).min
#: The service opened in October 2006 at the earliest; older stamps are defects.
EARLIEST: Final = datetime(2006, 10, 1, tzinfo=UTC)
#: Clocks of devices run ahead; more than this is a defect.
AHEAD: Final = timedelta(hours=24)

Micros = npt.NDArray[np.int64]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MONTH_STARTS: Final[Micros] = (
    np.arange("0000-01", "10000-02", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int64)
)
_STAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?\s?(Z|z|UTC|[+-]\d\d:?\d\d)?", re.ASCII
)


class Layout:
    """How a format writes its stamps: 0 stands for a digit, all else for itself."""

    def __init__(self, pattern: str, *, zone_needed: bool) -> None:
        self.width = len(pattern)
        self.zone_needed = zone_needed
        characters = np.frombuffer(pattern.encode(), np.uint8)
        self.digits = np.flatnonzero(characters == ord("0"))
        self.marks = np.flatnonzero(characters != ord("0"))
        self.marked = characters[self.marks][:, None]


EXTENDED = Layout("0000-00-00T00:00:00Z", zone_needed=True)
ACCOUNT = Layout("0000-00-00 00:00", zone_needed=False)


def to_micros(moment: datetime) -> int:
    """Return an aware datetime as microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def read_stamps(stamps: Sequence[str], layout: Layout) -> Micros:
    """Return the stamps as microseconds, UNREADABLE where one can't be read.

    A stamp without a zone is UTC, or unreadable where the layout needs one.
    """
    micros = np.full(len(stamps), UNREADABLE, np.int64)
    fits = np.fromiter(map(len, stamps), np.int64, len(stamps)) == layout.width
    joined = "".join(stamps if fits.all() else [stamp for stamp, fit in zip(stamps, fits, strict=True) if fit])
    if joined.isascii():
        micros[fits] = _read_matrix(joined.encode(), layout)
    for at in np.flatnonzero(micros == UNREADABLE).tolist():
        micros[at] = read_stamp(stamps[at], zone_needed=layout.zone_needed)
    return micros


def _read_matrix(joined: bytes, layout: Layout) -> Micros:
    columns = np.frombuffer(joined, np.uint8).reshape(-1, layout.width).T
    digits = columns[layout.digits] - 48  # unsigned: what is below "0" becomes large
    good = (digits <= 9).all(axis=0) & (columns[layout.marks] == layout.marked).all(axis=0)
    return _assemble(digits.astype(np.int32), good)


def _assemble(digits: npt.NDArray[np.int32], good: npt.NDArray[np.bool_]) -> Micros:
    """Put digits (year, month, day, hour, minute and perhaps second; a row each) together."""
    pairs = digits[0::2] * 10 + digits[1::2]
    month = (pairs[0] * 100 + pairs[1]) * 12 + pairs[2] - 1
    good &= (pairs[2] >= 1) & (pairs[2] <= 12) & (pairs[4] < 24) & (pairs[5] < 60)
    month[~good] = 0
    start = _MONTH_STARTS[month]
    good &= (pairs[3] >= 1) & (start + pairs[3] <= _MONTH_STARTS[month + 1])
    seconds = (start + pairs[3] - 1) * 86_400 + pairs[4] * 3_600 + pairs[5] * 60
    if len(pairs) == 7:
        good &= pairs[6] < 60
        seconds += pairs[6]
    return np.where(good, seconds * 1_000_000, UNREADABLE)


def read_stamp(stamp: str, *, zone_needed: bool) -> int:
    """Return one stamp as microseconds, read leniently: seconds, fractions and offsets as they come."""
    match = _STAMP.fullmatch(stamp.strip())
    if not match or (zone_needed and not match[4]):
        return UNREADABLE
    day, time, fraction, zone = match.groups()
    offset = zone if zone and zone[0] in "+-" else "+00:00"
    try:
        moment = datetime.fromisoformat(f"{day}T{time}{offset}")
        return to_micros(moment) + int((fraction or "0").ljust(6, "0")[:6])
    except (ValueError, OverflowError):
        return UNREADABLE


def plausible(micros: Micros, now: datetime) -> npt.NDArray[np.bool_]:
    """Return which moments can be true: readable, not before EARLIEST, not over AHEAD of `now`."""
    return np.asarray((micros >= to_micros(EARLIEST)) & (micros <= to_micros(now + AHEAD)))
