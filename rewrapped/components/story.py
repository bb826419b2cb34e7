"""A story over the whole window: slides that go on by themselves, and by key, tap and swipe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from rewrapped.components.packaged import mount


@dataclass(frozen=True, slots=True)
class StoryRow:
    """One line of a slide's list."""

    name: str
    sub: str


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide. Every text is shown as it is, never read as markup; `art` is an SVG of ours.

    Colours are `#rrggbb`: of the ground, of what is written, of what is said quietly, and loudly.
    """

    eyebrow: str
    headline: str
    lines: Sequence[str]
    art: str
    ground: str
    ink: str
    quiet: str
    loud: str
    rows: Sequence[StoryRow] = field(default_factory=tuple)


def story(slides: Sequence[Slide], *, key: str, label: str, open_word: str) -> None:
    """Show a button that begins the story; `label` is what the story is called."""
    data = {"label": label, "open": open_word, "slides": [asdict(slide) for slide in slides]}
    mount("story", key=key, data=data)
