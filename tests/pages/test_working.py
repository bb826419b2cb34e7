"""What stands behind charts, as Streamlit runs it: counts that agree, words told by the view, forged questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pandas as pd
import pytest
from sqlalchemy import update

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.sandbox.box import Sandboxes
from rewrapped.storage.tables import users
from rewrapped.ui import sheet
from tests.pages.plays import Open, play

HOSTILE = "</text><script>alert(1)</script> =HYPERLINK(1) *x* $y$"


@pytest.fixture
def some(given, deps: Deps) -> None:
    """Forty plays, ten rows too short for one, and an artist whose name looks like markup."""
    now = deps.now()
    rows = [play(now - timedelta(hours=3 * n), f"Song {n % 5}") for n in range(30)]
    rows += [play(now - timedelta(hours=3 * n + 1), "Odd", HOSTILE) for n in range(10)]
    rows += [play(now - timedelta(hours=3 * n + 2), "Short", ms_played=5_000) for n in range(10)]
    given(rows)


def opened(open_page: Open, page: str, key: str, **query: str):
    """Open a page with one of its boxes open."""
    app = open_page(page, **query)
    app.session_state[key] = True
    app.run()
    assert not app.exception
    return app


def press(app, key: str):
    app.button(key=key).click().run()
    assert not app.exception
    return app


@pytest.mark.usefixtures("some")
def test_the_rows_behind_a_chart_are_as_many_as_it_counts(open_page: Open) -> None:
    app = press(open_page("overview", range="all"), "behind_week")
    assert "**40 plays**, the newest first." in [each.value for each in app.markdown]
    assert len(app.dataframe[0].value) == 20
    app = press(open_page("overview", range="all"), "behind_time")
    assert any(each.value.startswith("**50 rows") and "40 plays among them" in each.value for each in app.markdown)


@pytest.mark.usefixtures("some")
def test_nothing_is_worked_out_for_what_is_closed(open_page: Open) -> None:
    app = open_page("overview", range="all")
    assert not app.dataframe
    assert len(opened(open_page, "overview", "table_of_week", range="all").dataframe) == 1


@pytest.mark.usefixtures("some")
def test_what_is_counted_is_told_by_the_view(open_page: Open) -> None:
    app = opened(open_page, "overview", "counts_of_week", range="all")
    told = "\n".join(each.value for each in app.markdown)
    assert "30 seconds or more" in told
    assert "50 rows, of which 40 are plays" in told
    assert "Spotify, extended history (50 rows)" in told
    hours = ",".join(str(hour) for hour in range(24))
    narrowed = opened(open_page, "overview", "counts_of_week", range="all", hours=hours, weekdays="0,1,2,3,4,5,6")
    assert any("Monday" in each.value for each in narrowed.markdown)


@pytest.mark.usefixtures("some")
def test_a_name_that_looks_like_markup_stays_text_in_parts_words_and_files(open_page: Open) -> None:
    app = press(open_page("tops", range="all", of="artists"), "behind_top_artists")
    assert HOSTILE in app.selectbox(key="behind_part_top_artists").options
    sheet_of = app.dataframe[-1].value
    assert HOSTILE in sheet_of["artist"].tolist()


@pytest.mark.usefixtures("some")
@pytest.mark.parametrize("role", [Role.REGULAR, Role.GUEST])
def test_a_question_stands_only_where_notebooks_may_run(open_page: Open, deps: Deps, listener: int, role: Role) -> None:
    with deps.engine.begin() as conn:
        conn.execute(update(users).where(users.c.id == listener).values(role=role))
    app = opened(open_page, "overview", "take_week", range="all")
    links = [each.proto.label for each in app.get("page_link")]
    assert ("Open in the notebook" in links) is (role is Role.REGULAR)


@pytest.mark.usefixtures("some")
def test_a_question_opens_with_its_filter_and_a_forged_word_opens_nothing(open_page: Open) -> None:
    app = open_page("notebook", question="figures", range="all")
    assert app.title[0].value == "The figures of a time"
    [row] = app.dataframe[0].value.to_dict("records")
    assert row["plays"] == 40
    short = open_page("notebook", question="figures", range="4w", weekdays="0")
    [narrowed] = short.dataframe[0].value["plays"].tolist()
    assert 0 <= narrowed < 40
    for word in ("SELECT 1", "figures; DROP", "<script>", "../figures", "__class__", "x" * 5_000):
        app = open_page("notebook", question=word)
        assert app.error[0].value == "There is no such notebook."
        assert not app.text_area


@pytest.mark.usefixtures("some")
def test_a_question_says_so_where_every_sandbox_is_taken(open_page: Open, deps: Deps) -> None:
    taken = Sandboxes(at_once=1, wait_s=0.1)
    with taken.opened("somebody"):
        running.hold(replace(deps, sandboxes=taken))
        app = open_page("notebook", question="week")
    assert app.title[0].value == "Plays by weekday and hour"
    assert "Many notebooks run just now" in app.error[0].value


def test_a_file_of_numbers_and_one_of_words_keep_names_as_text(deps: Deps) -> None:
    written = sheet.csv(pd.DataFrame({"Artist": ["=HYPERLINK(1)", HOSTILE]})).decode()
    assert '"\'=HYPERLINK(1)"' in written
    assert HOSTILE in written
