"""What goes with an account beside listening and sign-ins, in words."""

from __future__ import annotations

from collections.abc import Mapping

#: What a row of each table is, one and several; the page names what somebody has, in this order.
WORDS = {
    "saved_events": ("saved show", "saved shows"),
    "user_tags": ("tag you gave a show", "tags you gave shows"),
    "follows": ("artist or venue you follow", "artists and venues you follow"),
    "scrobble_accounts": ("connected service", "connected services"),
    "saved_views": ("saved view", "saved views"),
    "lab_pages": ("notebook", "notebooks"),
    "shares": ("card you made public, with its link", "cards you made public, with their links"),
    "api_tokens": (
        "access token: the program that uses it loses its way in",
        "access tokens: programs that use them lose their way in",
    ),
    "spotify_accounts": ("connection to Spotify", "connections to Spotify"),
    "own_genres": ("change to genres", "changes to genres"),
    "promoter_applications": ("application to be a promoter", "applications to be a promoter"),
    "notifications": ("message to you", "messages to you"),
}


def named(counts: Mapping[str, int]) -> list[tuple[int, str]]:
    """Return how much of what there is, in words."""
    return [(counts[name], one if counts[name] == 1 else many) for name, (one, many) in WORDS.items() if name in counts]
