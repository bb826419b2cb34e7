"""Puts the sample listener in place, and renews them when their last play is days old."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from rewrapped.demo.listener import ZONE, sample_export
from rewrapped.deps import Deps
from rewrapped.errors import SetupError
from rewrapped.services import samples

NAME = "Mika Sommer"
STALE_AFTER = timedelta(days=3)


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


def _put_in_place(deps: Deps) -> int:
    now = deps.now()
    try:
        with TemporaryDirectory(prefix="rewrapped-sample-") as folder:
            files = sample_export(Path(folder), now.astimezone(ZONE).date(), until=now)
            return samples.put_in_place(deps, samples.Sample(NAME, ZONE.key, files), now - STALE_AFTER)
    except OSError as error:
        raise SetupError(f"The sample listener can't be written: {error.strerror}.") from error
