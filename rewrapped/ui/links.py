"""Addresses of items at Spotify."""

from __future__ import annotations

import re

_URI = re.compile(r"spotify:(track|album|artist|episode|show|chapter):([0-9A-Za-z]{1,64})", re.ASCII)


def spotify_link(uri: str | None) -> str | None:
    """Return the web address of a Spotify URI; None where it isn't one, such as a local file's."""
    match = _URI.fullmatch(uri or "")
    return f"https://open.spotify.com/{match[1]}/{match[2]}" if match else None
