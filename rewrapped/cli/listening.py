"""A listener's own data: import, totals, top."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from rewrapped import settings as reader
from rewrapped.bootstrap import opened
from rewrapped.cli import Commands
from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.accounts import clean_zone
from rewrapped.domain.plays import Filter, PlayRule, TimeRange
from rewrapped.errors import RewrappedError, UnreadableFile
from rewrapped.history import tops, totals
from rewrapped.history.frame import History
from rewrapped.importers.ledger import Ledger
from rewrapped.services import importing, listening, operators

T = TypeVar("T")

#: What `--rule` takes.
RULES = "30s, another Ns, half, finished or any"

_TOTALS = (
    "plays",
    "minutes",
    "estimated_minutes",
    "tracks",
    "artists",
    "albums",
    "days",
    "longest_streak_days",
    "first_play_at",
    "last_play_at",
)


def register(commands: Commands) -> None:
    """Add import, totals and top."""
    bring = _command(commands, "import", _import, "import a Spotify export: the ZIP, or any of its JSON files")
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE")
    bring.add_argument("--incognito", action="store_true", help="import plays of private sessions too")
    sums = _command(commands, "totals", _print_totals, "sum up what somebody listened to")
    _add_view(sums)
    top = _command(
        commands, "top", _print_top, "rank tracks, albums or artists; by time their estimated minutes count too"
    )
    top.add_argument("noun", nargs="?", choices=[str(noun) for noun in tops.Noun], default="artists")
    top.add_argument("--by", choices=[str(measure) for measure in tops.Measure], default="plays")
    top.add_argument("--limit", type=_positive, default=50)
    _add_view(top)


def _command(commands: Commands, name: str, run: object, says: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=says, description=says[0].upper() + says[1:] + "."
    )
    command.add_argument("--user", required=True, metavar="EMAIL")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=run)
    return command


def _add_view(command: argparse.ArgumentParser) -> None:
    command.add_argument("--from", dest="start", type=_day, metavar="DAY", help="first local day, such as 2024-01-31")
    command.add_argument(
        "--to", dest="end", type=_day, metavar="DAY", help="the local day after the last: it isn't part of the range"
    )
    command.add_argument("--rule", type=play_rule, metavar="RULE", help=RULES)
    command.add_argument("--zone", type=_zone, metavar="ZONE", help="IANA time zone, such as Europe/Berlin")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as 2024-01-31") from error


def play_rule(text: str) -> PlayRule:
    """Read the value of `--rule`.

    Raises:
        argparse.ArgumentTypeError: it is no play rule.
    """
    return _checked(PlayRule.parse, text)


def _zone(text: str) -> str:
    return _checked(clean_zone, text)


def _checked(parse: Callable[[str], T], text: str) -> T:
    try:
        return parse(text)
    except RewrappedError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 100_000:
        raise argparse.ArgumentTypeError("a limit is a whole number from 1 to 100000")
    return int(text)


def _import(chosen: argparse.Namespace) -> int:
    for path in chosen.files:
        if path.exists() and not path.is_file():  # reading a pipe may never end
            raise UnreadableFile(f"{path} isn't a regular file.")
    with opened(reader.load()) as deps:
        ledger = importing.import_files(
            deps, operators.find_user_id(deps, chosen.user), chosen.files, include_incognito=chosen.incognito
        )
    print(json.dumps(ledger.to_json(), indent=2) if chosen.json else _told(ledger))
    return 0


def _told(ledger: Ledger) -> str:
    total, dropped = ledger.sum, ledger.sum.dropped
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in dropped.items())
    return (
        f"{total.rows:,} rows: {total.kept:,} kept, {total.merged:,} merged with rows known already,"
        f" {sum(dropped.values()):,} dropped{f' ({reasons})' if reasons else ''}."
    )


def _print_totals(chosen: argparse.Namespace) -> int:
    with opened(reader.load()) as deps:
        seen = asdict(totals.totals(_view(deps, chosen)))
    values = {name: _plain(seen[name]) for name in _TOTALS}
    if chosen.json:
        print(json.dumps(values, indent=2))
    else:
        print("\n".join(f"{name.replace('_', ' '):>20}  {_shown(value)}" for name, value in values.items()))
    return 0


def _print_top(chosen: argparse.Namespace) -> int:
    with opened(reader.load()) as deps:
        ranked = tops.top(_view(deps, chosen), tops.Noun(chosen.noun), chosen.limit, tops.Measure(chosen.by))
    if chosen.json:
        print(json.dumps([asdict(one) for one in ranked], indent=2, ensure_ascii=False))
    else:
        print("\n".join(_line(one) for one in ranked) or "No plays in this range.")
    return 0


def _line(one: tops.Top) -> str:
    name = _printable(" – ".join(part for part in (one.artist, one.name or one.uri) if part))
    estimate = f"  (and {one.estimated_minutes:,.1f} min estimated)" if one.estimated_minutes else ""
    return f"{one.rank:>4}  {one.plays:>8,} plays  {one.minutes:>10,.1f} min  {name}{estimate}"


def _printable(text: str) -> str:
    """Keep what a file named from steering the terminal."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _view(deps: Deps, chosen: argparse.Namespace) -> History:
    visitor = Visitor(listener_id=operators.find_user_id(deps, chosen.user))
    history = listening.history(deps, visitor, rule=chosen.rule, zone=chosen.zone)
    return history.filter(Filter(TimeRange(chosen.start, chosen.end)))


def _plain(value: object) -> object:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value or "–")
