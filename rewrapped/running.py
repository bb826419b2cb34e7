"""The one `Deps` of this process. The lifespan, the CLI, a worker or a test sets it; pages and routes take it."""

from __future__ import annotations

from rewrapped.deps import Deps
from rewrapped.errors import SetupError

_held: list[Deps] = []


def hold(deps: Deps | None) -> None:
    """Make these the process's Deps; None forgets them."""
    _held[:] = [] if deps is None else [deps]


def deps() -> Deps:
    """Return the process's Deps.

    Raises:
        SetupError: nothing has been set: this wasn't started as a site, a worker or a command.
    """
    if not _held:
        raise SetupError("The site is still starting, or was started without its services. Please try again shortly.")
    return _held[0]
