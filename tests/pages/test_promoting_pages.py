"""The promoter's page and the admin's, through Streamlit's own test runner."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.attention import Period
from rewrapped.domain.events import EventSource, EventStatus
from rewrapped.domain.promoting import Interaction
from rewrapped.services import applications, attention, promoting, sessions
from rewrapped.services.applications import Form
from rewrapped.ui import promoting_tables as tables
from rewrapped.ui import session, sheet
from tests.gigs import store
from tests.pages.plays import CHECKOUT
from tests.pages.test_profile import texts
from tests.promoters import DRAFT, come, draft, person


@pytest.fixture
def opened(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Open a page with a query as somebody."""

    def open_it(name: str, visitor: Visitor, **query: str) -> AppTest:
        token = sessions.start(deps, visitor.signed_in())
        monkeypatch.setattr(session, "token", lambda: token)
        page = AppTest.from_file(str(CHECKOUT / "app.py"), default_timeout=60).run().switch_page(f"pages/{name}.py")
        for key, value in query.items():
            page.query_params[key] = value
        return page.run()

    running.hold(deps)
    yield open_it
    running.hold(None)


def press(page: AppTest, label: str) -> AppTest:
    [button] = [button for button in page.button if button.label == label]
    return button.click().run()


def test_somebody_applies_waits_and_is_approved(opened, deps: Deps) -> None:
    somebody, admin = person(deps), person(deps, Role.ADMIN)
    page = opened("promoter", somebody)
    assert "Bring your events here" in page.title[0].value
    page.text_input[0].input("<b>Harbour</b>")
    page.text_area[0].input("Two festivals")
    page = press(page, "Send application")
    assert not page.exception
    assert "looked at" in page.title[0].value

    desk = opened("admin", admin)
    assert "1 application" in desk.title[0].value
    assert r"\<b\>Harbour" in texts(desk)
    desk = press(desk, "Approve")
    assert not desk.exception
    assert "Nothing waits" in desk.title[0].value
    assert "first event" in opened("promoter", Visitor.person(somebody.signed_in(), Role.PROMOTER)).title[0].value


def test_a_refusal_shows_its_reason_as_text(opened, deps: Deps) -> None:
    somebody = person(deps)
    found = applications.apply(deps, somebody, Form("Harbour", "", "x"))
    applications.refuse(deps, person(deps, Role.ADMIN), found, "**no** [x](https://evil.example)")
    page = opened("promoter", somebody)
    assert "turned down" in page.warning[0].value
    assert "](http" not in page.warning[0].value


def test_an_admin_sees_where_events_come_from_and_the_sites_own(opened, deps: Deps) -> None:
    admin = person(deps, Role.ADMIN)
    promoting.create(deps, person(deps, Role.PROMOTER), DRAFT)
    desk = opened("admin", admin)
    said = [heading.value for heading in desk.subheader]
    assert "1 event of this site's own to come" in said
    assert "1 listing to come" in said
    [table] = [frame.value for frame in desk.dataframe]
    assert (table["Event"].tolist(), table["State"].tolist()) == ([DRAFT.title], ["as planned"])
    assert any("Ticketmaster" in text.value and "no key" in text.value for text in desk.markdown)


def test_an_admin_reinstates_takes_away_and_gives_back_an_event(opened, deps: Deps) -> None:
    owner, admin = person(deps, Role.PROMOTER), person(deps, Role.ADMIN)
    event_id = promoting.create(deps, owner, DRAFT)
    promoting.cancel(deps, owner, event_id)
    page = press(opened("promoter", admin, event=str(event_id)), "Reinstate")
    assert promoting.find_event(deps, owner, event_id).event.listing.status is EventStatus.SCHEDULED
    page = press(page, "Take it away")
    assert page.error[0].value.startswith("Give a reason")
    next(box for box in page.text_area if "Reason" in box.label).input("**Not** [theirs](https://evil.example)")
    page = press(page, "Take it away")
    assert not page.exception
    assert promoting.find_event(deps, owner, event_id).taken_at is not None

    seen = opened("promoter", owner, event=str(event_id))
    assert r"\*\*Not\*\*" in seen.warning[0].value
    assert "](http" not in seen.warning[0].value
    assert not {"Change", "Call it off", "Give it back", "Take it away"} & {button.label for button in seen.button}
    assert "taken away" in [state for frame in opened("admin", admin).dataframe for state in frame.value["State"]]

    press(opened("promoter", admin, event=str(event_id)), "Give it back")
    assert promoting.find_event(deps, owner, event_id).taken_at is None


def test_an_admin_keeps_an_event_apart_from_what_it_was_tied_to(opened, deps: Deps) -> None:
    owner, admin = person(deps, Role.PROMOTER), person(deps, Role.ADMIN)
    event_id = promoting.create(deps, owner, DRAFT)
    own = promoting.find_event(deps, owner, event_id).event.listing
    store(deps, replace(own, source=EventSource.JAMBASE, source_id="j1", title="<i>By</i> JamBase"))
    promoting.edit(deps, owner, event_id, draft(tags="new"))  # ties anew
    page = opened("promoter", admin, event=str(event_id))
    assert r"\<i\>By\</i\> JamBase" in texts(page)
    page = press(page, "Keep it apart")
    assert "kept apart" in texts(page)
    assert promoting.find_event(deps, owner, event_id).stands_alone
    press(page, "Let it be tied again")
    assert not promoting.find_event(deps, owner, event_id).stands_alone


def test_a_refused_form_leaves_the_time_as_it_was_typed(opened, deps: Deps) -> None:
    page = opened("promoter", person(deps, Role.PROMOTER), new="1")
    next(box for box in page.text_input if box.label == "Title").input("Harbour Nights")
    page = press(page, "List it")
    assert page.error
    assert [box.value for box in page.checkbox if box.label == "Time to be announced"] == [False]


@pytest.mark.parametrize("role", [Role.GUEST, Role.REGULAR, Role.PROMOTER, Role.ANALYST])
def test_the_admins_page_shows_others_nothing(opened, deps: Deps, role: Role) -> None:
    other = person(deps)
    page = opened("admin", person(deps, role))
    assert "Not for this account" in texts(page)
    assert f"person{other.user_id}" not in texts(page)


def test_a_promoter_lists_an_event_by_the_form_calls_it_off_and_begins_another_like_it(opened, deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    page = opened("promoter", owner, new="1")
    fields = {field.label: field for field in page.text_input}
    page = fields["City"].input("Lisbon").run()
    fields = {field.label: field for field in page.text_input}
    fields["Title"].input("Night [x](https://evil.example)")
    fields["Venue"].input("Cais")
    page.date_input[0].set_value(date(2026, 12, 12))
    page = press(page, "List it")
    assert not page.exception
    assert not page.error
    [own] = promoting.list_events(deps, owner)
    assert own.event.listing.venue.city == "Lisbon"
    assert str(own.id) in page.query_params["event"]
    assert "](http" not in page.title[0].value
    page = press(page, "Call it off")
    assert promoting.find_event(deps, owner, own.id).event.listing.status is EventStatus.CANCELLED
    assert "Change" not in [button.label for button in page.button]
    page = press(page, "Duplicate")
    assert {field.label: field.value for field in page.text_input}["Venue"] == "Cais"
    assert page.date_input[0].value is None
    assert len(promoting.list_events(deps, owner)) == 1


def test_a_form_that_cannot_be_used_is_told_on_the_page(opened, deps: Deps) -> None:
    page = press(opened("promoter", person(deps, Role.PROMOTER), new="1"), "List it")
    assert "Choose the city" in page.error[0].value


def test_another_promoters_event_is_not_there(opened, deps: Deps) -> None:
    event_id = promoting.create(deps, person(deps, Role.PROMOTER), DRAFT)
    other = person(deps, Role.PROMOTER)
    for word in ("event", "edit", "copy"):
        page = opened("promoter", other, **{word: str(event_id)})
        assert "no such event" in page.error[0].value
        assert "Harbour Nights" not in texts(page)


def test_the_panel_is_drawn_for_all_events_and_for_one(opened, deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    ids = [promoting.create(deps, owner, draft(title=f"=cmd{number}", target_genres=("techno",))) for number in (1, 2)]
    day = deps.now().date()
    come(deps, [(ids[0], day, kind, f"p{n}", n % 2 == 0) for n in range(20) for kind in Interaction])
    page = opened("promoter", owner)
    assert not page.exception
    assert "Every event" in texts(page)
    page = opened("promoter", owner, event=str(ids[0]), period="all")
    assert not page.exception
    assert "20 people" in texts(page)


def test_files_carry_no_formula_and_the_figures_of_the_page(deps: Deps) -> None:
    owner = person(deps, Role.PROMOTER)
    event_id = promoting.create(
        deps, owner, draft(title='=HYPERLINK("https://evil.example")', target_genres=("techno",))
    )
    come(deps, [(event_id, deps.now().date(), Interaction.VIEW, "somebody", False)])
    overview = attention.overview(deps, owner, Period.WEEK)
    assert b"'=HYPERLINK" in sheet.csv(tables.events_table(overview))
    told = json.loads(tables.as_json(overview))
    [event] = told["events"]
    assert (event["Event"], event["Views"], event["People who viewed"]) == ('=HYPERLINK("https://evil.example")', 1, 1)
    assert [row["People"] for row in told["targeting"]] == ["fewer than 5"] * 2
    assert pd.DataFrame(told["days"])["Views"].sum() == 1
