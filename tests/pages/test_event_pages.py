"""The pages of going out as Streamlit runs them, for whoever comes: nobody known, sample data, somebody signed in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import PropertyMock

import pytest
from sqlalchemy import func, select
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.events import EventSource, EventStatus, Offer, Performer, Venue
from rewrapped.domain.promoting import Interaction
from rewrapped.services import browsers, events, keeping, sessions, whereabouts
from rewrapped.services.whereabouts import Whereabouts
from rewrapped.storage.tables import event_interactions
from rewrapped.ui import session
from tests.gigs import BERLIN_ID, HALL, a_person, gig, heard, promote, store

CHECKOUT = Path(__file__).resolve().parents[2]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
Open = Callable[..., AppTest]


@pytest.fixture
def person(deps: Deps) -> Visitor:
    return a_person(deps)


@pytest.fixture
def visit(deps: Deps) -> str:
    """The visit cookie of every browser here."""
    return browsers.new_visit(deps.site)


@pytest.fixture
def open_as(deps: Deps, monkeypatch: pytest.MonkeyPatch, visit: str) -> Iterator[Open]:
    """Open a page as a visitor, with a query."""
    running.hold(deps)
    monkeypatch.setattr(session, "visit", lambda: visit)  # a test has no cookies
    monkeypatch.setattr(ContextProxy, "headers", PropertyMock(return_value={"User-Agent": FIREFOX}))

    def open_it(visitor: Visitor, name: str, **query: str) -> AppTest:
        token = None if visitor.user_id is None else sessions.start(deps, visitor.user_id)
        monkeypatch.setattr(session, "token", lambda: token)
        app = AppTest.from_file(str(CHECKOUT / "app.py"), default_timeout=60)
        app.run()
        app.switch_page(f"pages/{name}.py")
        for key, value in query.items():
            app.query_params[key] = value
        app.run()
        assert not app.exception
        return app

    yield open_it
    running.hold(None)


def cards(app: AppTest) -> dict[str, list[dict[str, object]]]:
    """Return the cards of each list on a page, by the list's name."""
    found = {}
    for element in app.get("bidi_component"):
        if "shows_" in element.proto.id:
            data = json.loads(element.proto.json)
            found[data["label"]] = data["cards"]
    return found


def hero(app: AppTest) -> str:
    """Return the markup of the picture at the head of a show's page."""
    [found] = [one for one in app.get("bidi_component") if "event_hero" in one.proto.id]
    return json.loads(found.proto.json)["markup"]


def counted(deps: Deps, kind: Interaction) -> int:
    query = select(func.count()).select_from(event_interactions).where(event_interactions.c.kind == kind)
    with deps.engine.connect() as conn:
        return conn.scalar(query) or 0


def test_without_any_event_the_page_says_where_they_come_from(open_as: Open) -> None:
    app = open_as(Visitor(), "events")
    assert app.title[0].value == "No shows in the next 30 days"
    assert app.info[0].value.startswith("No shows are listed here yet.")


def test_whoever_runs_the_site_is_told_how_to_fill_it(open_as: Open, deps: Deps) -> None:
    app = open_as(a_person(deps, Role.ADMIN), "events")
    assert "Ticketmaster" in app.info[0].value
    assert "`make demo`" in app.info[0].value


def test_on_ones_own_machine_anybody_is_told_how_to_fill_it(open_as: Open, deps: Deps) -> None:
    running.hold(replace(deps, site=replace(deps.site, is_local=True)))
    assert "`make demo`" in open_as(Visitor(), "events").info[0].value


def test_shows_that_fit_later_are_one_click_away(open_as: Open, deps: Deps, person: Visitor, tmp_path: Path) -> None:
    heard(deps, person, tmp_path, [("Mitski", 10)] * 3)
    store(deps, gig("Mitski"), gig("Mitski", on=50), gig("Other", on=51))
    app = open_as(person, "events")
    app.button(key="look_later").click().run()
    assert app.title[0].value == "2 shows fit you in the next 3 months"
    assert not [button for button in app.button if button.key == "look_later"]


def test_anybody_sees_what_is_on_and_is_asked_where_they_are(open_as: Open, deps: Deps) -> None:
    store(deps, gig("Xenia"), gig("Late", on=60))
    app = open_as(Visitor(), "events")
    assert app.title[0].value == "1 show in the next 30 days"
    assert app.subheader[0].value == "Where are you?"
    [card] = cards(app)["All shows"]
    assert (card["title"], card["why"]) == ("Xenia", "")
    assert str(card["save_link"]).startswith("/auth/register?next=%2Fevent%3Fid%3D1%26save%3D")


def test_a_place_is_found_offline_and_kept_in_the_address_of_somebody_unknown(open_as: Open, deps: Deps) -> None:
    store(deps, gig("Xenia"))
    app = open_as(Visitor(), "events")
    app.text_input(key="asked_place_text").set_value("berlin").run()
    app.button(key=f"asked_place_{BERLIN_ID}").click().run()
    assert not app.exception
    assert app.query_params["place"] == str(BERLIN_ID)
    assert app.title[0].value == "1 show near Berlin in the next 30 days"


def test_a_place_is_kept_with_the_account_of_somebody_signed_in(open_as: Open, deps: Deps, person: Visitor) -> None:
    store(deps, gig("Xenia"))
    app = open_as(person, "events")
    app.text_input(key="asked_place_text").set_value("berlin").run()
    app.button(key=f"asked_place_{BERLIN_ID}").click().run()
    assert "place" not in app.query_params
    told = whereabouts.whereabouts(deps, person)
    assert told.place is not None
    assert told.place.id == BERLIN_ID


def test_the_title_and_the_cards_tell_what_fits_in_true_figures(
    open_as: Open, deps: Deps, person: Visitor, tmp_path: Path
) -> None:
    heard(deps, person, tmp_path, [("Mitski", 10)] * 3 + [("Mitski", 300)] * 4)
    whereabouts.set_whereabouts(deps, person, BERLIN_ID, 50)
    store(
        deps,
        gig("Mitski"),
        gig("Other", on=3),
        gig("Mitski", on=8, venue=Venue("Far", "Paris", "FR", "", None, 48.8, 2.3)),
    )
    app = open_as(person, "events")
    assert app.title[0].value == "1 show near Berlin fits you in the next 30 days"
    [card] = cards(app)["Shows for you"]
    assert card["why"] == "7 plays of Mitski, 3 in the last 6 months"
    assert str(card["where"]).startswith("Hall · Berlin · ")
    assert [card["title"] for card in cards(app)["All shows"]] == ["Other", "Mitski"]


def test_sponsored_cards_say_so_and_why(open_as: Open, deps: Deps) -> None:
    [event_id] = store(deps, gig("Paid"))
    promote(deps, event_id, is_sponsored=True)
    app = open_as(Visitor(), "events")
    [card] = cards(app)["Sponsored shows"]
    assert card["paid"] == "Sponsored"
    assert "nothing about you was used" in str(card["paid_why"])
    assert cards(app)["All shows"][0]["paid"] == ""


def test_what_fits_nothing_says_what_to_loosen(open_as: Open, deps: Deps) -> None:
    store(deps, gig("Xenia", on=50))
    app = open_as(Visitor(), "events", artist="nobody")
    assert [button.label for button in app.button if button.label] == ["Search for no words", "Look at 3 months"]
    app.button[0].click().run()
    app = open_as(Visitor(), "events")
    next(button for button in app.button if button.label == "Look at 3 months").click().run()
    assert app.title[0].value == "1 show in the next 3 months"


HOSTILE_QUERIES = (
    {"range": "'; drop table events; --", "place": "x", "radius": "99999999999", "country": "<script>"},
    {"range": "custom", "from": "2026-13-99", "to": "x", "page": "-1"},
    {"q": "%_\\" * 300, "artist": "\u202e\x00" * 50, "page": "9" * 30},
    {"place": "999999999999", "radius": "0", "range": "custom", "from": "2027-01-05", "to": "2026-01-01"},
)


@pytest.mark.parametrize("query", HOSTILE_QUERIES)
def test_a_forged_address_never_breaks_the_page(open_as: Open, deps: Deps, query: dict[str, str]) -> None:
    store(deps, gig("Xenia"))
    assert not open_as(Visitor(), "events", **query).error


@pytest.mark.parametrize("word", ["", "0", "x", "-1", "4711", "9" * 40, "1; drop table events"])
def test_an_event_nobody_knows_gets_a_plain_page(open_as: Open, word: str) -> None:
    app = open_as(Visitor(), "event", id=word)
    assert app.title[0].value == "Nothing plays here"


def test_a_show_tells_its_day_in_the_venues_zone_and_the_line_up_by_own_plays(
    open_as: Open, deps: Deps, person: Visitor, tmp_path: Path
) -> None:
    heard(deps, person, tmp_path, [("Mitski", 10)] * 3)
    [event_id] = store(deps, gig("Xenia", "Mitski", zone="America/New_York", start_time=None))
    app = open_as(person, "event", id=str(event_id))
    assert app.title[0].value == "Xenia"
    assert any("time to be announced" in text.value for text in app.markdown)
    assert app.caption[0].value == "Days and times are the venue's (America/New York)."
    rows = next(json.loads(one.proto.json)["rows"] for one in app.get("bidi_component") if "line_up" in one.proto.id)
    assert [(row["name"], row["value"]) for row in rows] == [("Mitski", "3 plays"), ("Xenia", "")]


def test_a_promoters_words_and_picture_stand_on_the_shows_page_and_nobody_elses(open_as: Open, deps: Deps) -> None:
    own = gig("Xenia", source=EventSource.INTERNAL, image_url="/images/0c5a")
    ids = store(deps, own, gig("Other", image_url="https://pictures.example/1.jpg"))
    promote(deps, ids[0], description="**Loud** <script>alert(1)</script>")
    app = open_as(Visitor(), "event", id=str(ids[0]))
    assert '<img src="/images/0c5a" alt="Xenia">' in hero(app)
    [about] = [one.proto.body for one in app.get("html") if "rw-prose" in one.proto.body]
    assert about == '<div class="rw-prose"><p><strong>Loud</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p></div>'
    app = open_as(Visitor(), "event", id=str(ids[1]))
    assert hero(app).startswith('<div class="hero"><svg')
    assert not any("rw-prose" in one.proto.body for one in app.get("html"))


@pytest.mark.parametrize("status", [EventStatus.CANCELLED, EventStatus.POSTPONED, EventStatus.RESCHEDULED])
def test_what_became_of_a_show_is_said_at_once(open_as: Open, deps: Deps, status: EventStatus) -> None:
    [event_id] = store(deps, gig("Xenia", status=status))
    app = open_as(Visitor(), "event", id=str(event_id))
    told = [*app.error, *app.warning]
    assert len(told) == 1
    has_tickets = any("Tickets at" in str(one.proto) for one in app.get("link_button"))
    assert has_tickets == (status is not EventStatus.CANCELLED)


def test_save_tag_and_follow_on_a_shows_page(open_as: Open, deps: Deps, person: Visitor) -> None:
    [event_id] = store(deps, gig("Xenia"))
    app = open_as(person, "event", id=str(event_id), via="everything")
    app.button(key="event_save").click().run()
    assert app.button(key="event_save").label == "Saved"
    app.button(key="follow_venue").click().run()
    app.button(key=f"follow_{keeping.artist_id('Xenia')}").click().run()
    assert not app.exception
    assert len(events.saved(deps, person, Whereabouts())) == 1
    assert len(keeping.list_follows(deps, person)) == 2
    assert counted(deps, Interaction.SAVE) == 1


def test_coming_back_from_registering_finishes_the_save(open_as: Open, deps: Deps, person: Visitor, visit: str) -> None:
    [event_id] = store(deps, gig("Xenia"))
    ticket = browsers.save_ticket(deps.site, visit, event_id, deps.now())
    app = open_as(person, "event", id=str(event_id), save=ticket)
    assert app.button(key="event_save").label == "Saved"
    assert "save" not in app.query_params
    app = open_as(a_person(deps), "event", id=str(event_id), save="1.forged")
    assert app.button(key="event_save").label == "Save"


def test_views_and_impressions_are_counted_once_however_often_a_page_runs(open_as: Open, deps: Deps) -> None:
    [event_id, _] = store(deps, gig("Xenia"), gig("Other"))
    app = open_as(Visitor(), "events")
    app.run()
    assert counted(deps, Interaction.IMPRESSION) == 2
    app = open_as(Visitor(), "event", id=str(event_id))
    app.run()
    assert counted(deps, Interaction.VIEW) == 1


def test_saved_shows_have_a_page_that_only_people_open(open_as: Open, deps: Deps, person: Visitor) -> None:
    assert open_as(Visitor(), "saved").title[0].value == "Sign in first"
    assert open_as(person, "saved").title[0].value == "Nothing saved to come"
    ids = store(deps, gig("Xenia"), gig("Off", on=3, status=EventStatus.CANCELLED))
    for event_id in ids:
        keeping.save(deps, person, event_id)
    app = open_as(person, "saved")
    assert app.title[0].value == "1 show to come"
    assert [(card["title"], card["badge"]) for card in cards(app)["Saved shows"]] == [
        ("Off", "Cancelled"),
        ("Xenia", ""),
    ]


HOSTILE_NAMES = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)> [a](javascript:b) :material/home: $x$",
    "\u202egnp.exe",
    "x" * 100_000,
)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_events_stay_text(open_as: Open, deps: Deps, person: Visitor, name: str) -> None:
    venue = Venue(name[:5000], name[:5000], "DE", latitude=HALL.latitude, longitude=HALL.longitude)
    offers = (Offer(name[:500], "javascript:alert(1)", 100, 200, "EUR"),)
    acts = (Performer(name[:200]),)
    [event_id] = store(deps, gig("X", title=name, venue=venue, offers=offers, performers=acts, attribution=name[:300]))
    app = open_as(person, "event", id=str(event_id))
    for element in (*app.title, *app.subheader, *app.caption, *app.markdown):
        assert "<script" not in element.value.replace("\\<script", "")
        assert "[a](" not in element.value.replace("\\[a\\]\\(", "")
    assert not any("<img" in str(element.proto) for element in app.get("html"))
    app = open_as(person, "events")
    [card] = cards(app)["All shows"]
    assert str(card["link"]).startswith("/event?id=")
    assert str(card["ticket_link"]).startswith("/go/") or card["ticket_link"] == ""
