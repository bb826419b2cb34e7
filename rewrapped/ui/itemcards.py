"""The cards of an item's page."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from rewrapped.charts import bump, heatmap, lines, timeline
from rewrapped.charts.palettes import Tokens
from rewrapped.charts.sleeves import art_name, sleeve
from rewrapped.components.tiles import Tile, tiles
from rewrapped.components.top_list import TopRow, top_list
from rewrapped.domain import days
from rewrapped.domain.plays import Filter
from rewrapped.domain.sitemap import ITEM
from rewrapped.history import findings, genres, habits, listing, neighbours, tops
from rewrapped.history import timeline as times
from rewrapped.history.genremap import Level
from rewrapped.history.neighbours import Neighbour, Side
from rewrapped.history.sittings import GAP_MINUTES
from rewrapped.history.tops import Measure, Noun, code_of
from rewrapped.history.totals import estimated_minutes
from rewrapped.ui import browsing, cards, evolving, evolving_ranks, figures, habitcards, items, sounding, wording
from rewrapped.ui import ranked as rankings
from rewrapped.ui.behind import Behind, weekdays
from rewrapped.ui.genre_tables import DIVIDED
from rewrapped.ui.items import Of
from rewrapped.ui.itemview import ItemView

_LISTED = 8
_BESIDE = 6
_TOP_RANK, _ENOUGH_RANKED, _ENOUGH_PLAYS = 10, 20, 10
_RANKS_COUNT = "Ranks by plays; equal ones are settled by time, then by name. A period with too few plays ranks nobody."


def title(look: ItemView) -> str:
    """Return the item's name, with its rank where that says something."""
    place, about = look.place, look.about
    if place.rank is None or place.rank > _TOP_RANK or place.count < _ENOUGH_RANKED:
        return about.name
    if len(look.mine.plays) < _ENOUGH_PLAYS:
        return about.name
    return f"{about.name}, your top {about.of}" if place.rank == 1 else f"{about.name}, your number {place.rank}"


def lead(look: ItemView) -> str:
    """Return what the item is and which time the page shows."""
    about = look.about
    what = f"{about.of.capitalize()} by {wording.plain(about.artist)}" if about.artist else about.of.capitalize()
    divided = ""
    if about.of is Of.GENRE:
        what = f"Genre of {len(about.ids):,} {'artist' if len(about.ids) == 1 else 'artists'} of yours"
        divided = (
            " Plays and time are all of theirs; for rank and share, the time of each is divided among their genres."
        )
    said = f"{what}, {look.view.said}.{cards.ends_early(look.whole, look.chosen, look.today)}{divided}"
    return wording.with_estimate(said, estimated_minutes(look.mine))


def show_silence(look: ItemView) -> None:
    """Say that the view holds no play of the item, when it was played last, and offer all time."""
    name, last = wording.plain(look.about.name), look.last
    said = f"Nothing of {name} was played{look.view.within} with these filters."
    if last is None:
        st.info(f"{said} You never played it long enough to count as a play.")
        return
    st.info(f"{said} You played it last on {days.day(last.ended_at.date())}.")
    query = {"of": look.about.of.value, "id": look.about.key, "range": "all"}
    st.page_link(f"pages/{ITEM}.py", label="Show all time", icon=":material/history:", query_params=query)


def show_figures(look: ItemView) -> None:
    """Show plays, time, rank, and since when."""
    hours, plays, *_ = cards.kpi_tiles(look.mine, look.narrowed, look.today)
    shown = (plays, hours, _rank_tile(look), _since_tile(look))
    tiles(shown, key="item_figures")
    behind = Behind("figures", of_rows=True)
    figures.foot(cards.tiles_table(shown), cards.COUNTS_FIGURES, key="item_figures", behind=behind)


def show_time(look: ItemView, colours: Tokens) -> None:
    """Show its plays over time."""
    bucket = cards.bucket_for(look.mine)
    bars = times.timeline(look.mine, bucket)
    figures.head(findings.most_plays(look.mine, bucket) or f"Plays by {bucket}", f"Plays by {bucket}, {look.view.said}")
    spec = timeline.timeline(colours, "plays", few=timeline.are_few(bars))
    figures.draw(timeline.timeline_bars(bars, bucket, look.today), spec, key="item_time")
    figures.foot(
        cards.timeline_table(bars, bucket), cards.PLAYS_ALONE, key="item_time", behind=Behind(f"time-{bucket}")
    )


def show_ranks(look: ItemView, colours: Tokens) -> None:
    """Show where it stood, period by period; of a genre, its share of the time."""
    if look.about.of is Of.GENRE:
        _show_share(look, colours)
        return
    ranked = evolving.Look(look.whole, look.shown, look.about.noun, evolving.period_for(look.shown), look.view)
    frame = evolving_ranks.rank_frame(ranked, code_of(look.whole, look.about.noun, int(look.about.key)))
    figures.head(f"Its rank by {ranked.period}", evolving_ranks.rank_summary(frame, ranked))
    if len(evolving_ranks.rank_table(frame)) > 1:  # of one period, the sentence above says it all
        figures.draw(frame, bump.rank_line(colours, are_few=ranked.is_short), key="item_rank")
    figures.foot(evolving_ranks.rank_table(frame), _RANKS_COUNT, key="item_rank")


def show_week(look: ItemView, colours: Tokens) -> None:
    """Show when in the week it is played."""
    week = habits.hour_by_weekday(look.mine)
    figures.head(
        findings.busiest_hour(look.mine, look.chosen, "are when you play it most") or "When you play it",
        f"Plays by hour and weekday, {look.view.said}",
    )
    figures.draw(heatmap.hour_week_cells(week), heatmap.hour_week(colours, 40), key="item_week")
    figures.foot(
        cards.week_table(week), habitcards.COUNTS_HOURS, key="item_week", behind=Behind("week", parts=weekdays)
    )


def parts_of(look: ItemView) -> tuple[Noun, ...]:
    """Return what an item is made of; what there is but one of is nothing to rank."""
    made_of: dict[Of, tuple[Noun, ...]] = {
        Of.TRACK: (),
        Of.ALBUM: (Noun.TRACKS,),
        Of.ARTIST: (Noun.TRACKS, Noun.ALBUMS),
        Of.GENRE: (Noun.ARTISTS, Noun.TRACKS),
    }
    return tuple(noun for noun in made_of[look.about.of] if len(tops.top(look.mine, noun, 2)) > 1)


def show_parts(look: ItemView, noun: Noun) -> None:
    """Show the most played of what it is made of."""
    best = tops.top(look.mine, noun, _LISTED)
    figures.head(f"Top {noun}", f"By plays, {look.view.said}")
    whose = {Of.GENRE: "these", Of.ALBUM: "the album's", Of.ARTIST: "their"}.get(look.about.of, "its")
    rows = cards.top_rows(best, noun, Measure.PLAYS, look.view, whose)
    items.follow(top_list(rows, key=f"item_{noun}", label=f"Top {noun} of {look.about.name}"))
    table = pd.DataFrame(
        {
            noun.removesuffix("s").capitalize(): [wording.called(each.name) for each in best],
            "Plays": [each.plays for each in best],
            "Minutes": [round(each.heard_minutes) for each in best],
        }
    )
    behind = Behind(f"top-{noun}-plays", parts=rankings.parts(noun, best))
    figures.foot(table, cards.PLAYS_ALONE, key=f"item_top_{noun}", behind=behind)


def show_around(look: ItemView) -> None:
    """Show what comes right before it and right after."""
    every = look.whole.filter(Filter(kinds=look.chosen.kinds))
    found = neighbours.around(every, look.mine, look.about.noun, look.about.ids, _BESIDE)
    left, right = st.columns(2)
    for place, side, word in ((left, found.before, "before"), (right, found.after, "after")):
        with place, cards.card(f"item_{word}"):
            _show_side(look, side, word)


def show_plays(look: ItemView) -> None:
    """Show every play, the newest first, a page at a time."""
    page = listing.page(look.mine.plays, browsing.newest())
    figures.head("Every play", f"{wording.plays(page.total).capitalize()}, {look.view.said}, by your clock")
    st.dataframe(
        browsing.table(page.rows),
        column_config=browsing.COLUMNS,
        column_order=_columns(look.about.of),
        hide_index=True,
        row_height=48,
        height=min(40 + 48 * len(page.rows), 520),
        key="item_plays",
    )
    browsing.turn_pages(page)


def _columns(of: Of) -> list[str]:
    """Return the columns of its plays, those a phone has room for first; what the page is about is in none."""
    known = {Of.TRACK: {"sleeve", "title", "artist"}, Of.ALBUM: {"artist", "album"}, Of.ARTIST: {"artist"}}
    first = ["sleeve", "title", "when"]
    return [name for name in dict.fromkeys([*first, *browsing.COLUMNS]) if name not in known.get(of, set())]


def _rank_tile(look: ItemView) -> Tile:
    place, before, ever = look.place, look.place_before, look.place_ever
    noun = f"{look.about.of}s"
    by = "time" if look.about.of is Of.GENRE else "plays"
    counts = f"Its rank by {by} among {place.count:,} {noun} of yours, {look.view.said}."
    if ever.rank is not None:
        counts += f" Of all time it is number {ever.rank:,} of {ever.count:,}."
    said, trend = "", ""
    if place.rank is not None and before is not None:
        if before.rank is None:
            said = f"not ranked in {look.view.before_said}"
        elif before.rank != place.rank:
            moved = before.rank - place.rank
            trend = "up" if moved > 0 else "down"
            ranks = "rank" if abs(moved) == 1 else "ranks"
            said = f"{abs(moved):,} {ranks} on {look.view.before_said}"
        else:
            said = f"same as {look.view.before_said}"
    elif ever.rank is not None and look.view.filter.time_range.start_on is not None:
        said = f"number {ever.rank:,} of all time"
    else:
        said = f"of {place.count:,} {noun}"
    value = "not ranked" if place.rank is None else f"{place.rank:,}"
    return Tile("Rank", value, counts, said, trend)  # type: ignore[arg-type]  # "up", "down" or ""


def _since_tile(look: ItemView) -> Tile:
    first, last = look.first, look.last
    counts = "The first play of it in your whole history and the latest one, whatever the filters say."
    if first is None or last is None:
        return Tile(
            "First play", "never", f"{counts} None of its rows counts as a play. {wording.counted_by(look.whole.rule)}"
        )
    on = first.ended_at.date()
    value = f"{on.day} {days.MONTHS_SHORT[on.month - 1]} {on.year}"
    return Tile("First play", value, counts, f"last played {wording.moment(last.ended_at, look.today)}")


def _show_share(look: ItemView, colours: Tokens) -> None:
    bucket = cards.bucket_for(look.shown)
    flow = genres.flow(look.shown, look.known, Level.GENRES, bucket, [look.about.key])
    share = flow.minutes / flow.covered.clip(min=1e-9)
    figures.head(f"Its share by {bucket}", f"Of the time a genre is known for, {look.view.said}")
    said = [sounding.said(start, bucket) for start in flow.starts]
    rows = lines.line_rows(flow.starts, said, (look.about.name,), share)
    figures.draw(rows, lines.lines(colours, (look.about.name,), colours.categorical[:1], ".0%", 240), key="item_share")
    table = pd.DataFrame({"From": said, "Minutes": flow.minutes[0].round(1), "Share": share[0].round(4)})
    figures.foot(table, DIVIDED, key="item_share", behind=Behind(of_rows=True))


def _show_side(look: ItemView, side: Side, word: str) -> None:
    figures.head(f"Right {word} it", _side_said(look, side, word))
    rows = _beside(look, side.others)
    if rows:
        items.follow(top_list(rows, key=f"item_{word}", label=f"Played right {word} {look.about.name}", leaders=0))
    counts = (
        f"The play right {word} it in your whole history, where at most {GAP_MINUTES} minutes of silence lie between; "
        "whatever doesn't count as a play is passed over."
    )
    table = pd.DataFrame(
        {"Name": [wording.called(each.name) for each in side.others], "Times": [each.times for each in side.others]}
    )
    figures.foot(table, counts, key=f"item_{word}")


def _side_said(look: ItemView, side: Side, word: str) -> str:
    """Return how often something stands on a side at all, and how often it is the item again."""
    if side.plays == side.alone:
        return f"Nothing within {GAP_MINUTES} minutes." if side.plays else ""
    parts = [f"Of {wording.plays(side.plays)}"]
    if side.same:
        again = "the same again" if look.about.of is Of.TRACK else f"the same {look.about.of}"
        parts.append(f"{side.same:,} had {again} {word} them")
    if side.alone:
        parts.append(f"{side.alone:,} had nothing within {GAP_MINUTES} minutes")
    return f"{', '.join(parts)}." if len(parts) > 1 else f"{parts[0]}."


def _beside(look: ItemView, others: Sequence[Neighbour]) -> list[TopRow]:
    most = max((each.times for each in others), default=0)
    return [
        TopRow(
            key=f"{look.about.noun}-{each.id}",
            rank=rank,
            name=wording.called(each.name),
            sub=each.artist or "",
            value=f"{each.times:,}×",
            detail="",
            share=each.times / most if most else 0.0,
            art=sleeve(art_name(each.name, each.artist)),
            page=items.address(look.about.noun, each.id),
        )
        for rank, each in enumerate(others, start=1)
    ]
