"""A chart to take away: as a picture, and as a question of the notebook page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from rewrapped.charts.framed import Labels, framed
from rewrapped.components.take import take
from rewrapped.domain.access import Visitor
from rewrapped.domain.plays import Filter
from rewrapped.domain.questions import find_question
from rewrapped.errors import RewrappedError
from rewrapped.services import cardpictures
from rewrapped.ui import look, session, wording
from rewrapped.ui.behind import Behind, Side
from rewrapped.ui.seen import Card, Seen

_ZOOM = 2  # a picture's pixels for each of the page's: it is looked at on better screens than ours


def files(page: Seen, key: str) -> None:
    """Offer the card's chart as PNG and as SVG, made when they are asked for; nothing where it has no picture."""
    card, tokens = page.card, look.tokens()
    if card.picture is None:
        return
    labels = labels_of(page, card)
    draw = card.picture.draw
    if draw is None:
        take(card.picture.drawn_by, labels, tokens, file_name=file_name(key), key=f"take_files_{key}")
        return

    deps = session.deps()

    def svg(visitor: Visitor) -> str:
        return cardpictures.sketched(deps, visitor, lambda: framed(draw(tokens), labels, tokens))

    _download("PNG", lambda visitor: cardpictures.drawn(deps, visitor, svg(visitor), _ZOOM), "image/png", key)
    _download("SVG", lambda visitor: svg(visitor).encode(), "image/svg+xml", key)


def labels_of(page: Seen, card: Card) -> Labels:
    """Return what is written around a card's chart: its title, what it shows under which filters, the site's name."""
    title = wording.unplain(card.title) or "Your listening"
    said = [wording.unplain(card.said) or page.view.said, *page.narrowed(page.filter)]
    return Labels(title, " · ".join(said), session.deps().site.product_name, card.picture.key if card.picture else ())


def question(page: Seen, behind: Behind) -> None:
    """Offer the chart's question as a cell of the notebook page, to whoever may run notebooks."""
    asked = find_question(behind.question)
    if asked is None or not _analyses(session.visitor()):
        return
    for side in [Side(Filter(), "")] if behind.asks_of_all else behind.sides_of(page):
        query = page.query(side.filter)
        if query is not None:
            name = f"Open {side.name} in the notebook" if side.name else "Open in the notebook"
            st.page_link(
                "pages/notebook.py",
                label=name,
                icon=":material/code_blocks:",
                query_params={"question": asked.word, **query},
            )


def file_name(key: str) -> str:
    """Return what a card's files are called, without what tells them apart."""
    return key.replace("_", "-")


def _analyses(visitor: Visitor) -> bool:
    try:
        visitor.analysing()
    except RewrappedError:
        return False
    return True


def _download(name: str, made: Callable[[Visitor], bytes], mime: str, key: str) -> None:
    st.download_button(
        name,
        session.when_pressed(made),
        f"{file_name(key)}.{name.lower()}",
        mime,
        on_click="ignore",
        key=f"{name.lower()}_{key}",
    )
