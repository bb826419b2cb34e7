"""The listening endpoints against figures that are known otherwise: a handful of plays, counted by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.services import importing
from rewrapped.services.accounts import Caller, Registration, register
from tests.exports import extended_row, to_json
from tests.promoters import person
from tests.web.v1.conftest import NewProgram, Program


def play(ts: str, title: str, artist: str, ms_played: int = 200_000, **more: object) -> dict[str, object]:
    return extended_row(
        ts=ts,
        spotify_track_uri=f"spotify:track:{title.ljust(22, 'x')}",
        master_metadata_track_name=title,
        master_metadata_album_artist_name=artist,
        master_metadata_album_album_name=f"{artist}s",
        ms_played=ms_played,
        **more,
    )


#: In Berlin: three plays on the 20th, two on the 21st (one of them on the 20th in UTC), none today.
PLAYS = [
    play("2026-11-20T09:00:00Z", "Tide", "Xenia"),
    play("2026-11-20T10:00:00Z", "Tide", "Xenia"),
    play("2026-11-20T11:00:00Z", "Ebb", "Xenia", 240_000),
    play("2026-11-20T23:30:00Z", "Dune", "Yoko", 300_000),
    play("2026-11-21T09:00:00Z", "Dune", "Yoko", 300_000),
    play("2026-11-21T10:00:00Z", "Skip", "Yoko", 3_000),  # no play by the 30 s rule
    play("2019-03-01T23:30:00Z", "Tide", "Xenia"),  # 2 March in Berlin
]
MINUTES = (200 + 200 + 240 + 300 + 300 + 3 + 200) / 60


@pytest.fixture
def jane(deps: Deps, tmp_path: Path) -> Visitor:
    form = Registration(
        "jane@example.org", "horse lamp river", "Europe/Berlin", history_consent=True, terms_consent=True
    )
    visitor = Visitor.person(register(deps, form, Caller("203.0.113.9")), Role.REGULAR)
    path = tmp_path / "Streaming_History_Audio_2026_0.json"
    path.write_bytes(to_json(PLAYS))
    importing.import_files(deps, visitor.signed_in(), [path])
    return visitor


@pytest.fixture
def program(new_program: NewProgram, jane: Visitor) -> Program:
    return new_program(jane)


def test_me_is_the_account_with_its_zone(program: Program, jane: Visitor) -> None:
    me = program.get("/me")
    assert (me["id"], me["zone"], me["role"], me["play_rule"]) == (jane.user_id, "Europe/Berlin", "regular", "30s")
    assert (me["row_count"], me["import_count"]) == (7, 1)
    assert (me["first_at"], me["last_at"]) == ("2019-03-01T23:30:00Z", "2026-11-21T10:00:00Z")
    assert me["scopes"] == ["events", "imports", "listening", "notifications", "preferences", "submit"]


def test_totals_are_those_counted_by_hand(program: Program) -> None:
    found = program.get("/listening/totals")
    assert found["zone"] == "Europe/Berlin"
    assert (found["now"]["plays"], found["now"]["tracks"], found["now"]["artists"]) == (6, 3, 2)
    assert found["now"]["minutes"] == pytest.approx(MINUTES)
    assert (found["now"]["days"], found["now"]["longest_streak_days"]) == (3, 2)
    assert found["before"] is None


def test_days_are_the_listeners_own_and_the_last_is_left_out(program: Program) -> None:
    days = {"from": "2026-11-21", "to": "2026-11-22"}
    assert program.get("/listening/totals", **days)["now"]["plays"] == 2
    assert program.get("/listening/totals", **{"from": "2026-11-20", "to": "2026-11-21"})["now"]["plays"] == 3


def test_tops_rank_by_plays_and_by_time(program: Program) -> None:
    tracks = program.get("/listening/top/tracks")["items"]
    assert [(one["name"], one["plays"]) for one in tracks] == [("Tide", 3), ("Dune", 2), ("Ebb", 1)]
    by_time = program.get("/listening/top/artists", by="time", limit=1)["items"]
    assert [(one["name"], one["rank"]) for one in by_time] == [("Xenia", 1)]
    assert by_time[0]["minutes"] == pytest.approx((200 * 3 + 240) / 60)
    assert [one["name"] for one in program.get("/listening/top/albums")["items"]] == ["Xenias", "Yokos"]


def test_filters_narrow_and_can_be_given_several_times(program: Program) -> None:
    by_hour = program.get("/listening/totals", hours=[10, 0])["now"]  # 9:00 and 23:30 UTC in winter
    assert by_hour["plays"] == 4
    artist_id = program.get("/listening/top/artists")["items"][0]["id"]
    assert program.get("/listening/totals", artists=artist_id, range="2019")["now"]["plays"] == 1


def test_recent_plays_come_newest_first_in_utc_page_by_page(program: Program) -> None:
    whole = program.get("/listening/recent")
    assert whole["next_cursor"] is None
    assert [one["ended_at"] for one in whole["items"]] == [
        "2026-11-21T09:00:00Z",
        "2026-11-20T23:30:00Z",
        "2026-11-20T11:00:00Z",
        "2026-11-20T10:00:00Z",
        "2026-11-20T09:00:00Z",
        "2019-03-01T23:30:00Z",
    ]
    for limit in (1, 2, 3, 5, 6):
        assert program.pages("/listening/recent", limit=limit) == whole["items"]


def test_plays_of_one_moment_and_new_ones_neither_repeat_nor_get_lost(
    program: Program, deps: Deps, jane: Visitor, tmp_path: Path
) -> None:
    def bring(rows: list[dict[str, object]]) -> None:
        path = tmp_path / "Streaming_History_Audio_2026_1.json"
        path.write_bytes(to_json(rows))
        importing.import_files(deps, jane.signed_in(), [path])

    bring([play("2026-11-20T09:00:00Z", f"Song {number}", "Zed") for number in range(5)])
    whole = program.get("/listening/recent")["items"]
    first = program.get("/listening/recent", limit=6)
    bring([play("2026-11-22T09:00:00Z", "New", "Zed")])
    rest, cursor = [], first["next_cursor"]
    while cursor:
        page = program.get("/listening/recent", limit=2, cursor=cursor)
        rest += page["items"]
        cursor = page["next_cursor"]
    assert [*first["items"], *rest] == whole
    assert len(whole) == 11


def test_trends_hold_every_month_and_add_up(program: Program) -> None:
    found = program.get("/listening/trends", bucket="month")
    assert (found["items"][0]["start_on"], found["items"][-1]["start_on"]) == ("2019-03-01", "2026-11-01")
    assert len(found["items"]) == 93
    assert sum(one["plays"] for one in found["items"]) == 6
    assert found["items"][-1]["plays"] == 5


def test_the_heat_map_has_the_hours_of_the_listeners_clock(program: Program) -> None:
    cells = program.get("/listening/heatmap")["items"]
    assert len(cells) == 168
    played = {(cell["weekday"], cell["hour"]): cell["plays"] for cell in cells if cell["plays"]}
    assert played == {(4, 10): 1, (4, 11): 1, (4, 12): 1, (5, 0): 2, (5, 10): 1}


def test_streaks_and_the_first_play(program: Program) -> None:
    found = program.get("/listening/streaks")
    assert found["current"] == {"days": 2, "start_on": "2026-11-20", "last_on": "2026-11-21"}
    assert found["longest"] == found["current"]
    first = program.get("/listening/earliest")
    assert (first["on"], first["play"]["ended_at"], first["play"]["artist"]) == (
        "2019-03-02",
        "2019-03-01T23:30:00Z",
        "Xenia",
    )
    assert program.get("/listening/earliest", range="2020") == {"on": None, "play": None, "zone": "Europe/Berlin"}


def test_a_refresh_reads_the_rows_that_are_there_and_is_held_to_a_limit(program: Program) -> None:
    assert program.send("POST", "/listening/refresh") == {"row_count": 7, "zone": "Europe/Berlin"}
    codes = [program.ask("POST", "/listening/refresh").status_code for _ in range(10)]
    assert codes == [200] * 9 + [429]


def test_the_history_is_downloaded_with_a_token(program: Program) -> None:
    answer = program.ask("GET", "/me/history.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(answer.text.splitlines()) == 8


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"range": "yesterday"}, 422),
        ({"hours": 24}, 422),
        ({"weekday": 1}, 422),
        ({"artists": "1; drop table"}, 422),
        ({"from": "2026-02-30"}, 422),
        ({"from": "1066-10-14"}, 422),
        ({"countries": "de"}, 422),
        ({"hours": list(range(24)) * 2}, 422),
        ({"from": "2026-02-03", "to": "2026-02-01"}, 400),
        ({"from": "2026-02-03", "range": "4w"}, 400),
    ],
)
def test_what_doesnt_fit_is_named_and_never_left_out_silently(
    program: Program, query: dict[str, Any], status: int
) -> None:
    found, told = program.refused("GET", "/listening/totals", params=query)
    assert found == status
    assert (status == 422) == bool(told.get("errors"))


def test_a_value_that_is_refused_isnt_repeated(program: Program) -> None:
    _, told = program.refused("GET", "/listening/totals", params={"range": "<script>alert(1)</script>"})
    assert "alert" not in str(told)


def test_a_history_is_ones_own(new_program: NewProgram, deps: Deps, jane: Visitor) -> None:
    assert new_program(person(deps)).get("/listening/totals")["now"]["plays"] == 0
