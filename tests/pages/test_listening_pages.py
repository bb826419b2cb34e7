"""The listening pages as Streamlit runs them, over a real database: no data, one play, one day, years."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.storage.tables import users
from rewrapped.ui import session
from tests.pages.plays import CHECKOUT, Open, play, podcast

LISTENING = ("overview", "wrapped", "tops", "genres", "habits", "evolution", "compare", "history", "item")


@pytest.mark.parametrize("name", LISTENING)
def test_a_page_without_data_says_how_to_begin(open_page: Open, name: str) -> None:
    app = open_page(name)

    assert app.title[0].value == "Your years fit in here"
    assert app.button[0].label == "Import your listening"


@pytest.mark.parametrize("name", LISTENING)
def test_one_play_is_enough_for_every_page(open_page: Open, given, deps: Deps, name: str) -> None:
    given([play(deps.now() - timedelta(hours=1))])

    app = open_page(name)

    assert not app.error
    assert bool(app.info) == (name == "compare")  # which says that both sides are that one play


def test_a_comparison_of_one_week_offers_what_the_week_holds(open_page: Open, given, deps: Deps) -> None:
    given([play(deps.now() - timedelta(hours=3 + 24 * number), f"Song {number}") for number in range(7)])

    app = open_page("compare")

    assert "Both sides are the same now" in app.info[0].value
    links = [each.proto for each in app.get("page_link") if "against" in each.proto.label]
    assert [link.label for link in links] == [
        "Your latest 3 days against the 3 before",
        "Your weekends against Mondays to Fridays",
    ]
    for link in links:
        assert not open_page("compare", **dict(parse_qsl(link.query_string))).info


@pytest.mark.parametrize("name", LISTENING)
def test_a_single_day_is_enough_for_every_page(open_page: Open, given, deps: Deps, name: str) -> None:
    given([play(deps.now() - timedelta(minutes=5 * number), f"Song {number % 7}") for number in range(60)])

    assert not open_page(name).error


def test_the_overview_greets_by_name_and_a_name_is_no_markup(open_page: Open, given, deps: Deps) -> None:
    given([play(deps.now() - timedelta(hours=1))])

    app = open_page("overview")

    assert app.title[0].value == "Your listening"
    assert app.caption[0].value.startswith("Good afternoon, Mira \\*M\\*.")


def test_titles_follow_the_filter_of_the_address(open_page: Open, given, deps: Deps) -> None:
    year_ago = deps.now() - timedelta(days=400)
    given(
        [play(deps.now() - timedelta(hours=number)) for number in range(1, 4)]
        + [play(year_ago - timedelta(hours=number), artist="Nadir") for number in range(30)]
    )

    assert open_page("history", range="all").title[0].value == "33 plays"
    assert open_page("history", range="4w").title[0].value == "3 plays"
    assert open_page("history", range="all", q="nadir").title[0].value == "30 plays found"
    assert open_page("tops", range="all", of="artists").title[0].value == "Nadir is your top artist"


def test_a_filter_that_fits_nothing_says_so(open_page: Open, given, deps: Deps) -> None:
    given([play(deps.now() - timedelta(hours=1))])

    for name in LISTENING[:-1]:  # an item has a sentence of its own
        app = open_page(name, range="2011")
        assert "2011" in app.info[0].value, name


HOSTILE = (
    {"range": "'; drop table users; --"},
    {"range": "custom", "from": "9999-99-99", "to": "x"},
    {"artists": "-1,999999999999999999999999,<script>", "hours": "99", "weekdays": "null"},
    {"of": "users", "by": "password", "order": "sleep(10)", "page": "-5", "rows": "all", "q": "%_\\ " * 200},
    {"page": "99999999999999999999"},
    {"in": "genre:<script>", "level": "all", "unit": "%00", "ring": "1"},
    {"in": "artist:'; --", "level": "genres", "part": "'; drop table users; --"},
    {"of": "", "per": "decade", "item": "-1"},
    {"item": "99999999999999999999999999"},
    {"b": "<script>", "b_from": "9999-99-99", "b_to": "0", "b_weekdays": "-1,7,null"},
    {"b": "before", "range": "all", "b_weekdays": "6"},
)


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("name", LISTENING)
def test_a_forged_address_never_breaks_a_page(
    open_page: Open, given, deps: Deps, name: str, query: dict[str, str]
) -> None:
    given([play(deps.now() - timedelta(hours=1))])

    assert not open_page(name, **query).error


def test_names_from_a_file_are_shown_and_never_read_as_markup(open_page: Open, given, deps: Deps) -> None:
    name = "<img src=x onerror=alert(1)> [a](javascript:b) :material/home: $x$"
    given([play(deps.now() - timedelta(hours=number), name, name) for number in range(1, 13)])

    app = open_page("tops", of="artists", artists="1")

    shown = [element.value for element in (*app.title, *app.caption, *app.subheader)]
    shown += [button.label for button in app.button]
    assert any("onerror" in text for text in shown)
    assert not any(re.search(r"(?<!\\)(<img|\[a\]|:material|\$x)", text) for text in shown)


def test_a_chosen_filter_is_kept_in_the_address_and_shown_as_a_chip(open_page: Open, given, deps: Deps) -> None:
    given([play(deps.now() - timedelta(days=number)) for number in range(9)])

    chip = open_page("overview", range="4w", weekdays="5,6").button(key="filter_chip_weekdays")

    assert chip.label == "Saturday, Sunday"


def test_taking_a_chip_off_leaves_the_rest_of_the_filter(open_page: Open, given, deps: Deps) -> None:
    given([play(deps.now() - timedelta(days=number)) for number in range(9)])
    app = open_page("overview", range="4w", weekdays="5", hours="11")

    app.button(key="filter_chip_weekdays").click().run()

    assert not app.exception
    assert "weekdays" not in app.query_params
    assert app.query_params["hours"] == "11"
    assert app.query_params["range"] == "4w"


def test_the_history_is_paged_and_a_page_past_the_end_is_the_last(open_page: Open, given, deps: Deps) -> None:
    given([play(deps.now() - timedelta(hours=number)) for number in range(1, 121)])

    captions = [caption.value for caption in open_page("history", range="all", page="99").caption]

    assert any(caption.startswith("101 to 120 of 120.") for caption in captions)


def test_what_is_too_short_to_count_is_shown_on_request(open_page: Open, given, deps: Deps) -> None:
    given([play(deps.now() - timedelta(hours=1)), play(deps.now() - timedelta(hours=2), ms_played=4_000)])

    assert open_page("history", range="all").title[0].value == "1 play"
    assert open_page("history", range="all", rows="all").title[0].value == "2 rows of history"


def test_a_day_is_shown_in_full_whatever_the_filter(open_page: Open, given, deps: Deps) -> None:
    at = datetime(2026, 3, 5, 12, tzinfo=deps.now().tzinfo)
    given([play(at), play(at + timedelta(hours=3), artist="Nadir"), play(at + timedelta(hours=4), ms_played=4_000)])

    app = open_page("history", range="all", hours="13")

    assert app.title[0].value == "1 play"
    assert (
        "2 plays, 7 min, 2 artists. All of the day, whatever the filters: the time holds 1 row that isn't a play."
    ) in [caption.value for caption in app.caption]


def test_a_day_says_that_podcasts_count(open_page: Open, given, deps: Deps) -> None:
    at = datetime(2026, 3, 5, 12, tzinfo=deps.now().tzinfo)
    given([play(at), podcast(at + timedelta(hours=1))])

    app = open_page("history", range="all")

    said = "2 plays, 7 min, 2 artists. All of the day, whatever the filters: podcasts count too."
    assert said in [caption.value for caption in app.caption]


def test_a_page_of_podcasts_speaks_of_podcasts(open_page: Open, given, deps: Deps) -> None:
    given([podcast(deps.now() - timedelta(days=number, hours=hour)) for number in range(20) for hour in range(number)])

    app = open_page("overview", range="all", kinds="episode")

    assert any("held the most podcasts" in title.value for title in app.subheader)


def a_year(deps: Deps, *leaders: str) -> list[dict[str, object]]:
    """Return a dozen plays in each of the last months, of one artist a month, the last month last."""
    first = deps.now() - timedelta(days=30 * len(leaders) - 25)
    return [
        play(first + timedelta(days=30 * month, hours=6 * number), artist=name)
        for month, name in enumerate(leaders)
        for number in range(12)
    ]


def subheaders(app: AppTest) -> list[str]:
    return [element.value for element in app.subheader]


def test_the_evolution_names_who_led_and_follows_the_choice_of_the_address(open_page: Open, given, deps: Deps) -> None:
    given(a_year(deps, "Ana", "Bo *x*", "Bo *x*", "Cy", "Bo *x*", "Cy"))

    app = open_page("evolution", range="all", item="2")

    assert app.title[0].value.startswith("Bo \\*x\\* was your number one in ")
    assert "Ana led at first, Cy in the end" in subheaders(app)
    assert app.selectbox(key="pick_item").value == 2
    assert f"Ranks of {app.selectbox(key='pick_item').options[0]}" not in subheaders(app)
    by_year = open_page("evolution", range="all", per="year", of="tracks")
    assert by_year.title[0].value == "How your listening changed"
    assert by_year.caption[0].value.startswith("Your tracks by year, all time.")


def test_what_was_known_before_a_range_is_no_discovery_of_it(open_page: Open, given, deps: Deps) -> None:
    given(a_year(deps, *["Ana"] * 6, "Bo"))

    captions = [caption.value for caption in open_page("evolution", part="finds", range="4w").caption]

    assert "1 artist you played for the first time ever, by month, the last 4 weeks." in captions


def test_a_short_time_draws_no_change_and_says_why(open_page: Open, given, deps: Deps) -> None:
    given([play(deps.now() - timedelta(hours=number), artist=f"No. {number % 7}") for number in range(1, 60)])

    app = open_page("evolution", range="all")

    assert subheaders(app) == ["Top artists by month"]
    assert not app.get("vega_lite_chart")
    assert any("Choose a longer time" in caption.value for caption in app.caption)
    found = open_page("evolution", part="finds", range="all")
    assert subheaders(found) == ["Artists heard for the first time"]
    assert not found.get("vega_lite_chart")
    varied = open_page("evolution", part="spread", range="all")
    assert subheaders(varied) == []
    assert "Choose a longer time" in varied.info[0].value


@pytest.mark.parametrize("noun", ["artists", "albums", "tracks"])
def test_the_evolution_of_podcasts_alone_breaks_nothing(open_page: Open, given, deps: Deps, noun: str) -> None:
    given([podcast(deps.now() - timedelta(days=number)) for number in range(1, 400)])

    assert "Nothing was played" in open_page("evolution", range="all", of=noun).info[0].value
    for part in ("ranks", "finds", "spread"):
        assert not open_page("evolution", range="all", of=noun, kinds="episode", part=part).error


def test_the_last_plays_of_the_overview_follow_the_filter_and_say_so(open_page: Open, given, deps: Deps) -> None:
    given(
        [play(datetime(2019, 3, 4, 12, tzinfo=UTC), "Old", "Xenia *x*"), play(deps.now() - timedelta(hours=1), "New")]
    )

    app = open_page("overview", range="2019")

    said = "The latest plays, 2019. First play 4 March 2019: Old by Xenia \\*x\\*."
    assert said in [caption.value for caption in app.caption]
    shown = " ".join(str(element.proto) for element in app.get("bidi_component") if element.key == "recent")
    assert "Old" in shown
    assert "New" not in shown


@pytest.mark.usefixtures("open_page")
def test_the_menu_says_who_is_signed_in_as_text_and_offers_the_way_out(deps: Deps, listener: int) -> None:
    with deps.engine.begin() as conn:
        conn.execute(update(users).where(users.c.id == listener).values(display_name="<img src=x> & Co"))

    app = AppTest.from_string(
        "from rewrapped.ui import navigation, session\nnavigation.say_who(session.visitor())", default_timeout=60
    ).run()

    assert not app.exception
    shown = " ".join(str(element.proto.body) for element in app.sidebar.get("html"))
    assert "Signed in as <b>&lt;img src=x&gt; &amp; Co</b>" in shown
    assert '<form method="post" action="/auth/sign-out"><input type="hidden" name="csrf" value="a token">' in shown


def test_the_welcome_page_needs_nobody_and_no_data(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    running.hold(deps)
    monkeypatch.setattr(session, "token", lambda: None)
    monkeypatch.setattr(session, "csrf_token", lambda: '"><script>alert(1)</script>')
    app = AppTest.from_file(str(CHECKOUT / "app.py"), default_timeout=60).run()
    running.hold(None)

    assert not app.exception
    assert app.title[0].value.startswith("Years of your listening")
    html = " ".join(str(element.proto.body) for element in app.get("html"))
    assert "/auth/register" in html
    assert "/auth/demo" in html
    assert "<script>alert" not in html


def test_the_picture_on_the_welcome_page_speaks_of_the_sample_listeners_plays_as_theirs(
    open_page: Open, given, deps: Deps
) -> None:
    given([play(deps.now() - timedelta(hours=6 * number)) for number in range(1, 120)])
    with deps.engine.begin() as conn:
        conn.execute(update(users).values(is_demo=True, email=None))

    app = open_page("welcome")

    [shown] = [str(element.proto) for element in app.get("bidi_component") if element.key == "showcase_list"]
    assert "100.0 % of their plays" in shown
    assert "of your" not in shown


def test_a_damaged_cache_file_costs_nothing_but_time(open_page: Open, given, deps: Deps, listener: int) -> None:
    given([play(deps.now() - timedelta(hours=1))])
    open_page("history")
    for path in deps.site.cache.iterdir():
        path.write_bytes(b"not a history")
    deps.histories.drop(listener)

    assert open_page("history").title[0].value == "1 play"


def captions(app: AppTest) -> list[str]:
    return [caption.value for caption in app.caption]


def subheads(app: AppTest) -> list[str]:
    return [title.value for title in app.subheader]


def tile_words(app: AppTest, key: str) -> str:
    [words] = [str(element.proto) for element in app.get("bidi_component") if element.key == key]
    return words


def test_habits_of_one_play_say_nothing_they_do_not_know(open_page: Open, given, deps: Deps) -> None:
    given([play(deps.now() - timedelta(hours=1))])

    app = open_page("habits")

    assert app.title[0].value == "Your habits"
    assert subheads(app) == ["Your day as a clock", "When in the week"]
    years = subheads(open_page("habits", part="year"))
    assert "Hours by day" in years
    assert "Year over year" not in years
    sessions = open_page("habits", part="sessions")
    assert subheads(sessions) == ["Sessions", "Streaks"]
    assert "No track twice in a row" in tile_words(sessions, "streaks")


def test_podcasts_alone_have_habits_on_request(open_page: Open, given, deps: Deps) -> None:
    given([podcast(deps.now() - timedelta(days=number)) for number in range(1, 40)])

    assert "Nothing was played" in open_page("habits", range="all").info[0].value
    app = open_page("habits", range="all", kinds="episode", part="sessions")
    assert not app.info
    assert any("39 days in a row" in words for words in subheads(app))


def test_a_trend_follows_its_choice_and_says_what_the_line_is(open_page: Open, given, deps: Deps) -> None:
    given([play(deps.now() - timedelta(days=number)) for number in range(1, 200)])

    by_week = "Hours listened by week, all time. The line is the mean of the 12 weeks up to each"
    assert by_week in captions(open_page("habits", part="year", range="all"))
    app = open_page("habits", part="year", range="all", trend="month")
    assert "Hours listened by month, all time" in captions(app)


def test_a_calendar_shows_any_year_whatever_the_range(open_page: Open, given, deps: Deps) -> None:
    given([play(datetime(2019, 3, 4, 12, tzinfo=UTC)), play(deps.now() - timedelta(hours=1))])

    assert "2019, day by day" in subheads(open_page("habits", part="year", range="4w", year="2019"))
    this_year = f"{deps.now().year}, day by day"
    assert this_year in subheads(open_page("habits", part="year", range="4w"))
    assert this_year in subheads(open_page("habits", part="year", range="4w", year="1066"))


def test_sessions_are_told_with_their_longest(open_page: Open, given, deps: Deps) -> None:
    start = datetime(2026, 3, 5, 12, tzinfo=UTC)
    given([play(start + timedelta(days=day, minutes=4 * number)) for day in range(6) for number in range(day + 2)])

    app = open_page("habits", part="sessions", range="all")

    words = tile_words(app, "sessions")
    assert re.search(r"label\W+Sessions\W+value\W+6\W", words)
    assert "10 March 2026, 7 plays" in words
    assert "How long sessions last" in subheads(app)


def test_what_no_source_says_has_no_card(open_page: Open, given, deps: Deps) -> None:
    silent = dict.fromkeys(("shuffle", "skipped", "offline"))
    moments = [deps.now() - timedelta(days=20 * number) for number in range(1, 9)]
    given([play(at, platform="", conn_country="", **silent) for at in moments])

    app = open_page("habits", part="ways", range="all")

    assert subheads(app) == []
    assert "No row of this view says" in app.info[0].value


def test_a_few_months_have_shares_without_a_course_of_time(open_page: Open, given, deps: Deps) -> None:
    given([play(deps.now() - timedelta(hours=number), skipped=number % 4 == 0) for number in range(1, 9)])

    app = open_page("habits", part="ways", range="all")

    assert "Skips, shuffle, offline" not in subheads(app)
    words = tile_words(app, "said")
    assert re.search(r"Skipped\W+value\W+25%", words)
    assert "On iPhone and iPad" in words
    assert "100% of rows say it" in words


def test_shares_stand_beside_the_part_of_rows_that_say_it(open_page: Open, given, deps: Deps) -> None:
    given(
        [
            play(deps.now() - timedelta(days=20 * number), platform=device, skipped=number % 2 == 0)
            for number, device in enumerate(("ios", "osx") * 4)
        ]
        + [play(deps.now() - timedelta(days=20 * number, hours=2), platform="", skipped=None) for number in range(8)]
    )

    said = captions(open_page("habits", part="ways", range="all"))

    assert any("skipped: 50%" in words for words in said)
    assert "Rows by device and month, all time. 50% of rows say it" in said


def test_a_name_in_a_story_is_shown_and_never_read_as_markup(open_page: Open, given, deps: Deps) -> None:
    name = "<img src=x onerror=alert(1)> :material/home: $x$"
    given([play(deps.now() - timedelta(hours=number), name, name) for number in range(1, 60)])

    app = open_page("wrapped", range="all")

    shown = {element.key: str(element.proto) for element in app.get("bidi_component") if element.key}
    assert "onerror" in shown["story"]
    assert "&lt;img src=x onerror" in shown["chapters"]
    assert "<img" not in shown["chapters"]
    assert app.title[0].value.endswith("of music")
