"""Events from outside sources, from the terminal: `events sweep`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from rewrapped import settings as reader
from rewrapped.bootstrap import opened
from rewrapped.cli import Commands
from rewrapped.deps import Deps
from rewrapped.domain.accounts import clean_country
from rewrapped.domain.sweeping import Area
from rewrapped.errors import InvalidInput
from rewrapped.services import sweeps
from rewrapped.services.sweeps import Report

_FIGURES = ("windows", "found", "new", "changed", "tied", "gone", "unread", "dropped", "calls", "cached", "budget_left")


def register(commands: Commands) -> None:
    """Add the command `events` with its verb."""
    events = commands.add_parser("events", help="find concerts where listeners live")
    verbs = events.add_subparsers(dest="verb", required=True, metavar="VERB")
    says = "ask every source that has a key for the concerts that are due"
    command = verbs.add_parser("sweep", help=says, description=says[0].upper() + says[1:] + ".")
    command.add_argument("--country", metavar="CODE", help="two letters, such as DE, in place of where listeners live")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_sweep)


def _sweep(chosen: argparse.Namespace) -> int:
    country = clean_country(chosen.country or "")
    with opened(reader.load()) as deps:
        reports = _reports(deps, country)
    if chosen.json:
        print(json.dumps([asdict(report) for report in reports]))
    else:
        print("\n\n".join(map(_told, reports)))
    return 0


def _reports(deps: Deps, country: str | None) -> list[Report]:
    """Sweep one source after the other.

    Raises:
        InvalidInput: no source has a key, or nobody lives anywhere.
    """
    if not deps.event_clients:
        raise InvalidInput("No source of events has a key: set TICKETMASTER_API_KEY or JAMBASE_API_KEY.")
    areas = [Area(country)] if country else sweeps.list_areas(deps)
    if not areas:
        raise InvalidInput("Nobody has told their country yet: give one with --country.")
    return [sweeps.sweep(deps, source, areas) for source in deps.event_clients]


def _told(report: Report) -> str:
    lines = [f"{report.source}"]
    lines += [f"  {name.replace('_', ' '):<12}{getattr(report, name):>8,}" for name in _FIGURES]
    if report.stopped:
        lines.append(f"  {report.stopped}")
    return "\n".join(lines)
