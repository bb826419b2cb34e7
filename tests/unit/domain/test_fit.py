"""The fit of an event: true reasons, and nothing good ever lowers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.domain.fit import (
    FamilyFollowed,
    FamilyShare,
    Fit,
    Followed,
    Heard,
    Listener,
    Near,
    Occasion,
    Performer,
    Soon,
    TagFollowed,
    VenueFollowed,
    best_first,
    fit,
    is_loved,
)

FAMILIES = ("indie", "jazz", "metal")
LISTENER = Listener({"indie": 0.41, "jazz": 0.2, "metal": 0.004}, radius_km=50)


@st.composite
def performers(draw: st.DrawFn) -> Performer:
    plays = draw(st.integers(0, 5_000))
    recent = draw(st.integers(0, plays))
    return Performer(draw(st.text("abc", min_size=1, max_size=6)), plays, recent, None, draw(st.booleans()))


def shares() -> st.SearchStrategy[dict[str, float]]:
    parts = st.dictionaries(st.sampled_from(FAMILIES), st.floats(0.01, 1.0))
    return parts.map(lambda found: {family: part / sum(found.values()) for family, part in found.items()})


LISTENERS = st.builds(Listener, shares(), st.floats(0, 500), st.frozensets(st.sampled_from(FAMILIES)))
OCCASIONS = st.builds(
    Occasion,
    performers=st.lists(performers(), max_size=8, unique_by=lambda performer: performer.name).map(tuple),
    families=shares().map(lambda found: tuple(found.items())),
    distance_km=st.none() | st.floats(0, 20_000),
    is_venue_followed=st.booleans(),
    days_until=st.integers(-10, 400),
    tags=st.lists(st.sampled_from(("boats", "open air")), unique=True).map(tuple),
)


def test_the_reasons_are_the_numbers_themselves() -> None:
    occasion = Occasion(
        performers=(Performer("Opener"), Performer("Headliner", 212, 34, date(2026, 11, 2), is_followed=True)),
        families=(("indie", 0.7), ("metal", 0.2), ("folk", 0.1)),
        distance_km=12.0,
        is_venue_followed=True,
        days_until=9,
    )

    assert fit(occasion, LISTENER).reasons == (
        Heard("Headliner", 212, 34, date(2026, 11, 2)),
        Followed("Headliner"),
        FamilyShare("indie", 0.41),
        Near(12.0),
        VenueFollowed(),
        Soon(9),
    )


def test_what_is_not_so_is_no_reason() -> None:
    nothing = Occasion((Performer("Somebody"),), (("folk", 1.0),), distance_km=51.0, days_until=15)
    over = Occasion((Performer("Somebody"),), days_until=-1)

    assert fit(nothing, LISTENER).reasons == ()
    assert fit(over, LISTENER) == Fit(0.0, ())


def test_somebody_played_a_lot_outweighs_everything_else() -> None:
    loved_far_away = Occasion((Performer("Loved", 400, 60),), distance_km=400.0, days_until=200)
    near = Occasion((Performer("Unknown"),), (("indie", 1.0),), distance_km=0.0, is_venue_followed=True, days_until=0)

    assert fit(loved_far_away, LISTENER).score > fit(near, LISTENER).score


def test_recent_plays_count_more_than_old_ones() -> None:
    now, once = Occasion((Performer("A", 100, 80),)), Occasion((Performer("A", 100, 0),))

    assert fit(now, LISTENER).score > fit(once, LISTENER).score


@given(OCCASIONS, LISTENERS)
def test_a_score_is_from_0_to_100_and_the_same_in_any_order(occasion: Occasion, listener: Listener) -> None:
    found = fit(occasion, listener)
    turned = replace(occasion, performers=occasion.performers[::-1], families=occasion.families[::-1])

    assert 0 <= found.score <= 100
    assert fit(turned, listener) == found


@given(OCCASIONS, LISTENERS, performers(), st.integers(1, 1_000), st.booleans())
def test_more_plays_never_lower_a_score(
    occasion: Occasion, listener: Listener, performer: Performer, more: int, recent: bool
) -> None:
    played = replace(
        performer, plays=performer.plays + more, recent_plays=performer.recent_plays + (more if recent else 0)
    )
    before = fit(replace(occasion, performers=(*occasion.performers, performer)), listener).score

    assert fit(replace(occasion, performers=(*occasion.performers, played)), listener).score >= before
    assert before >= fit(occasion, listener).score  # nor does one performer more


@given(OCCASIONS, LISTENERS, st.floats(0, 20_000), st.floats(0, 20_000))
def test_nearer_never_lowers_a_score(occasion: Occasion, listener: Listener, one: float, other: float) -> None:
    near, far = sorted((one, other))

    nearer = fit(replace(occasion, distance_km=near), listener).score
    assert nearer >= fit(replace(occasion, distance_km=far), listener).score
    assert nearer >= fit(replace(occasion, distance_km=None), listener).score


@given(OCCASIONS, LISTENERS, st.sampled_from(FAMILIES), st.floats(0, 1))
def test_following_and_a_larger_share_of_time_never_lower_a_score(
    occasion: Occasion, listener: Listener, family: str, more: float
) -> None:
    score = fit(occasion, listener).score
    followed = tuple(replace(performer, is_followed=True) for performer in occasion.performers)
    fonder = {**listener.family_shares, family: min(1.0, listener.family_shares.get(family, 0.0) + more)}

    assert fit(replace(occasion, performers=followed), listener).score >= score
    assert fit(replace(occasion, is_venue_followed=True), listener).score >= score
    assert fit(occasion, replace(listener, family_shares=fonder)).score >= score
    assert fit(occasion, replace(listener, families=listener.families | {family})).score >= score
    assert fit(replace(occasion, tags=("boats",)), listener).score >= score


@given(OCCASIONS, LISTENERS)
def test_every_reason_is_true(occasion: Occasion, listener: Listener) -> None:
    known = {performer.name: performer for performer in occasion.performers}
    for reason in fit(occasion, listener).reasons:
        match reason:
            case Heard(name, plays, recent_plays, _):
                assert 0 < plays == known[name].plays
                assert recent_plays == known[name].recent_plays
            case Followed(name):
                assert known[name].is_followed
            case FamilyShare(family, share):
                assert share == listener.family_shares[family]
                assert dict(occasion.families)[family] > 0
            case Near(distance_km):
                assert distance_km == occasion.distance_km
                assert distance_km <= listener.radius_km
            case FamilyFollowed(family):
                assert family in listener.families
                assert dict(occasion.families)[family] > 0
            case TagFollowed(tag):
                assert tag in occasion.tags
            case VenueFollowed():
                assert occasion.is_venue_followed
            case Soon(days_until):
                assert 0 <= days_until == occasion.days_until


@given(st.dictionaries(st.integers(1, 50), st.sampled_from([0.0, 12.5, 80.0])))
def test_equal_fits_stand_in_the_order_of_their_ids(scores: dict[int, float]) -> None:
    found = best_first({event_id: Fit(score, ()) for event_id, score in scores.items()})

    assert list(found) == sorted(sorted(scores), key=lambda event_id: scores[event_id], reverse=True)


def test_a_radius_of_nothing_is_no_error() -> None:
    assert fit(Occasion((), distance_km=0.0), Listener({}, 0)).score == pytest.approx(15.0)


@pytest.mark.parametrize(
    ("performer", "loved"),
    [
        (Performer("Followed", is_followed=True), True),
        (Performer("Played", 50), True),
        (Performer("Lately", 13, 13), True),
        (Performer("Known", 49), False),
        (Performer("Tried", 12, 12), False),
        (Performer("Unknown"), False),
    ],
)
def test_who_is_followed_or_was_heard_fifty_times_is_loved(performer: Performer, loved: bool) -> None:
    assert is_loved(performer) is loved
