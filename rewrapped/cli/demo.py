"""Filling in the sample listener from the terminal: `python -m rewrapped demo`."""

from __future__ import annotations

import argparse

from rewrapped import bootstrap
from rewrapped import settings as reader
from rewrapped.cli import Commands
from rewrapped.demo.fill import NAME, ensure_sample_listener, ensure_sample_shows


def register(commands: Commands) -> None:
    """Add the command `demo`."""
    says = "fill in the sample listener and invented shows, or renew them"
    command = commands.add_parser("demo", help=says, description=says[0].upper() + says[1:] + ".")
    command.set_defaults(run=_demo)


def _demo(_: argparse.Namespace) -> int:
    with bootstrap.opened(reader.load()) as deps:
        ensure_sample_listener(deps)
        count = ensure_sample_shows(deps)
    print(f"The sample listener, {NAME}, is there: open the site and look around with sample data.")
    print(f"{count} invented shows are listed among the events of everybody.")
    return 0
