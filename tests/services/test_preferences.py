"""What people choose: interests that count, and switches that hold at once, for nobody but themselves."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.events import Venue
from rewrapped.domain.fit import FamilyFollowed, TagFollowed
from rewrapped.domain.interests import MOST_TAGS
from rewrapped.domain.notices import Kind, Notice
from rewrapped.domain.plays import Source
from rewrapped.domain.promoting import Targeting
from rewrapped.domain.shows import Search
from rewrapped.errors import AccessDenied, InvalidInput, SignInNeeded
from rewrapped.services import events, importing, keeping, notices, preferences, promoting, targeting, whereabouts
from rewrapped.services.preferences import Preferences, SourceRows
from rewrapped.services.whereabouts import Whereabouts
from rewrapped.storage import notifications
from tests.exports import extended_row, to_json
from tests.gigs import BERLIN_ID, a_person, gig, heard, promote, store
from tests.promoters import draft, person

BJORK = Targeting(artists=frozenset({"björk"}), minimum_plays=3)
NOWHERE = Whereabouts()
CHANGES: list[Callable[[Deps, Visitor], object]] = [
    preferences.preferences,
    preferences.count_rows,
    lambda deps, visitor: preferences.set_genres(deps, visitor, ["jazz"]),
    lambda deps, visitor: preferences.add_tag(deps, visitor, "open air"),
    lambda deps, visitor: preferences.remove_tag(deps, visitor, "open air"),
    lambda deps, visitor: preferences.set_told(deps, visitor, Kind.EVENT, is_told=False),
    lambda deps, visitor: preferences.set_shared(deps, visitor, Source.EXTENDED, is_shared=True),
    lambda deps, visitor: preferences.set_compared(deps, visitor, Source.EXTENDED, is_compared=True),
]


def chosen(deps: Deps, visitor: Visitor) -> Preferences:
    return preferences.preferences(deps, visitor)


def test_at_first_nothing_is_chosen_all_is_told_and_nothing_is_shared(deps: Deps) -> None:
    found = chosen(deps, a_person(deps))
    assert (found.genres, found.artists, found.venues, found.tags, found.here) == ((), (), (), (), Whereabouts())
    assert found.told == {Kind.RECAP: True, Kind.FOR_YOU: True, Kind.EVENT: True, Kind.IMPORT: True}
    never_an_api = dict.fromkeys((Source.EXTENDED, Source.ACCOUNT, Source.LISTENBRAINZ, Source.LASTFM), False)
    assert (found.shared, found.compared) == (never_an_api, never_an_api)


def test_every_choice_is_kept_beside_the_others(deps: Deps) -> None:
    visitor, other = a_person(deps), a_person(deps)
    preferences.set_genres(deps, visitor, ["metal", "jazz", "jazz"])
    preferences.add_tag(deps, visitor, "#Open  Air")
    preferences.set_told(deps, visitor, Kind.IMPORT, is_told=False)
    preferences.set_shared(deps, visitor, Source.ACCOUNT, is_shared=True)
    whereabouts.set_whereabouts(deps, visitor, BERLIN_ID, 80)
    keeping.follow_artist(deps, visitor, "Xenia")
    keeping.follow_venue(deps, visitor, "Berlin", "Hall")
    found = chosen(deps, visitor)
    assert (set(found.genres), found.tags) == ({"metal", "jazz"}, ("open air",))
    assert ([one.name for one in found.artists], [one.name for one in found.venues]) == (["Xenia"], ["Hall, Berlin"])
    assert (found.told[Kind.IMPORT], found.told[Kind.EVENT]) == (False, True)
    assert [source for source, is_shared in found.shared.items() if is_shared] == [Source.ACCOUNT]
    assert found.here.place is not None
    assert (found.here.place.name, found.here.radius_km) == ("Berlin", 80)
    assert chosen(deps, other) == chosen(deps, a_person(deps))
    preferences.remove_tag(deps, visitor, "open air")
    preferences.set_genres(deps, visitor, [])
    assert (chosen(deps, visitor).tags, chosen(deps, visitor).genres) == ((), ())


def test_choices_made_at_the_same_time_are_all_kept(deps: Deps) -> None:
    visitor = a_person(deps)
    with ThreadPoolExecutor(8) as tabs:
        list(tabs.map(lambda number: preferences.add_tag(deps, visitor, f"tag {number}"), range(24)))
    assert len(chosen(deps, visitor).tags) == 24


@pytest.mark.parametrize("change", CHANGES)
def test_strangers_and_whoever_looks_at_sample_data_choose_nothing(
    deps: Deps, change: Callable[[Deps, Visitor], object]
) -> None:
    with pytest.raises(SignInNeeded):
        change(deps, Visitor())
    with pytest.raises(AccessDenied):
        change(deps, Visitor.demo(a_person(deps).signed_in()))


@pytest.mark.parametrize("text", ["", "  # ", "x" * 41, "x" * 100_000, "\u202e\u0000"])
def test_what_is_no_tag_is_refused(deps: Deps, text: str) -> None:
    visitor = a_person(deps)
    with pytest.raises(InvalidInput):
        preferences.add_tag(deps, visitor, text)
    assert chosen(deps, visitor).tags == ()


def test_tags_are_bounded(deps: Deps) -> None:
    visitor = a_person(deps)
    for number in range(MOST_TAGS):
        preferences.add_tag(deps, visitor, f"tag {number}")
    preferences.add_tag(deps, visitor, "tag 0")  # it is there already
    with pytest.raises(InvalidInput, match="Take one off"):
        preferences.add_tag(deps, visitor, "one more")


@pytest.mark.parametrize("keys", [["no such genre"], ["jazz", "x" * 100_000], ["jazz", "<script>"]])
def test_an_unknown_genre_is_refused_and_nothing_is_stored(deps: Deps, keys: list[str]) -> None:
    visitor = a_person(deps)
    with pytest.raises(InvalidInput):
        preferences.set_genres(deps, visitor, keys)
    assert chosen(deps, visitor).genres == ()


# For you ------------------------------------------------------------------------------------------


def test_a_chosen_genre_brings_its_shows_to_somebody_without_any_plays(deps: Deps) -> None:
    visitor = a_person(deps)
    store(deps, gig("Quartet", genres=("Music", "Jazz")), gig("Anvil", genres=("Music", "Metal")))
    assert events.board(deps, visitor, Search(), NOWHERE).for_you == ()
    preferences.set_genres(deps, visitor, ["jazz"])
    [card] = events.board(deps, visitor, Search(), NOWHERE).for_you
    assert card.show.listing.title == "Quartet"
    assert FamilyFollowed("jazz") in card.fitness.reasons
    preferences.set_genres(deps, visitor, [])
    assert events.board(deps, visitor, Search(), NOWHERE).for_you == ()


def test_a_chosen_tag_counts_where_a_promoter_or_five_people_gave_it(deps: Deps) -> None:
    visitor = a_person(deps)
    promoted, given, few = store(deps, gig("A"), gig("B", on=9), gig("C", on=11))
    promote(deps, promoted, tags=["boats"])
    for number in range(5):
        somebody = a_person(deps)
        keeping.add_tag(deps, somebody, given, "boats")
        if number:
            keeping.add_tag(deps, somebody, few, "boats")
    preferences.add_tag(deps, visitor, "Boats")
    cards = events.board(deps, visitor, Search(), NOWHERE).for_you
    assert sorted(card.show.listing.title for card in cards) == ["A", "B"]
    assert all(TagFollowed("boats") in card.fitness.reasons for card in cards)


def test_venues_are_found_by_name_or_city_to_be_followed(deps: Deps) -> None:
    munich = Venue("Zenith 100%", "München", "DE")
    store(deps, gig("A"), gig("B", on=9), gig("C", venue=munich))
    assert [(one.name, one.city) for one in preferences.find_venues(deps, "hal")] == [("Hall", "Berlin")]
    assert [one.name for one in preferences.find_venues(deps, "münch")] == ["Zenith 100%"]
    assert [one.name for one in preferences.find_venues(deps, "%")] == ["Zenith 100%"]
    assert preferences.find_venues(deps, "  ") == ()
    assert preferences.find_venues(deps, "x" * 100_000) == ()


# Switches -----------------------------------------------------------------------------------------


def tell(deps: Deps, visitor: Visitor, kind: Kind) -> bool:
    with deps.engine.begin() as conn:
        return notifications.add_notification(conn, visitor.signed_in(), Notice(kind, "something"), deps.now())


@pytest.mark.parametrize("kind", [Kind.RECAP, Kind.FOR_YOU, Kind.EVENT, Kind.IMPORT])
def test_a_kind_that_is_switched_off_is_no_message_and_no_toast_until_it_is_on_again(deps: Deps, kind: Kind) -> None:
    visitor, other = a_person(deps), a_person(deps)
    preferences.set_told(deps, visitor, kind, is_told=False)
    assert not tell(deps, visitor, kind)
    assert tell(deps, other, kind)
    assert tell(deps, visitor, Kind.APPLICATION)
    assert [message.kind for message in notices.take_messages(deps, visitor)] == [Kind.APPLICATION]
    assert notices.count_unread(deps, visitor) == 1
    preferences.set_told(deps, visitor, kind, is_told=True)
    assert tell(deps, visitor, kind)


def test_an_import_is_not_told_to_somebody_who_switched_that_off(deps: Deps, tmp_path: Path) -> None:
    quiet, other = a_person(deps), a_person(deps)
    preferences.set_told(deps, quiet, Kind.IMPORT, is_told=False)
    for visitor in (quiet, other):
        heard(deps, visitor, tmp_path, [("Xenia", 1)])
    assert [len(notices.list_messages(deps, visitor)) for visitor in (quiet, other)] == [0, 1]


def test_a_change_of_a_saved_show_is_not_told_to_somebody_who_switched_that_off(deps: Deps) -> None:
    quiet, other, owner = a_person(deps), a_person(deps), person(deps, Role.PROMOTER)
    event_id = promoting.create(deps, owner, draft())
    for visitor in (quiet, other):
        keeping.save(deps, visitor, event_id)
    preferences.set_told(deps, quiet, Kind.EVENT, is_told=False)
    promoting.cancel(deps, owner, event_id)
    assert [len(notices.list_messages(deps, visitor)) for visitor in (quiet, other)] == [0, 1]


def test_decisions_on_an_application_cannot_be_switched_off(deps: Deps) -> None:
    with pytest.raises(InvalidInput):
        preferences.set_told(deps, a_person(deps), Kind.APPLICATION, is_told=False)


def test_plays_choose_sponsored_events_from_opting_in_until_opting_out(deps: Deps, tmp_path: Path) -> None:
    visitor = a_person(deps)
    heard(deps, visitor, tmp_path, [("Björk", 1), ("Björk", 2), ("Björk", 3)])
    assert not targeting.fits(deps, visitor, BJORK)
    preferences.set_shared(deps, visitor, Source.ACCOUNT, is_shared=True)
    assert not targeting.fits(deps, visitor, BJORK)  # none of the plays came from there
    preferences.set_shared(deps, visitor, Source.EXTENDED, is_shared=True)
    assert targeting.fits(deps, visitor, BJORK)
    preferences.set_shared(deps, visitor, Source.EXTENDED, is_shared=False)
    assert not targeting.fits(deps, visitor, BJORK)


def test_plays_of_an_api_cannot_be_opted_in(deps: Deps) -> None:
    visitor = a_person(deps)
    with pytest.raises(InvalidInput):
        preferences.set_shared(deps, visitor, Source.SPOTIFY_API, is_shared=True)
    with pytest.raises(InvalidInput):
        preferences.set_compared(deps, visitor, Source.SPOTIFY_API, is_compared=True)
    assert not any((*chosen(deps, visitor).shared.values(), *chosen(deps, visitor).compared.values()))


def test_one_agreement_does_not_stand_for_the_other(deps: Deps) -> None:
    visitor = a_person(deps)
    preferences.set_shared(deps, visitor, Source.EXTENDED, is_shared=True)
    preferences.set_compared(deps, visitor, Source.ACCOUNT, is_compared=True)
    found = chosen(deps, visitor)
    assert [source for source, is_on in found.shared.items() if is_on] == [Source.EXTENDED]
    assert [source for source, is_on in found.compared.items() if is_on] == [Source.ACCOUNT]


def test_rows_are_counted_by_the_source_they_came_from(deps: Deps, tmp_path: Path) -> None:
    visitor = a_person(deps)
    assert preferences.count_rows(deps, visitor) == {}
    heard(deps, visitor, tmp_path, [("Björk", 1), ("Björk", 2)])
    assert preferences.count_rows(deps, visitor) == {Source.EXTENDED: SourceRows(own=2)}


def test_rows_count_however_short_and_those_behind_a_better_source_are_told_apart(deps: Deps, tmp_path: Path) -> None:
    visitor = a_person(deps)
    told, short = "2024-05-01T10:03:30Z", "2024-05-01T11:00:00Z"
    better = [extended_row(ts=told, ms_played=200_000), extended_row(ts=short, ms_played=4_000)]
    poorer = {"endTime": "2024-05-01 10:03", "artistName": "Xenia", "trackName": "Tide", "msPlayed": 200_000}
    for name, rows in (("StreamingHistory_music_0", [poorer]), ("Streaming_History_Audio_2024_0", better)):
        path = tmp_path / f"{name}.json"
        path.write_bytes(to_json(rows))
        importing.import_files(deps, visitor.signed_in(), [path])
    counted = preferences.count_rows(deps, visitor)
    assert counted == {Source.EXTENDED: SourceRows(own=2), Source.ACCOUNT: SourceRows(behind=1)}
