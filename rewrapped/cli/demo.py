"""Filling in the sample listener from the terminal: `python -m rewrapped demo`."""

from __future__ import annotations

import argparse
import secrets

from rewrapped import bootstrap
from rewrapped import settings as reader
from rewrapped.cli import Commands
from rewrapped.demo.fill import NAME, ensure_sample_listener, ensure_sample_promoters, ensure_sample_shows
from rewrapped.demo.promoters import EMAILS
from rewrapped.services import operators


def register(commands: Commands) -> None:
    """Add the command `demo`."""
    says = "fill in the sample listener, invented shows and promoters, or renew them"
    command = commands.add_parser("demo", help=says, description=says[0].upper() + says[1:] + ".")
    command.set_defaults(run=_demo)


def _demo(_: argparse.Namespace) -> int:
    with bootstrap.opened(reader.load()) as deps:
        ensure_sample_listener(deps)
        count = ensure_sample_shows(deps)
        promoted = ensure_sample_promoters(deps)
        password = secrets.token_urlsafe(12)
        operators.set_password(deps, EMAILS[0], password)
    print(f"The sample listener, {NAME}, is there: open the site and look around with sample data.")
    print(f"{count} invented shows are listed among the events of everybody.")
    print(f"{promoted} more are two invented promoters'. Their panel: sign in as {EMAILS[0]} with {password}")
    print("(a password of this moment: every run of this command makes another).")
    return 0
