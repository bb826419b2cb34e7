"""The panel of figures: tiles, lines, funnel, comparison, targeting, and the files to take away."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

import streamlit as st

from rewrapped.charts import attention as drawn
from rewrapped.charts import comparison
from rewrapped.charts.sparkline import sparkline
from rewrapped.components.tiles import Tile, tiles
from rewrapped.domain import attention
from rewrapped.domain.access import Permission, Visitor
from rewrapped.domain.advice import advice
from rewrapped.domain.attention import FORMULA, Attention, Figures, Period
from rewrapped.domain.promoting import FEWEST
from rewrapped.services.attention import Line, Overview
from rewrapped.ui import figures, look, session, sheet
from rewrapped.ui import promoting_findings as findings
from rewrapped.ui import promoting_tables as tables
from rewrapped.ui.cards import card
from rewrapped.ui.picks import pick

PERIODS = {
    Period.WEEK: "7 days",
    Period.FOUR_WEEKS: "4 weeks",
    Period.YEAR: "12 months",
    Period.ALL: "All time",
}
_ONCE = "Each person counts once a day of the venue. Your own visits, admins and bots never count."
COUNTS = {
    "impressions": f"How often an event was on somebody's screen, in a list or as sponsored. {_ONCE}",
    "views": f"How often an event's page was opened. {_ONCE}",
    "saves": f"How often somebody kept an event; taking it off again changes nothing here. {_ONCE}",
    "clicks": f"How often somebody followed the way to tickets. {_ONCE} Whether they bought isn't known here.",
    "engagement": f"One figure for all that people did: {FORMULA}.",
    "save_rate": "People who saved, of people who viewed. People count once, however many days they came.",
    "people": "Different people. Somebody who isn't signed in counts anew each day, since nothing follows them.",
}
_HEAVY_WEEKS = 100  # days: a longer time is drawn by week
_COMPARED = 12


class Measure(StrEnum):
    """What events are compared by."""

    VIEWS = "views"
    SAVES = "saves"
    TAGS = "tags"
    CLICKS = "clicks"
    ENGAGEMENT = "engagement"


_MEASURES = {
    Measure.VIEWS: "Views",
    Measure.SAVES: "Saves",
    Measure.TAGS: "Tags",
    Measure.CLICKS: "Ticket clicks",
    Measure.ENGAGEMENT: "Engagement",
}


def draw_tiles(overview: Overview) -> None:
    """Draw six figures, each with its change and what it counts."""
    now, before = overview.whole, overview.before
    shown = [
        _tile("Impressions", "impressions", overview),
        _tile("Views", "views", overview),
        _tile("Saves", "saves", overview),
        _tile("Ticket clicks", "clicks", overview),
        _tile("Engagement", "engagement", overview),
        Tile("Save rate", findings.percent(now.save_rate), COUNTS["save_rate"], *_save_rate(now, before, overview)),
    ]
    tiles(shown, key="attention")


def draw_series(overview: Overview) -> None:
    """Draw views, saves and clicks over time, by day or by week, each by itself: none hides another."""
    series: Any = overview.series
    is_weekly = len(series) > _HEAVY_WEEKS
    if is_weekly:
        series = tuple(attention.by_week(series).items())
    st.subheader(findings.busiest(series, is_weekly=is_weekly) or "Attention over time", anchor=False)
    st.caption(f"Totals by {'week' if is_weekly else 'day'} of the venue, {findings.period(overview)}")
    rows = drawn.attention_rows(series, is_weekly=is_weekly)
    for what in drawn.SERIES:
        spec = drawn.attention(look.tokens(), what, with_points=drawn.needs_points(series))
        figures.draw(rows, spec, key=f"series_{what}")
    figures.foot(
        tables.series_table(series), " ".join((COUNTS["views"], COUNTS["saves"], COUNTS["clicks"])), key="series"
    )


def draw_funnel(overview: Overview) -> None:
    """Draw how far people got, as bars from the left: totals, people, and the share of the step above."""
    st.subheader(findings.opened(overview.whole) or "From list to ticket", anchor=False)
    st.caption(f"Different people who got so far, {findings.period(overview)}")
    st.html(funnel(overview.whole))
    with st.container(horizontal=True, key="foot_funnel"), st.popover("What this counts"):
        st.write(COUNTS["people"])
        st.write(
            "Somebody who came by a link was never shown the event in a list: a step can hold more than the one above."
        )


def funnel(whole: Attention) -> str:
    """Return the funnel as HTML of ours: numbers alone come from outside."""
    steps = (
        ("Saw it in a list", whole.people.impressions, whole.total.impressions, "impression"),
        ("Opened it", whole.people.views, whole.total.views, "view"),
        ("Saved it", whole.people.saves, whole.total.saves, "save"),
        ("Went for tickets", whole.people.clicks, whole.total.clicks, "click"),
    )
    most = max((people for _, people, *_ in steps), default=0) or 1
    rows: list[str] = []
    above: int | None = None
    for number, (name, people, total, what) in enumerate(steps):
        share = attention.rate(people, above) if above and people <= above else None  # a link skips the list
        of_above = f" · {findings.percent(share)} of the step above" if share is not None else ""
        rows.append(
            f"<li><p><b>{name}</b><span>{people:,} {'person' if people == 1 else 'people'}{of_above}</span></p>"
            f'<div class="bar"><div class="step{number}" style="width:{people / most * 100:.2f}%"></div></div>'
            f"<small>{total:,} {what}{'' if total == 1 else 's'}</small></li>"
        )
        above = people
    return f'<ol class="rw-funnel">{"".join(rows)}</ol>'


def draw_comparison(overview: Overview) -> None:
    """Draw events beside each other by one measure."""
    st.subheader(findings.leader(overview) or "Your events beside each other", anchor=False)
    by = pick("Compared by", "by", _MEASURES)
    best = sorted(overview.lines, key=lambda line: (-measured(line, by), line.own.id))[:_COMPARED]
    names = [line.own.event.listing.title for line in best]
    st.plotly_chart(
        comparison.bars(names, [measured(line, by) for line in best], _MEASURES[by].lower(), look.tokens()),
        width="stretch",
        key="comparison",
        config={"displayModeBar": False},
    )
    figures.foot(tables.events_table(overview), COUNTS["engagement"], key="comparison")


def measured(line: Line, by: Measure) -> int:
    """Return an event's figure by a measure."""
    if by is Measure.TAGS:
        return line.tags
    value: int = getattr(line.attention.total, by)
    return value


def draw_advice(overview: Overview) -> None:
    """Draw what can be done about the figures, where there is something."""
    sells = all(line.own.event.listing.offers for line in overview.lines)
    sentences = advice(overview.whole, sells_tickets=sells or len(overview.lines) > 1)
    if sentences:
        with card("advice"):
            st.subheader("What you can do", anchor=False)
            st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


def draw_effects(overview: Overview) -> None:
    """Draw what targeting did, where enough people came; nothing where no event is aimed."""
    if not overview.effects:
        return
    shown = [one for one in overview.effects if one.is_shown]
    names = tables.names_of(overview)
    with card("targeting"):
        st.subheader(findings.best_aim(shown, names) or "Did the targeting work?", anchor=False)
        st.caption("People who fit an event's targeting, against everybody else, over all time")
        rows = drawn.dumbbell_rows(shown, names)
        if len(rows):
            count = rows["value"].nunique()
            figures.draw(rows, drawn.dumbbells(look.tokens(), count), key="targeting")
        else:
            st.info(f"Fewer than {FEWEST} people on each side so far. Groups as small as that are never shown.")
        st.dataframe(tables.effects_table(overview.effects, names), hide_index=True, key="effects")
        with st.container(horizontal=True, key="foot_targeting"), st.popover("What this counts"):
            st.write(
                "Save rate: people who saved, of people who viewed. Average engagement: "
                f"{FORMULA}, by each person who did one of them. A person counts once an event."
            )
            st.write(
                "Whether somebody fits is settled by what the event was aimed at when they came: whoever came before "
                "you aimed it otherwise counts by the former aim."
            )
            st.write(
                f"Groups of fewer than {FEWEST} people are never shown: an event stands here once as many opened it "
                "on each side, or nobody did. Where hiding one side would let it be worked out from the "
                "event's total, both are hidden."
            )


def draw_exports(overview: Overview, name: str) -> None:
    """Draw the two files: events as CSV, everything as JSON; for promoters alone, also when they are pressed."""

    def as_csv(visitor: Visitor) -> bytes:
        visitor.allowed(Permission.PROMOTE)
        return sheet.csv(tables.events_table(overview))

    def as_json(visitor: Visitor) -> bytes:
        visitor.allowed(Permission.PROMOTE)
        return tables.as_json(overview)

    with st.container(horizontal=True, key="foot_exports"):
        st.download_button(
            "Export as CSV",
            session.when_pressed(as_csv),
            f"{name}.csv",
            "text/csv",
            key="export_csv",
            on_click="ignore",
        )
        st.download_button(
            "Export as JSON",
            session.when_pressed(as_json),
            f"{name}.json",
            "application/json",
            key="export_json",
            on_click="ignore",
        )


def _tile(label: str, name: str, overview: Overview) -> Tile:
    now = getattr(overview.whole.total, name)
    before = getattr(_base(overview), name) if overview.before else None
    if not now and not before:
        return Tile(label, "0", COUNTS[name], f"nothing yet in {findings.period(overview)}")
    line = sparkline([getattr(total, name) for _, total in overview.series])
    return Tile(label, f"{now:,}", COUNTS[name], *_change(now, before, overview), line, f"{label} by day")


def _base(overview: Overview) -> Figures:
    return overview.before.total if overview.before else Figures()


Change = tuple[str, Literal["up", "down", ""]]


def _change(now: int, before: int | None, overview: Overview) -> Change:
    grown = attention.change(now, before)
    if grown is None:
        return "", ""
    if abs(grown) < 0.005:
        return f"same as {findings.period_before(overview)}", ""
    sign = "+" if grown > 0 else "−"
    return f"{sign}{abs(grown) * 100:,.0f} % on {findings.period_before(overview)}", "up" if grown > 0 else "down"


def _save_rate(now: Attention, before: Attention | None, overview: Overview) -> Change:
    """Return what follows the save rate: that nobody could save yet, or how it moved."""
    return ("nobody opened it in this time", "") if now.save_rate is None else _points(now, before, overview)


def _points(now: Attention, before: Attention | None, overview: Overview) -> Change:
    """Return how many points a rate moved, with the rate it moved from."""
    if before is None or now.save_rate is None or before.save_rate is None or before.people.views < FEWEST:
        return "", ""
    moved = (now.save_rate - before.save_rate) * 100
    base = f"from {findings.percent(before.save_rate)} in {findings.period_before(overview)}"
    if abs(moved) < 0.05:
        return f"same as in {findings.period_before(overview)}", ""
    return f"{'up' if moved > 0 else 'down'} {base}", "up" if moved > 0 else "down"
