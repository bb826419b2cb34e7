"""Every chart's question over the sample listener: its cells run, and give the numbers that the chart's table shows."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rewrapped.charts import built
from rewrapped.demo.fill import ensure_sample_listener
from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.notebooks import CellKind, checked
from rewrapped.domain.plays import Filter, TimeRange
from rewrapped.domain.questions import QUESTIONS, find_question
from rewrapped.history import absences, comparing, diversity, habits, listing, ranks, shares, sittings, streaks, trends
from rewrapped.history.discoveries import by_period, found
from rewrapped.history.ever import ever
from rewrapped.history.frame import History
from rewrapped.history.periods import Period, tally
from rewrapped.history.timeline import Bucket, timeline
from rewrapped.history.tops import Measure, Noun, names_of, top
from rewrapped.history.totals import totals
from rewrapped.services import cells, listening
from rewrapped.ui import browsing, cards, habitcards, habitsessions, habitshares, ranked, wording

NARROW = Filter(
    time_range=TimeRange(date(2024, 3, 1), date(2025, 11, 1)),
    weekdays=frozenset({0, 2, 4, 6}),
    hours=frozenset(range(7, 23)),
)


@pytest.fixture
def sample(deps: Deps) -> Visitor:
    """Somebody who looks around in the sample data."""
    return Visitor.demo(ensure_sample_listener(deps))


@pytest.fixture
def whole(deps: Deps, sample: Visitor) -> History:
    return listening.history(deps, sample)


@pytest.fixture
def ask(deps: Deps, sample: Visitor) -> Any:
    """Return the last result of a question's notebook under a filter."""

    def asked(word: str, chosen: Filter = NARROW) -> pd.DataFrame:
        question = find_question(word)
        assert question is not None
        outcomes = cells.run(deps, sample, question.notebook.cells, chosen)
        assert not [outcome.error for outcome in outcomes.values() if outcome.error]
        table = list(outcomes.values())[-1].table
        assert table is not None
        return table.to_pandas()

    return asked


def test_every_question_runs_on_the_sample_listener_and_can_be_kept(deps: Deps, sample: Visitor) -> None:
    for word, question in QUESTIONS.items():
        assert checked(question.notebook) == question.notebook
        outcomes = cells.run(deps, sample, question.notebook.cells, Filter())
        tables = {}
        for cell in question.notebook.cells:
            if cell.kind is CellKind.SQL:
                outcome = outcomes[cell.id]
                assert not outcome.error, f"{word}, {cell.name}: {outcome.error}"
                assert outcome.table is not None
                assert outcome.table.num_rows, f"{word}, {cell.name}"
                tables[cell.name] = outcome.table
            if cell.kind is CellKind.CHART:
                assert built.built(cell.choice, built.fields_of(tables[cell.choice.source]))["encoding"]


def test_a_word_that_is_no_question_is_none() -> None:
    for word in ("", "SELECT 1", "top-artists-plays ", "../week", "__class__"):
        assert find_question(word) is None


@pytest.mark.parametrize("chosen", [Filter(), NARROW])
def test_the_figures(whole: History, ask: Any, chosen: Filter) -> None:
    counted, [row] = totals(whole.filter(chosen)), ask("figures", chosen).to_dict("records")
    assert (row["plays"], row["artists"], row["days"]) == (counted.plays, counted.artists, counted.days)
    assert row["hours"] == pytest.approx(counted.heard_minutes / 60, abs=0.051)


@pytest.mark.parametrize("bucket", list(Bucket))
def test_plays_and_hours_over_time(whole: History, ask: Any, bucket: Bucket) -> None:
    bars = timeline(whole.filter(NARROW), bucket)
    bars = bars[bars["heard_minutes"] > 0]
    asked = ask(f"time-{bucket}")
    assert asked["plays"].tolist() == bars["plays"].tolist()
    assert pd.to_datetime(asked[bucket.value]).tolist() == bars["start_on"].tolist()
    assert asked["hours"].to_numpy() == pytest.approx(bars["heard_minutes"].to_numpy() / 60, abs=0.051)


def test_the_hours_of_the_day_and_of_the_week(whole: History, ask: Any) -> None:
    shown = whole.filter(NARROW)
    hours = habitcards.hours_table(habits.hours(shown))
    asked = ask("hours")
    expected = hours[hours["Minutes"] > 0]
    assert [f"{hour:02d}:00" for hour in asked["hour"]] == expected["From"].tolist()
    assert asked["plays"].tolist() == expected["Plays"].tolist()
    assert asked["minutes"].to_numpy() == pytest.approx(expected["Minutes"].to_numpy(), abs=1)
    week = cards.week_table(habits.hour_by_weekday(shown))
    week = week[week["Minutes"] > 0]
    asked = ask("week")
    asked = asked[asked["minutes"] > 0]
    assert asked["day"].tolist() == week["Day"].tolist()
    assert asked["plays"].tolist() == week["Plays"].tolist()


@pytest.mark.parametrize("noun", list(Noun))
@pytest.mark.parametrize("by", list(Measure))
def test_tops_in_their_order(whole: History, ask: Any, noun: Noun, by: Measure) -> None:
    sheet = ranked.sheet(top(whole.filter(NARROW), noun, 50, by), noun)
    asked = ask(f"top-{noun}-{by}")
    column = {"artists": "artist", "albums": "album", "tracks": "title"}[noun]
    assert asked[column].tolist() == sheet["Name"].tolist()
    assert asked["plays"].tolist() == sheet["Plays"].tolist()
    minutes = sheet["Minutes"] + sheet["Estimated minutes"]
    assert asked["minutes"].to_numpy() == pytest.approx(minutes.to_numpy())


def test_months_of_years(whole: History, ask: Any) -> None:
    months = trends.months_of_years(whole.filter(NARROW), ())
    months = months[months["heard_minutes"] > 0]
    asked = ask("months-of-years")
    assert asked[["year", "month"]].to_numpy().tolist() == months[["year", "month"]].to_numpy().tolist()
    assert asked["hours"].to_numpy() == pytest.approx(months["heard_minutes"].to_numpy() / 60, abs=0.051)


def test_sessions_by_length_and_by_beginning(whole: History, ask: Any) -> None:
    shown = whole.filter(NARROW)
    sat = sittings.sittings(shown)
    lengths = habitsessions.length_classes(sat)
    lengths = lengths[lengths["count"] > 0]
    assert ask("sessions-length").to_numpy().tolist() == lengths[["name", "count"]].to_numpy().tolist()
    began = sittings.beginnings(sat, shown)
    asked = ask("sessions-begin")
    assert asked["sessions"].sum() == len(sat)
    assert np.abs(np.bincount(asked["hour"], asked["sessions"], 24) - began).sum() <= 2  # across a clock change


def test_the_longest_streak(whole: History, ask: Any) -> None:
    shown = whole.filter(Filter(time_range=NARROW.time_range))
    longest = streaks.longest(shown)
    first = ask("streaks", Filter(time_range=NARROW.time_range)).iloc[0]
    assert (first["days"], first["from_day"], first["to_day"]) == (longest.days, longest.start_on, longest.last_on)


def test_what_rows_say_of_themselves(whole: History, ask: Any) -> None:
    shown = whole.filter(NARROW)
    table = habitshares.shares_table(habitshares.answer_rows(shares.answers(shown)))
    asked = ask("answers")
    for column, name in (("skipped", "Skipped %"), ("shuffle", "Shuffle on %"), ("offline", "Offline %")):
        assert asked[column].to_numpy() == pytest.approx(table[name].to_numpy(), abs=0.051)
    devices = shares.platforms(shown)
    names = habitshares.group_names(devices, {})
    rows = habitshares.group_rows(devices, names)
    asked = ask("devices")
    share = {(str(month)[:10], name): each for month, name, each in asked.to_numpy()}
    for row in rows[rows["name"].isin(devices.names[:5]) & (rows["rows"] > 0) & (rows["share"] > 0)].itertuples():
        assert share[(str(row.on)[:10], row.name)] == pytest.approx(row.share * 100, abs=0.051)


def test_the_latest(whole: History, ask: Any) -> None:
    sheet = browsing.sheet(listing.recent(whole.filter(NARROW), 8))
    assert ask("latest")["title"].tolist() == sheet["Title"].tolist()


def test_hours_added_up(whole: History, ask: Any) -> None:
    shown = whole.filter(NARROW)
    running = comparing.running_hours(shown, shown)
    assert ask("running")["hours_so_far"].iloc[-1] == pytest.approx(running["a"].iloc[-1], abs=0.051)


@pytest.mark.parametrize("noun", list(Noun))
@pytest.mark.parametrize("period", list(Period))
def test_ranks_and_spread(whole: History, ask: Any, noun: Noun, period: Period) -> None:
    counted = tally(whole.filter(NARROW), noun, period)
    first = ranks.standings(counted, 10)
    asked = ask(f"ranks-{noun}-{period}")
    codes = first.codes[first.codes >= 0]
    column = {"artists": "artist", "albums": "album", "tracks": "title"}[noun]
    assert asked[column].tolist() == [names_of(whole, noun)[int(code)].as_py() for code in codes]
    assert asked["plays"].tolist() == first.plays[first.codes >= 0].tolist()
    spread = diversity.diversity(counted, ever(whole, noun))
    spread = spread[spread["effective"].notna()]
    asked = ask(f"spread-{noun}-{period}")
    assert asked["different"].tolist() == spread["different"].tolist()
    assert asked["effective"].to_numpy() == pytest.approx(spread["effective"].to_numpy(), abs=0.051)
    assert asked["ten_most_played"].to_numpy() == pytest.approx(spread["top_share"].to_numpy() * 100, abs=0.051)


@pytest.mark.parametrize("noun", list(Noun))
def test_what_was_found_and_what_came_back(whole: History, ask: Any, noun: Noun) -> None:
    shown = whole.filter(Filter())
    table = by_period(shown, found(whole, shown, noun), Period.QUARTER)
    table = table[table["found"] > 0]
    asked = ask(f"found-{noun}-quarter", Filter())
    assert (
        asked[["discovered", "judged", "stayed"]].to_numpy().tolist()
        == table[["found", "judged", "stayed"]].to_numpy().tolist()
    )
    back = absences.comebacks(whole, shown, noun, 100)
    asked = ask(f"comebacks-{noun}", Filter())
    assert sorted(asked["plays_since"]) == sorted(one.plays_since for one in back)
    gone = absences.lapsed(whole, shown, noun)
    asked = ask(f"lapsed-{noun}", Filter())
    assert asked[["best_year", "rank", "plays"]].to_numpy().tolist() == [
        [one.year, one.rank, one.plays] for one in gone
    ]
    assert asked["days_silent"].tolist() == [one.silent_days for one in gone]


def test_top_artists_month_by_month(whole: History, ask: Any) -> None:
    shown = whole.filter(NARROW)
    best = [wording.called(each.name) for each in top(shown, Noun.ARTISTS, 5)]
    asked = ask("artist-months").groupby("artist")["plays"].sum()
    assert asked[best].tolist() == [each.plays for each in top(shown, Noun.ARTISTS, 5)]
