"""A card to share, drawn from the terminal."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from rewrapped import settings as reader
from rewrapped.bootstrap import opened
from rewrapped.charts.pixels import pixels
from rewrapped.charts.rings import COLOURWAYS
from rewrapped.charts.sharecard import Layout, Size, svg
from rewrapped.cli import Commands, listening
from rewrapped.domain import days
from rewrapped.domain.access import Visitor
from rewrapped.domain.plays import Filter, TimeRange
from rewrapped.errors import InvalidInput
from rewrapped.services import operators, profiles, wrapped_cards
from rewrapped.services.wrapped_cards import Words

_SIZES = {size.word: size for size in Size}
_LAYOUTS = {layout.name.lower(): layout for layout in Layout}
_COLOURS = {colours.name.lower(): colours for colours in COLOURWAYS}


def register(commands: Commands) -> None:
    """Add card."""
    command: argparse.ArgumentParser = commands.add_parser(
        "card", help="draw a card to share", description="Draw a card to share of some days, as PNG."
    )
    command.add_argument("--user", required=True, metavar="EMAIL")
    command.add_argument("--from", dest="start", type=_day, required=True, metavar="DAY", help="first local day")
    command.add_argument(
        "--to", dest="end", type=_day, required=True, metavar="DAY", help="the day after the last: it isn't part of it"
    )
    command.add_argument("--rule", type=listening.play_rule, metavar="RULE", help=listening.RULES)
    command.add_argument("--size", choices=list(_SIZES), default=Size.STORY.word)
    command.add_argument("--layout", choices=list(_LAYOUTS), default="both")
    command.add_argument("--colours", choices=list(_COLOURS), default="afterglow")
    command.add_argument("--out", type=Path, required=True, metavar="FILE")
    command.set_defaults(run=_draw)


def _draw(chosen: argparse.Namespace) -> int:
    if chosen.start >= chosen.end:
        raise InvalidInput("The day of --to has to be later than that of --from.")
    picked = Filter(time_range=TimeRange(chosen.start, chosen.end))
    with opened(reader.load()) as deps:
        user_id = operators.find_user_id(deps, chosen.user)
        visitor = Visitor(listener_id=user_id, read_only=True)
        facts = wrapped_cards.facts_of(deps, visitor, picked, rule=chosen.rule)
        name = profiles.listener(deps, visitor).display_name
        said = days.span(chosen.start, chosen.end)
        card = wrapped_cards.card_of(facts, Words(name, said, picked.subject, deps.site.product_name))
    markup = svg(card, _SIZES[chosen.size], _LAYOUTS[chosen.layout], _COLOURS[chosen.colours])
    chosen.out.write_bytes(pixels(markup))
    print(f"{chosen.out}: {chosen.size}, {said}.")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as 2024-01-31") from error
