"""The parts of the Wrapped page: the story, its chapters, and cards to share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from html import escape
from typing import TypeVar

import pandas as pd
import streamlit as st

from rewrapped.charts.rings import COLOURWAYS, Colourway, rings
from rewrapped.charts.sharecard import Card, Layout, Size
from rewrapped.charts.sharecard import svg as card_svg
from rewrapped.components.story import Slide, StoryRow, story
from rewrapped.components.svg import svg
from rewrapped.domain.access import Permission
from rewrapped.domain.recaps import last_month, last_week
from rewrapped.history.wrapped import Wrapped
from rewrapped.services import cardpictures, events, shares
from rewrapped.services.wrapped_cards import Words, card_of
from rewrapped.ui import session, wording
from rewrapped.ui.explain import explain_errors
from rewrapped.ui.filters import View, choose_days
from rewrapped.ui.wrapped_words import Chapter

Thing = TypeVar("Thing")

_CSS = """
:host { display: block; }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 14px;
  grid-template-columns: repeat(auto-fill, minmax(min(190px, 42%), 1fr)); font-family: var(--st-font); }
li { position: relative; overflow: hidden; min-height: 190px; border-radius: 18px; padding: 16px; display: flex;
  flex-direction: column; justify-content: flex-end; gap: 2px; }
li svg { position: absolute; inset: 0; width: 100%; height: 100%; opacity: .5; }
li::after { content: ""; position: absolute; inset: 25% 0 0;
  background: linear-gradient(transparent, var(--ground) 62%); }
small, b { position: relative; z-index: 1; }
small { font-size: .8125rem; }
b { font: 700 1.25rem/1.1 var(--st-heading-font); overflow-wrap: anywhere; display: -webkit-box; -webkit-line-clamp: 3;
  -webkit-box-orient: vertical; overflow: hidden; padding-bottom: .08em; }
"""
_CARD_CSS = {
    size: f":host {{ display: block; }} svg {{ display: block; max-width: 100%; height: auto; border-radius: 14px; }}"
    f" [role=img] > svg {{ width: {width}px; }}"
    for size, width in ((Size.STORY, 320), (Size.SQUARE, 420), (Size.WIDE, 560))
}
_SIZES = {Size.STORY: "Story, 1080 × 1920", Size.SQUARE: "Square, 1080 × 1080", Size.WIDE: "Wide, 1200 × 630"}


def presets(today: date) -> None:
    """Offer the last whole week, from Monday, and the last whole month."""
    with st.container(horizontal=True, key="wrapped_presets"):
        week, month = last_week(today).time_range, last_month(today).time_range
        st.button(
            "Your week", key="wrapped_week", on_click=choose_days, args=(week,), help="Monday to Sunday of last week"
        )
        st.button("Your month", key="wrapped_month", on_click=choose_days, args=(month,), help="Last month, all of it")


def saved_count(view: View) -> int:
    """Return how many shows of this time the visitor saved; 0 for whoever can't save any."""
    visitor, deps = session.visitor(), session.deps()
    if not visitor.may(Permission.KEEP_EVENTS):
        return 0
    days: Sequence[date] = ()
    with explain_errors():
        days = events.saved_on(deps, visitor)
    within = view.filter.time_range
    return sum(day in within for day in days)


def show_story(told: Sequence[Chapter], said: str) -> None:
    """Show the button that begins the story."""
    slides = [_slide(chapter, COLOURWAYS[at % 3]) for at, chapter in enumerate(told)]
    story(slides, key="story", label=f"The story of {said}", open_word="Play")


def show_chapters(told: Sequence[Chapter]) -> None:
    """Show every chapter small, as it can be read without playing."""
    items = "".join(_thumbnail(chapter, COLOURWAYS[at % 3]) for at, chapter in enumerate(told))
    svg(f'<ol role="list" aria-label="Chapters">{items}</ol>', key="chapters", css=_CSS)


def chapters_table(told: Sequence[Chapter]) -> pd.DataFrame:
    """Return the chapters as a table a person reads."""
    rows = [(chapter.eyebrow, chapter.headline, " ".join(chapter.lines)) for chapter in told]
    return pd.DataFrame(rows, columns=["Chapter", "Headline", "Words"])


def share(facts: Wrapped, words: Words) -> None:
    """Let a card be looked at, downloaded and made public, in layouts, colours and sizes."""
    left, right = st.columns([4, 5])
    with left:
        layout = _one("Layout", "share_layout", {each.value: each for each in reversed(Layout)})
        colours = _one("Colours", "share_colours", {each.name: each for each in COLOURWAYS})
        size = st.radio("Size", list(_SIZES), format_func=_SIZES.__getitem__, key="share_size")
        is_named = st.toggle("With my name", key="share_named", disabled=not words.whose.strip())
        if not words.whose.strip():
            st.caption("There is no name in your profile yet.")
        card = card_of(facts, words if is_named else replace(words, whose=""))
        markup = card_svg(card, size, layout, colours)
        st.download_button(
            "Download PNG",
            session.when_pressed(lambda visitor: cardpictures.drawn(session.deps(), visitor, markup)),
            f"wrapped-{size.word}.png",
            "image/png",
            on_click="ignore",
            key="share_download",
        )
        st.caption("Drawn here, with our own pictures. Nothing leaves this site until you share it yourself.")
        _publish(card, layout, colours)
    with right:
        said = escape(f"{card.eyebrow}: {card.figure} {card.unit}")
        svg(f'<div role="img" aria-label="{said}">{markup}</div>', key="share_card", css=_CARD_CSS[size])


def _publish(card: Card, layout: Layout, colours: Colourway) -> None:
    """Let somebody make the card public, and take back what they made public."""
    visitor, deps = session.visitor(), session.deps()
    if visitor.user_id is None or visitor.read_only:
        return
    with explain_errors():
        if st.button("Make a public link", key="share_public", icon=":material/link:"):
            shares.create(deps, visitor, card, layout, colours)
        public = shares.list_shares(deps, visitor)
        if public:
            st.write("**Public cards.** Whoever has the link sees this one card, and nothing else of yours.")
        for each in public:
            st.caption(wording.plain(f"{each.card.eyebrow}: {each.card.figure} {each.card.unit}"))
            st.code(f"{deps.site.base_url}{each.path}", language=None, wrap_lines=True)
            st.button("Take it back", key=f"share_back_{each.id}", on_click=_take_back, args=(each.id,))


def _take_back(share_id: int) -> None:
    with explain_errors():
        shares.revoke(session.deps(), session.visitor(), share_id)


def _one(label: str, key: str, options: Mapping[str, Thing]) -> Thing:
    """Show options by their names side by side; return the one chosen, the first where none is."""
    first = next(iter(options))
    chosen = st.segmented_control(label, list(options), default=first, key=key)
    return options[chosen or first]


def _slide(chapter: Chapter, colours: Colourway) -> Slide:
    return Slide(
        eyebrow=chapter.eyebrow,
        headline=chapter.headline,
        lines=chapter.lines,
        rows=tuple(StoryRow(name, sub) for name, sub in chapter.rows),
        art=_art(chapter, colours, (1000, 1400), "xMidYMin slice"),
        ground=colours.ground,
        ink=colours.text,
        quiet=colours.muted,
        loud=colours.figure,
    )


def _thumbnail(chapter: Chapter, colours: Colourway) -> str:
    return (
        f'<li style="--ground:{colours.ground};background:var(--ground);color:{colours.text}">'
        f"{_art(chapter, colours, (400, 400), 'xMaxYMin slice')}"
        f'<small style="color:{colours.muted}">{escape(chapter.eyebrow)}</small><b>{escape(chapter.headline)}</b></li>'
    )


def _art(chapter: Chapter, colours: Colourway, size: tuple[int, int], fit: str) -> str:
    wide, high = size
    inner = rings(f"{chapter.key} {chapter.headline}", colours, (wide * 0.68, high * 0.2), wide * 0.9)
    return f'<svg viewBox="0 0 {wide} {high}" preserveAspectRatio="{fit}" aria-hidden="true">{inner}</svg>'
