"""The preferences page as Streamlit runs it: what is chosen is stored at once, and never as anybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.notices import Kind
from rewrapped.domain.plays import Source
from rewrapped.services import keeping, preferences, sessions, whereabouts
from rewrapped.services.preferences import Preferences
from rewrapped.ui import session
from tests.gigs import BERLIN_ID, a_person, gig, heard, store

APP = str(Path(__file__).resolve().parents[2] / "app.py")
Open = Callable[[Visitor], AppTest]


@pytest.fixture
def open_as(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open the page as a visitor."""
    running.hold(deps)

    def open_it(visitor: Visitor) -> AppTest:
        token = None if visitor.user_id is None else sessions.start(deps, visitor.user_id)
        monkeypatch.setattr(session, "token", lambda: token)
        app = AppTest.from_file(APP, default_timeout=60).run().switch_page("pages/preferences.py").run()
        assert not app.exception
        return app

    yield open_it
    running.hold(None)


@pytest.fixture
def person(deps: Deps) -> Visitor:
    return a_person(deps)


def chosen(deps: Deps, visitor: Visitor) -> Preferences:
    return preferences.preferences(deps, visitor)


def press(app: AppTest, label: str) -> AppTest:
    [button] = [button for button in app.button if button.label == label]
    app = button.click().run()
    assert not app.exception
    return app


def test_nobody_chooses_without_signing_in(open_as: Open) -> None:
    app = open_as(Visitor())
    assert app.title[0].value == "Sign in first"
    assert not app.toggle


def test_a_newcomer_sees_that_nothing_is_chosen_and_nothing_shared(open_as: Open, person: Visitor) -> None:
    app = open_as(person)
    assert app.title[0].value == "Tell us what you like"
    switches = {toggle.label: toggle.value for toggle in app.toggle}
    assert switches == {
        "Your week and your month": True,
        "New shows for you": True,
        "Changes to what you saved": True,
        "Imports": True,
        "Spotify, extended history (nothing stored yet)": False,
        "Spotify, account data (nothing stored yet)": False,
        "Compare Spotify, extended history (nothing stored yet)": False,
        "Compare Spotify, account data (nothing stored yet)": False,
    }


def test_genres_are_stored_as_they_are_pressed(open_as: Open, deps: Deps, person: Visitor) -> None:
    app = open_as(person)
    [pills] = app.get("button_group")
    pills.set_value(["jazz", "metal"]).run()
    assert set(chosen(deps, person).genres) == {"jazz", "metal"}
    assert app.title[0].value == "You like 2 genres"


def test_artists_venues_and_tags_are_added_and_taken_off(open_as: Open, deps: Deps, person: Visitor) -> None:
    store(deps, gig("Xenia"))
    app = open_as(person)
    app.text_input[1].input("[Björk](http://evil.example)")
    press(app, "Follow")
    app.text_input(key="venue_text").input("hal").run()
    press(app, "Hall, Berlin")
    app.text_input[0].input("Open Air")
    press(app, "Add")
    found = chosen(deps, person)
    assert [one.name for one in found.artists] == ["[Björk](http://evil.example)"]
    assert ([one.name for one in found.venues], found.tags) == (["Hall, Berlin"], ("open air",))
    assert app.title[0].value == "You like 1 artist, 1 venue and 1 tag"
    assert not any("](http" in button.label for button in app.button)
    for label in ("Hall, Berlin", "open air"):
        press(app, label)
    found = chosen(deps, person)
    assert (found.venues, found.tags) == ((), ())


def test_what_cannot_be_stored_is_told(open_as: Open, deps: Deps, person: Visitor) -> None:
    app = open_as(person)
    app.text_input[0].input("#" * 40)
    press(app, "Add")
    assert "1 to 40 characters" in app.error[0].value
    assert chosen(deps, person).tags == ()


def test_place_and_radius_are_told_changed_and_forgotten(open_as: Open, deps: Deps, person: Visitor) -> None:
    app = open_as(person)
    assert not app.slider
    app.text_input(key="preferred_text").input("Berlin").run()
    press(app, "Berlin, Germany")
    here = chosen(deps, person).here
    assert here.place is not None
    assert here.place.id == BERLIN_ID
    app.slider[0].set_value(120).run()
    assert chosen(deps, person).here.radius_km == 120
    press(app, "Forget the place")
    assert chosen(deps, person).here.place is None


def test_switches_are_stored_as_they_are_pressed(open_as: Open, deps: Deps, person: Visitor, tmp_path: Path) -> None:
    heard(deps, person, tmp_path, [("Xenia", 1), ("Xenia", 2)])
    app = open_as(person)
    app.toggle(key="told_event").set_value(False).run()
    app.toggle(key="shared_extended").set_value(True).run()
    assert app.toggle(key="shared_extended").label == "Spotify, extended history (2 rows stored)"
    found = chosen(deps, person)
    assert (found.told[Kind.EVENT], found.shared[Source.EXTENDED], found.shared[Source.ACCOUNT]) == (False, True, False)
    app.toggle(key="shared_extended").set_value(False).run()
    assert not chosen(deps, person).shared[Source.EXTENDED]


def test_what_was_chosen_elsewhere_stands_on_the_page(open_as: Open, deps: Deps, person: Visitor) -> None:
    whereabouts.set_whereabouts(deps, person, BERLIN_ID, 75)
    keeping.follow_artist(deps, person, "Xenia")
    preferences.set_genres(deps, person, ["jazz"])
    app = open_as(person)
    assert (app.slider[0].value, app.title[0].value) == (75, "You like 1 genre and 1 artist")


def test_a_switch_pressed_after_signing_out_in_another_tab_changes_nothing(
    open_as: Open, deps: Deps, person: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_as(person)
    monkeypatch.setattr(session, "token", lambda: None)
    app.toggle(key="shared_extended").set_value(True).run()
    assert not chosen(deps, person).shared[Source.EXTENDED]
    assert app.title[0].value == "Sign in first"
