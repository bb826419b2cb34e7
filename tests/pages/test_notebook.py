"""The notebook page as Streamlit runs it: from a template to a kept notebook, and whatever is typed into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.notebooks import Cell, CellKind, Choice, Notebook
from rewrapped.services import importing, notebooks, sessions
from rewrapped.storage import people
from rewrapped.storage.people import NewPerson
from rewrapped.ui import session
from tests.exports import extended_row, to_json

CHECKOUT = Path(__file__).resolve().parents[2]
Open = Callable[..., AppTest]


@pytest.fixture
def visitor(deps: Deps, tmp_path: Path) -> Visitor:
    """A listener with twenty plays."""
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, NewPerson("mira@example.org", Role.ANALYST, "Europe/Berlin", "Mira"))
    path = tmp_path / "Streaming_History_Audio_2026_0.json"
    path.write_bytes(
        to_json([extended_row(ts=f"{deps.now() - timedelta(hours=n):%Y-%m-%dT%H:%M:%SZ}") for n in range(1, 21)])
    )
    importing.import_files(deps, user_id or 0, [path])
    return Visitor.person(user_id or 0, Role.ANALYST)


@pytest.fixture
def open_page(deps: Deps, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open the notebook page as the listener, with a query."""
    running.hold(deps)
    token = sessions.start(deps, visitor.signed_in())
    monkeypatch.setattr(session, "token", lambda: token)
    monkeypatch.setattr(session, "csrf_token", lambda: "a token")

    def open_it(**query: str) -> AppTest:
        app = AppTest.from_file(str(CHECKOUT / "app.py"), default_timeout=60).run()
        app.switch_page("pages/notebook.py")
        for key, value in query.items():
            app.query_params[key] = value
        app.run()
        assert not app.exception
        return app

    yield open_it
    running.hold(None)


def press(app: AppTest, label: str) -> AppTest:
    [button] = [button for button in app.button if button.label == label]
    button.click().run()
    assert not app.exception
    return app


def keep(deps: Deps, visitor: Visitor, *cells: Cell, filter_query: str = "range=all") -> str:
    return str(notebooks.add_notebook(deps, visitor, Notebook("Mine", cells, filter_query)))


def test_the_shelf_opens_templates_and_kept_notebooks(open_page: Open, deps: Deps, visitor: Visitor) -> None:
    keep(deps, visitor)
    app = open_page()
    assert app.title[0].value == "Ask your own questions"
    assert press(app, "Open Hours by month").title[0].value == "Hours by month"
    assert app.query_params["template"] == "hours"
    press(app, "All notebooks")
    assert press(app, "Mine").title[0].value == "Mine"


def test_a_template_is_run_changed_saved_opened_again_and_duplicated(
    open_page: Open, deps: Deps, visitor: Visitor
) -> None:
    app = open_page(template="hours")
    assert len(app.dataframe) == 2
    assert "date_trunc" in app.text_area[1].value
    app.text_area[1].set_value("SELECT count(*) AS month, 1 AS hours, 2 AS plays FROM plays")
    app.button[[button.label for button in app.button].index("Run")].click().run()
    assert not app.exception
    assert app.dataframe[0].value["month"].tolist() == [20]
    press(app, "Save")
    [kept] = notebooks.list_notebooks(deps, visitor)
    assert app.query_params["notebook"] == str(kept.id)
    again = open_page(notebook=str(kept.id))
    assert again.dataframe[0].value["month"].tolist() == [20]
    assert again.query_params["range"] == "all"
    press(again, "Duplicate")
    assert again.query_params["notebook"] not in ("", str(kept.id))
    assert again.dataframe[0].value["month"].tolist() == [20]
    assert len(notebooks.list_notebooks(deps, visitor)) == 2


def test_another_persons_notebook_is_none(open_page: Open, deps: Deps) -> None:
    with deps.engine.begin() as conn:
        other = people.add_person(conn, NewPerson("other@example.org", Role.REGULAR, "UTC"))
    theirs = keep(deps, Visitor.person(other or 0, Role.REGULAR), Cell(CellKind.TEXT, "secret"))
    for wanted in (theirs, "999999", "-1", "'; drop table users; --", "٣", "9" * 40):
        app = open_page(notebook=wanted)
        assert app.error[0].value in ("There is no such notebook.", "There is no such notebook\\.")
        assert "secret" not in str(app.main)


def test_what_is_wrong_with_a_query_stands_beside_it_and_the_rest_is_drawn(
    open_page: Open, deps: Deps, visitor: Visitor
) -> None:
    cells = (
        Cell(CellKind.SQL, "SELECT 1\nFRM plays", "wrong"),
        Cell(CellKind.SQL, "SELECT count(*) AS n FROM plays", "right"),
        Cell(CellKind.CHART, choice=Choice("wrong")),
        Cell(CellKind.CHART, choice=Choice("gone")),
        Cell(CellKind.CHART, '{"mark": "bar", "data": {"url": "http://203.0.113.1"}}', choice=Choice("right")),
    )
    app = open_page(notebook=keep(deps, visitor, *cells))
    assert "Line 2" in app.error[0].value
    assert app.dataframe[0].value["n"].tolist() == [20]
    assert "own results alone" in app.error[1].value
    assert {info.value for info in app.info} == {
        "wrong has no result to draw.",
        "Choose which result this chart draws.",
    }


def test_the_filter_narrows_every_cell_and_is_kept_with_the_notebook(
    open_page: Open, deps: Deps, visitor: Visitor
) -> None:
    count = Cell(CellKind.SQL, "SELECT count(*) AS n FROM plays", "counted")
    kept = keep(deps, visitor, count, filter_query="range=all&hours=11,12")
    assert open_page(notebook=kept).dataframe[0].value["n"].tolist() == [2]
    assert open_page(notebook=kept, range="all", hours="11").dataframe[0].value["n"].tolist() == [1]


def test_text_is_markdown_without_pictures_html_or_other_links(open_page: Open, deps: Deps, visitor: Visitor) -> None:
    text = "# Hi\n<img src=x onerror=alert(1)> ![p](https://203.0.113.1/p.png) [x](javascript:alert(1))"
    app = open_page(notebook=keep(deps, visitor, Cell(CellKind.TEXT, text)))
    [shown] = [markdown.value for markdown in app.markdown if markdown.value.startswith("# Hi")]
    assert "<img" not in shown
    assert "![" not in shown
    assert "](javascript" not in shown


def test_cells_are_added_moved_and_removed(open_page: Open, deps: Deps, visitor: Visitor) -> None:
    app = open_page(notebook=keep(deps, visitor, Cell(CellKind.SQL, "SELECT 1 AS one", "first")))
    press(app, "Add text")
    press(app, "Add SQL")
    assert len(app.dataframe) == 2
    [*_, last] = [button for button in app.button if button.label == "Move up"]
    last.click().run()
    app.button[[button.label for button in app.button].index("Remove")].click().run()
    press(app, "Save")
    [listed] = notebooks.list_notebooks(deps, visitor)
    kinds = [cell.kind for cell in notebooks.find_notebook(deps, visitor, listed.id).cells]
    assert kinds == [CellKind.SQL, CellKind.TEXT]


def test_a_guest_is_told_why_there_are_no_notebooks(open_page: Open, deps: Deps, visitor: Visitor) -> None:
    with deps.engine.begin() as conn:
        people.set_role(conn, visitor.signed_in(), Role.GUEST)
    app = open_page()
    assert app.error[0].value.startswith("Notebooks need an account of your own")
    assert not app.title
