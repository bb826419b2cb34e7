"""Which listings are the same show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rewrapped.domain.twins import Show, metres_between, tie

DAY = date(2026, 12, 1)
LIDO = (52.4991, 13.4453)


def show(number: int, source: str = "ticketmaster", **values: object) -> Show:
    """Return a show of Nordlicht in the Lido with some of its values replaced."""
    bridges = values.pop("bridges", ())
    plain = Show(
        id=number,
        source=source,
        ids=frozenset({(source, str(number)), *bridges}),
        start_on=DAY,
        start_time=time(20),
        venue_name="Lido",
        city="Berlin",
        latitude=LIDO[0],
        longitude=LIDO[1],
        names=frozenset({"nordlicht"}),
    )
    return replace(plain, **values)


def other(number: int, **values: object) -> Show:
    """Return the same from another source."""
    return show(number, "jambase", **values)


def are_one(*shows: Show) -> bool:
    """Return whether all are found to be one show."""
    return len(set(tie(shows).values())) == 1


def test_day_venue_and_performer_make_one_show() -> None:
    assert tie([show(7), other(3)]) == {7: 3, 3: 3}


def test_one_that_stands_alone_is_its_own() -> None:
    assert tie([show(7)]) == {7: 7}
    assert tie([]) == {}


def test_another_performer_is_another_show() -> None:
    assert not are_one(show(1), other(2, names=frozenset({"low harbour"})))


def test_one_shared_performer_is_enough() -> None:
    assert are_one(show(1, names=frozenset({"a", "b"})), other(2, names=frozenset({"b", "c"})))


def test_accents_and_signs_in_names_do_not_matter() -> None:
    assert are_one(show(1, names=frozenset({"ólafía & band"})), other(2, names=frozenset({"olafia and band"})))


def test_names_of_signs_alone_are_compared_as_they_are() -> None:
    assert are_one(show(1, names=frozenset({"!!!"})), other(2, names=frozenset({"!!!"})))
    assert not are_one(show(1, names=frozenset({"!!!"})), other(2, names=frozenset({"???"})))


def test_without_performers_nothing_is_known_to_be_the_same() -> None:
    assert not are_one(show(1, names=frozenset()), other(2, names=frozenset()))


def test_three_hundred_metres_are_one_venue_and_more_are_not() -> None:
    near, far = LIDO[0] + 0.0026, LIDO[0] + 0.0028
    assert metres_between((near, LIDO[1]), LIDO) < 300 < metres_between((far, LIDO[1]), LIDO)
    assert are_one(show(1), other(2, latitude=near, venue_name="Club Lido", city="Kreuzberg"))
    assert not are_one(show(1), other(2, latitude=far, venue_name="Club Lido"))


def test_a_venues_name_and_city_are_enough_where_its_place_is_off_or_unknown() -> None:
    assert are_one(show(1), other(2, latitude=52.52, longitude=13.40))
    assert are_one(show(1, venue_name="The Lido!"), other(2, latitude=None, longitude=None, venue_name="LIDO"))
    assert not are_one(show(1), other(2, latitude=None, longitude=None, city="Hamburg"))
    assert not are_one(show(1, city=""), other(2, latitude=None, longitude=None, city=""))


def test_matinee_and_evening_are_two_shows() -> None:
    assert not are_one(show(1, start_time=time(15)), other(2, start_time=time(20)))
    assert not are_one(show(1, start_time=time(18)), other(2, start_time=time(20)))
    assert are_one(show(1, start_time=time(18, 1)), other(2, start_time=time(20)))


def test_an_unknown_time_does_not_join_matinee_and_evening() -> None:
    found = tie([show(1, start_time=time(15)), show(2, start_time=time(20)), other(3, start_time=None)])
    assert found[1] != found[2]
    assert found[3] in (found[1], found[2])


def test_a_day_may_be_off_by_one_while_a_time_is_unknown() -> None:
    assert are_one(show(1), other(2, start_on=DAY + timedelta(days=1), start_time=None))
    assert not are_one(show(1), other(2, start_on=DAY + timedelta(days=1)))
    assert not are_one(show(1), other(2, start_on=DAY + timedelta(days=2), start_time=None))


def test_two_nights_in_a_row_stay_two_whatever_times_are_known() -> None:
    nights = [
        show(1, start_time=None),
        show(2, start_time=None, start_on=DAY + timedelta(days=1)),
        other(3, start_time=None),
        other(4, start_time=None, start_on=DAY + timedelta(days=1)),
    ]
    assert tie(nights) == {1: 1, 2: 2, 3: 1, 4: 2}


def test_a_shared_id_is_believed_before_anything_else() -> None:
    moved = other(2, bridges=[("ticketmaster", "1")], start_on=DAY + timedelta(days=90), names=frozenset({"x"}))
    assert are_one(show(1), moved)


def test_two_that_name_a_third_are_one_also_when_it_is_not_here() -> None:
    assert are_one(other(1, bridges=[("axs", "9")], names=frozenset()), show(2, bridges=[("axs", "9")]))


def test_ids_of_different_sources_are_not_mixed_up() -> None:
    assert not are_one(show(1, names=frozenset({"a"})), other(2, bridges=[("axs", "1")], names=frozenset({"b"})))


def test_groups_go_on_from_one_to_the_next() -> None:
    chain = [
        show(5, names=frozenset({"a"})),
        other(6, names=frozenset({"a", "b"})),
        show(4, "demo", names=frozenset({"b"})),
    ]
    assert tie(chain) == {4: 4, 5: 4, 6: 4}


def test_equally_near_ones_are_told_apart_by_what_they_say_and_not_by_who_came_first() -> None:
    row = [show(1, start_time=time(18)), other(2, start_time=time(19)), show(3, "demo", start_time=time(20))]
    turned = [replace(one, id=4 - one.id) for one in row]
    assert list(tie(row).values()) == [1, 1, 3]
    assert tie(turned) == {3: 2, 2: 2, 1: 1}


def test_a_day_that_is_out_of_date_keeps_nobody_from_a_twin() -> None:
    moved = DAY + timedelta(days=60)
    stale = other(2, bridges=[("ticketmaster", "1")])
    assert are_one(show(1, start_on=moved), stale, show(3, "demo", start_on=moved))


# Promoters of this site ---------------------------------------------------------------------------


def own(number: int, owner: str, **values: object) -> Show:
    """Return the same, listed here by somebody."""
    return show(number, "internal", owner=owner, **values)


def test_two_promoters_never_list_one_show_and_one_may_list_it_twice() -> None:
    assert not are_one(own(1, "a"), own(2, "b"))
    assert are_one(own(1, "a"), own(2, "a"))


def test_another_source_is_one_with_the_promoter_who_listed_it_first_however_near_the_other_is() -> None:
    apart = [own(2, "a", start_time=time(19)), own(3, "b", start_time=time(20)), show(1)]
    assert tie(apart) == {1: 1, 2: 1, 3: 3}


def test_a_shared_id_of_other_sources_brings_no_two_promoters_together() -> None:
    sources = [show(1), other(2, start_on=DAY + timedelta(days=9), bridges=[("ticketmaster", "1")])]
    found = tie([*sources, own(3, "a"), own(4, "b", start_on=DAY + timedelta(days=9))])
    assert (found[1], found[2], found[3], found[4]) == (1, 1, 1, 4)


def test_a_listing_that_is_kept_apart_is_nobodys_twin() -> None:
    assert tie([show(1), own(2, "a", is_apart=True), own(3, "a")]) == {1: 1, 2: 2, 3: 1}


SHOWS = st.lists(
    st.builds(
        show,
        st.integers(1, 40),
        st.sampled_from(["ticketmaster", "jambase", "demo"]),
        start_on=st.sampled_from([DAY + timedelta(days=n) for n in range(3)]),
        start_time=st.sampled_from([None, time(15), time(16, 30), time(18), time(20)]),
        names=st.frozensets(st.sampled_from("abc"), max_size=2),
        latitude=st.sampled_from([None, 52.4991, 52.5011, 52.51]),
        bridges=st.lists(st.tuples(st.sampled_from(["ticketmaster", "axs"]), st.integers(1, 40).map(str)), max_size=1),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(SHOWS, st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=12, max_size=12), st.sets(st.integers(1, 40)))
def test_no_group_holds_two_promoters_or_one_kept_apart(shows: list[Show], owners: list[str], apart: set[int]) -> None:
    mixed = [
        replace(one, owner=owner, is_apart=bool(owner) and one.id in apart)
        for one, owner in zip(shows, owners, strict=False)
    ]
    found = tie(mixed)
    for leader in set(found.values()):
        group = [one for one in mixed if found[one.id] == leader]
        assert len({one.owner for one in group} - {""}) <= 1
        assert len(group) == 1 or not any(one.is_apart for one in group)
    assert tie(mixed[::-1]) == found


@given(SHOWS, st.randoms())
def test_the_order_of_listings_never_matters(shows: list[Show], random: object) -> None:
    shuffled = list(shows)
    random.shuffle(shuffled)
    assert tie(shuffled) == tie(shows)


@given(SHOWS)
def test_every_group_is_led_by_its_lowest_id_and_ties_again_to_itself(shows: list[Show]) -> None:
    found = tie(shows)
    assert set(found) == {one.id for one in shows}
    for number, leader in found.items():
        assert leader == min(member for member, of in found.items() if of == leader) <= number
        assert found[leader] == leader


@given(SHOWS)
def test_without_shared_ids_no_group_holds_two_shows_far_apart(shows: list[Show]) -> None:
    plain = [replace(one, ids=frozenset({(one.source, str(one.id))})) for one in shows]
    found = tie(plain)
    for one in plain:
        for another in plain:
            if found[one.id] == found[another.id] and one.start_time and another.start_time:
                assert one.start_on == another.start_on
                assert abs(minute(one.start_time) - minute(another.start_time)) < 120


def minute(at: time) -> int:
    """Return the minute of the day."""
    return at.hour * 60 + at.minute
