"""Puts the sample listener and the invented shows in place, and renews them when they are days old."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from rewrapped.demo import promoters
from rewrapped.demo.listener import ZONE, sample_export
from rewrapped.demo.shows import sample_shows
from rewrapped.demo.sounds import sample_genres
from rewrapped.deps import Deps
from rewrapped.errors import SetupError
from rewrapped.services import sample_promoters, samples, whereabouts

NAME = "Mika Sommer"
STALE_AFTER = timedelta(days=3)
_SHOWS_STALE_AFTER = timedelta(hours=20)
_BERLIN, _RADIUS_KM = 2950159, 50  # GeoNames


def ensure_sample_listener(deps: Deps) -> int:
    """Return the sample listener's id, after creating or renewing them when that is due.

    Safe to call often and from several processes: while the last play is at most
    three days old this is one query. Readers see the former history until the
    new one is complete. Takes some seconds when there is something to do.

    Raises:
        SetupError: the sample can't be written to the temporary folder.
        StoreDown: the database doesn't answer, and nothing was changed.
        Conflict: another process took longer than a minute over the same.
    """
    found = samples.find_fresh(deps, deps.now() - STALE_AFTER)
    return _put_in_place(deps) if found is None else found


def renew_sample_listener(deps: Deps) -> int:
    """Do the same for the tick; return 1 when a history was written, 0 when none was due.

    Raises:
        SetupError, StoreDown, Conflict: as above.
    """
    if samples.find_fresh(deps, deps.now() - STALE_AFTER) is not None:
        return 0
    _put_in_place(deps)
    return 1


def ensure_sample_shows(deps: Deps) -> int:
    """Store the invented shows of the days to come, and where the sample listener lives; return how many shows.

    Raises:
        SetupError, StoreDown, Conflict: as above.
    """
    user_id = ensure_sample_listener(deps)
    whereabouts.store_place(deps, user_id, _BERLIN, _RADIUS_KM)
    now = deps.now()
    shows = sample_shows(now.astimezone(ZONE).date(), now)
    samples.put_shows_in_place(deps, shows)
    return len(shows)


def renew_sample_shows(deps: Deps) -> int:
    """Renew the invented shows for the tick, where somebody filled them in; return how many were written.

    Raises:
        SetupError, StoreDown, Conflict: as above.
    """
    written_at = samples.latest_shows_at(deps)
    if written_at is None or written_at > deps.now() - _SHOWS_STALE_AFTER:
        return 0
    return ensure_sample_shows(deps)


def ensure_sample_promoters(deps: Deps) -> int:
    """Store the invented promoters, their events and sixty days of people who saw them; return how many events.

    Raises:
        StoreDown: the database doesn't answer, and nothing was changed.
    """
    now = deps.now()
    return sample_promoters.put_in_place(deps, promoters.sample_promoters(now.astimezone(ZONE).date(), now))


def renew_sample_promoters(deps: Deps) -> int:
    """Renew them for the tick, where somebody filled them in; return how many events were written.

    Raises:
        StoreDown: as above.
    """
    return ensure_sample_promoters(deps) if sample_promoters.are_there(deps, promoters.EMAILS) else 0


def _put_in_place(deps: Deps) -> int:
    now = deps.now()
    try:
        with TemporaryDirectory(prefix="rewrapped-sample-") as folder:
            files = sample_export(Path(folder), now.astimezone(ZONE).date(), until=now)
            sample = samples.Sample(NAME, ZONE.key, files, sample_genres())
            return samples.put_in_place(deps, sample, now - STALE_AFTER)
    except OSError as error:
        raise SetupError(f"The sample listener can't be written: {error.strerror}.") from error
