"""Saved views and the play rule in the filter bar, as Streamlit runs them over a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.notebooks import Cell, CellKind, Notebook
from rewrapped.errors import StoreDown
from rewrapped.services import importing, notebooks, savedviews, sessions
from rewrapped.storage import people
from rewrapped.storage.people import NewPerson
from rewrapped.storage.tables import saved_views
from rewrapped.ui import session
from tests.exports import to_json
from tests.pages.test_listening_pages import CHECKOUT, play

HEARD = ((31_000, "trackdone"), (60_000, "fwdbtn"), (1_000, "trackdone"), (5_000, "trackdone"))
NAME = "<img src=x onerror=alert(1)> [a](javascript:b)"
Open = Callable[..., AppTest]


@pytest.fixture
def mira(deps: Deps, tmp_path: Any) -> Visitor:
    """Somebody with four rows: two plays by the usual rule, three that went to their end."""
    with deps.engine.begin() as conn:
        found = people.add_person(conn, NewPerson("mira@example.org", Role.REGULAR, "Europe/Berlin", "Mira"))
    assert found is not None
    rows = [
        play(deps.now() - timedelta(hours=hours), ms_played=ms, reason_end=reason)
        for hours, (ms, reason) in enumerate(HEARD, start=1)
    ]
    path = tmp_path / "Streaming_History_Audio_2026_0.json"
    path.write_bytes(to_json(rows))
    importing.import_files(deps, found, [path])
    return Visitor.person(found, Role.REGULAR)


@pytest.fixture
def open_page(deps: Deps, mira: Visitor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open a page as Mira, with a query, its saved views unfolded."""
    running.hold(deps)
    token = sessions.start(deps, mira.signed_in())
    monkeypatch.setattr(session, "token", lambda: token)  # a test has no cookies
    monkeypatch.setattr(session, "csrf_token", lambda: "a token")

    def open_it(name: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(CHECKOUT / "app.py"), default_timeout=60)
        app.run()
        app.switch_page(f"pages/{name}.py")
        for key, value in query.items():
            app.query_params[key] = value
        app.session_state["saved_views"] = True
        app.run()
        assert not app.exception
        return app

    yield open_it
    running.hold(None)


def views(app: AppTest) -> list[Any]:
    """Return the links of the saved views; the bell is another link."""
    return [each.proto for each in app.get("page_link") if each.proto.page != "notifications"]


def buttons(app: AppTest) -> dict[str, str]:
    return {button.label: button.key or "" for button in app.button}


def test_the_present_view_is_kept_with_its_whole_address_and_listed(open_page: Open, deps: Deps, mira: Visitor) -> None:
    app = open_page("overview", range="12m", weekdays="5,6", of="artists", by="time", rule="finished")
    assert f"{deps.site.base_url}/overview?of=artists&by=time&range=12m&weekdays=5%2C6&rule=finished" in [
        code.value for code in app.code
    ]
    assert "It shows the last 12 months, whenever it is opened." in [each.value for each in app.caption]

    app.text_input(key="saved_views_name").set_value("Weekends")
    next(button for button in app.button if button.label == "Save").click().run()

    [kept] = savedviews.list_views(deps, mira)
    assert str(kept.address) == "overview?of=artists&by=time&range=12m&weekdays=5%2C6&rule=finished"
    assert [link.label for link in views(app)] == ["Weekends"]
    assert "Overview, the last 12 months, 2 filters" in [each.value for each in app.caption]


def test_pinned_days_stand_in_the_link_and_in_what_is_kept(open_page: Open, deps: Deps, mira: Visitor) -> None:
    app = open_page("overview", range="4w")

    app.toggle(key="saved_views_pinned").set_value(True).run()

    assert "Always 26 October 2026 to 22 November 2026." in [each.value for each in app.caption]
    app.text_input(key="saved_views_name").set_value("Autumn")
    next(button for button in app.button if button.label == "Save").click().run()
    [kept] = savedviews.list_views(deps, mira)
    assert str(kept.address) == "overview?range=custom&from=2026-10-26&to=2026-11-22"


def test_a_kept_view_is_a_link_to_its_page_with_its_whole_address(open_page: Open, deps: Deps, mira: Visitor) -> None:
    savedviews.save_view(deps, mira, "Mine", "tops", "of=artists&range=all&rule=any")

    app = open_page("overview", range="2024")

    [link] = views(app)
    assert (link.label, link.page) == ("Mine", "tops")
    assert link.query_string == "of=artists&range=all&rule=any"


def test_what_leads_nowhere_on_this_site_is_no_link(open_page: Open, deps: Deps, mira: Visitor) -> None:
    savedviews.save_view(deps, mira, "Mine", "tops", "range=all")
    with deps.engine.begin() as conn:  # by a hand that our checks don't see
        conn.execute(update(saved_views).values(page="//evil.example", query="range=all"))

    app = open_page("overview")

    assert views(app) == []
    assert "It leads nowhere on this site any more." in [each.value for each in app.caption]


def test_a_name_is_shown_as_text_and_can_be_changed_and_deleted_and_had_back(
    open_page: Open, deps: Deps, mira: Visitor
) -> None:
    view_id = savedviews.save_view(deps, mira, NAME, "tops", "range=all")
    app = open_page("overview")
    [label] = [link.label for link in views(app)]
    assert "\\<img" in label
    assert "\\[a\\]" in label

    app.button(key=f"saved_views_change_{view_id}").click().run()
    app.text_input(key=f"saved_views_new_name_{view_id}").set_value("Plain")
    next(button for button in app.button if button.label == "Rename").click().run()
    assert [view.name for view in savedviews.list_views(deps, mira)] == ["Plain"]

    app.button(key=f"saved_views_delete_{view_id}").click().run()
    assert savedviews.list_views(deps, mira) == []
    app.button(key="saved_views_undo").click().run()
    assert [view.name for view in savedviews.list_views(deps, mira)] == ["Plain"]


def test_a_name_that_is_taken_is_refused_with_a_sentence(open_page: Open, deps: Deps, mira: Visitor) -> None:
    savedviews.save_view(deps, mira, "Mine", "tops", "range=all")
    app = open_page("overview")

    app.text_input(key="saved_views_name").set_value("MINE")
    next(button for button in app.button if button.label == "Save").click().run()

    assert [error.value for error in app.error] == ["You have a view called MINE already\\. Choose another name\\."]
    assert app.text_input(key="saved_views_name").value == "MINE"


def test_a_database_that_is_away_while_saving_costs_a_sentence_and_not_the_name(
    open_page: Open, deps: Deps, mira: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("overview")
    app.text_input(key="saved_views_name").set_value("Mine")

    def away(*_: object, **__: object) -> int:
        raise StoreDown("The database doesn't answer just now. Please try again in a moment.")

    with monkeypatch.context() as patch:
        patch.setattr(savedviews, "save_view", away)
        next(button for button in app.button if button.label == "Save").click().run()

    assert not app.exception
    assert [error.value for error in app.error] == [
        "The database didn't answer, so nothing was changed\\. Please try again\\."
    ]
    next(button for button in app.button if button.label == "Save").click().run()
    assert [view.name for view in savedviews.list_views(deps, mira)] == ["Mine"]


def test_the_sample_data_has_links_and_no_views(
    open_page: Open, deps: Deps, mira: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "visitor", lambda: Visitor.demo(mira.signed_in()))

    app = open_page("overview", range="all")

    assert [code.value for code in app.code] == [f"{deps.site.base_url}/overview?range=all"]
    assert "Saving views needs an account of your own." in [each.value for each in app.caption]
    assert "Save" not in buttons(app)


@pytest.mark.parametrize(
    ("rule", "plays"), [("30s", 2), ("half", 2), ("finished", 3), ("any", 4), ("5s", 3), ("86400s", 0)]
)
def test_every_page_counts_by_the_rule_of_the_address(open_page: Open, rule: str, plays: int) -> None:
    app = open_page("history", range="all", rule=rule)

    said = app.title[0].value if plays else app.info[0].value
    assert said.startswith(f"{plays} plays" if plays else "Nothing played")


def test_a_rule_travels_from_page_to_page_and_goes_with_its_chip(open_page: Open) -> None:
    app = open_page("overview", range="all", rule="any")

    app.switch_page("pages/history.py").run()
    assert app.title[0].value == "4 plays"
    assert app.query_params["rule"] == "any"

    app.button(key="filter_chip_rule").click().run()
    assert app.title[0].value == "2 plays"
    assert "rule" not in app.query_params


def test_a_rule_is_switched_in_the_bar_and_said_below_the_charts(open_page: Open) -> None:
    app = open_page("habits", range="all")
    app.session_state["counts_of_week"] = True
    app.run()
    assert any("of 30 seconds or more" in text.value for text in app.markdown)

    app.button_group(key="filter_rule").set_value("finished").run()
    assert app.query_params["rule"] == "finished"
    told = [text.value for text in app.markdown if "A play is a row" in text.value]
    assert told
    assert all("played to its end" in text for text in told)

    app.number_input(key="filter_rule_seconds").set_value(5).run()
    assert app.query_params["rule"] == "5s"
    app.button_group(key="filter_rule").set_value("own").run()
    assert "rule" not in app.query_params


def test_a_notebook_counts_by_the_rule_it_was_kept_with(open_page: Open, deps: Deps, mira: Visitor) -> None:
    cell = Cell(CellKind.SQL, "SELECT count(*) AS n FROM plays WHERE is_play", "counted")
    kept = notebooks.add_notebook(deps, mira, Notebook("Mine", (cell,), "range=all&rule=any"))

    app = open_page("notebook", notebook=str(kept))

    assert app.dataframe[0].value["n"].tolist() == [4]
    assert app.query_params["rule"] == "any"
