"""Music Re-Wrapped: the map of the house, and the way in for notebooks.

    errors      everything that is expected to go wrong, in sentences
    domain      values and rules: plays, filters, roles; standard library only
    settings    the only reader of the environment
    history     the columnar engine and its insights: pure functions of a History
    importers   files of an export -> rows and a ledger
    clients     outside services: their JSON -> domain values
    storage     the only SQL
    clients     what others know, as our values: so far the places of the world, offline
    queueing    background jobs
    signals     wake-ups of open pages
    sandbox     people's own SQL, in processes that can reach nothing
    charts      small frames -> specs and SVG
    deps        what every service is handed
    services    use cases: who may, one transaction
    embedded    Postgres and Valkey from wheels, and their supervisor
    running     the Deps of this process, for pages and routes
    bootstrap   settings -> Deps
    components  the packaged parts that run in the browser
    demo        the sample listener
    ui, web     what pages share; the ASGI side of the site
    cli         a page's twin for the terminal

A module may import what stands above it, never what stands below; `.importlinter` holds it to that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rewrapped.history.frame import History

__version__ = "0.1.0"  # as in pyproject.toml


@contextmanager
def open_history(email: str) -> Iterator[History]:
    """Hand over everything somebody has played, for a notebook on the machine that runs the site.

        with rewrapped.open_history("ann@example.org") as history:
            print(tops.artists(history.filter(Filter()), 10))

    Raises:
        NotFound, InvalidInput: nobody has that address, or it is none.
        SetupError, StoreDown: the servers can't be reached.
    """
    # imported here: whoever imports a part of the package doesn't want all of it
    from rewrapped import settings
    from rewrapped.bootstrap import opened
    from rewrapped.domain.access import Visitor
    from rewrapped.services import listening, operators

    with opened(settings.load()) as deps:
        yield listening.history(deps, Visitor(listener_id=operators.find_user_id(deps, email)))
