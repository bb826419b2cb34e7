"""What the sample listener listens on, as Spotify's exports spell it: a new phone, a new laptop, a speaker."""

from __future__ import annotations

import random

from rewrapped.demo.taste import Mood


def phone(share: float) -> str:
    """Return the phone in use after a share of the years (0 to 1); early entries spell it out."""
    if share < 0.12:
        return "Android OS 9 API 28 (Fairphone, FP3)"
    return "android" if share < 0.39 else "ios"


def laptop(share: float) -> str:
    """Return the laptop in use after a share of the years (0 to 1)."""
    if share < 0.12:
        return "Windows 10 (10.0.18362; x64)"
    return "windows" if share < 0.63 else "osx"


def device(rng: random.Random, mood: Mood, share: float) -> str:
    """Draw what a session is played on; the speaker in the living room came in the second year."""
    chance = rng.random()
    if mood is Mood.DESK:
        in_browser = 0.12 < share < 0.5 and chance < 0.35
        return "web_player" if in_browser else laptop(share) if chance < 0.9 else phone(share)
    if mood in (Mood.EVENING, Mood.PARTY) and share > 0.27 and chance < 0.48:
        return "cast"
    return laptop(share) if mood is Mood.EVENING and chance > 0.75 else phone(share)
