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
    now = deps.now()
    since = now - STALE_AFTER
    found = samples.find_fresh(deps, since)
    if found is not None:
        return found
    try:
        with TemporaryDirectory(prefix="rewrapped-sample-") as folder:
            files = sample_export(Path(folder), now.astimezone(ZONE).date(), until=now)
            return samples.put_in_place(deps, samples.Sample(NAME, ZONE.key, files), since)
    except OSError as error:
        raise SetupError(f"The sample listener can't be written: {error.strerror}.") from error
