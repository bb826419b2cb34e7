"""The sample listener's export: the very form of a real one, and a believable life in its numbers."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rewrapped.demo.listener import sample_export
from rewrapped.history.platforms import family
from rewrapped.importers.reader import UploadReader

TODAY = date(2026, 11, 18)
FIELDS = [
    "ts",
    "platform",
    "ms_played",
    "conn_country",
    "ip_addr",
    "master_metadata_track_name",
    "master_metadata_album_artist_name",
    "master_metadata_album_album_name",
    "spotify_track_uri",
    "episode_name",
    "episode_show_name",
    "spotify_episode_uri",
    "audiobook_title",
    "audiobook_uri",
    "audiobook_chapter_uri",
    "audiobook_chapter_title",
    "reason_start",
    "reason_end",
    "shuffle",
    "skipped",
    "offline",
    "offline_timestamp",
    "incognito_mode",
]


def _digest(paths: list[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def _rows(paths: list[Path]) -> list[dict]:
    return [row for path in paths for row in json.loads(path.read_text("utf-8"))]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return sample_export(tmp_path_factory.mktemp("export"), TODAY)


@pytest.fixture(scope="module")
def rows(files: list[Path]) -> pd.DataFrame:
    """All rows, with `moment`: when the stream ended, in Berlin."""
    frame = pd.DataFrame(_rows(files))
    frame["moment"] = pd.to_datetime(frame.ts, utc=True).dt.tz_convert("Europe/Berlin")
    return frame


@pytest.fixture(scope="module")
def music(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows.master_metadata_track_name.notna()]


@pytest.fixture(scope="module")
def plays(music: pd.DataFrame) -> pd.DataFrame:
    return music[music.ms_played >= 30_000]


def test_files_are_named_as_spotify_names_them(files: list[Path]) -> None:
    assert [path.name for path in files] == [
        f"Streaming_History_Audio_{year}_{number}.json" for number, year in enumerate(range(2020, 2027))
    ]


def test_every_row_has_the_fields_of_an_extended_export(files: list[Path]) -> None:
    assert all(list(row) == FIELDS for row in _rows(files))


def test_a_row_is_exactly_one_of_track_episode_chapter_or_home_recording(rows: pd.DataFrame) -> None:
    named = ["master_metadata_track_name", "episode_name", "audiobook_title"]
    assert (rows[named].notna().sum(axis=1) == 1).all()
    assert rows.loc[rows.episode_name.notna(), "spotify_episode_uri"].notna().all()
    assert rows.loc[rows.audiobook_title.notna(), "audiobook_chapter_uri"].notna().all()
    assert 20 <= rows[named[0]].notna().sum() - rows.spotify_track_uri.notna().sum() <= 120


def test_times_and_lengths_are_ones_an_importer_keeps(rows: pd.DataFrame) -> None:
    assert rows.ts.str.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").all()
    assert rows.ms_played.between(0, 7 * 86_400_000).all()
    assert not rows.incognito_mode.any()
    assert rows.ts.is_monotonic_increasing


def test_the_importer_keeps_every_row(files: list[Path], rows: pd.DataFrame) -> None:
    reader = UploadReader(files, include_incognito=False, now=datetime(2026, 11, 19, tzinfo=UTC))
    readings = list(reader)

    assert not reader.problems
    assert sum(len(reading.data) for reading in readings) == len(rows)
    assert not any(sum(reading.dropped.values()) or reading.truncated for reading in readings)
    assert sum(reading.moved for reading in readings) == rows.offline.sum()


def test_no_two_rows_are_one_play(rows: pd.DataFrame) -> None:
    key = [
        "ts",
        "spotify_track_uri",
        "master_metadata_track_name",
        "episode_name",
        "audiobook_chapter_uri",
        "ms_played",
    ]
    assert not rows.duplicated(key).any()


def test_only_one_thing_plays_at_a_time(rows: pd.DataFrame) -> None:
    online = rows[~rows.offline]
    ended = (
        online.moment.astype("int64") // 10**9
        if online.moment.dt.unit == "s"
        else online.moment.dt.as_unit("s").astype("int64")
    )
    started = ended - online.ms_played // 1_000
    assert (started.to_numpy()[1:] >= ended.to_numpy()[:-1] - 1).all()


def test_it_covers_six_years_and_all_of_them_well(rows: pd.DataFrame) -> None:
    assert 55_000 <= len(rows) <= 65_000
    assert rows.moment.min().date() - date(2020, 11, 18) < timedelta(days=3)
    assert rows.moment.max().date() == TODAY
    per_year = rows.groupby(rows.moment.dt.year).size().loc[2021:2025]
    assert per_year.between(7_500, 12_500).all()
    assert per_year.max() / per_year.min() > 1.15


def test_podcasts_audiobooks_skips_and_shuffle_have_believable_shares(rows: pd.DataFrame, music: pd.DataFrame) -> None:
    assert 0.025 < rows.episode_name.notna().mean() < 0.055
    assert 30 <= rows.audiobook_title.notna().sum() <= 42
    assert 0.10 < (music.ms_played < 30_000).mean() < 0.22
    assert 0.4 < rows.shuffle.astype(bool).mean() < 0.75
    skipped = rows[rows.skipped == True]  # noqa: E712 - null is neither
    assert set(skipped.reason_end) == {"fwdbtn", "clickrow"}
    assert rows.skipped.isna().mean() < 0.15


def test_one_name_leads_without_drowning_the_others(plays: pd.DataFrame) -> None:
    counts = plays.master_metadata_album_artist_name.value_counts()
    assert 0.04 < counts.iloc[0] / len(plays) < 0.10
    assert 1.15 < counts.iloc[0] / counts.iloc[1] < 2.2
    assert len(counts) >= 140


def test_taste_drifts(plays: pd.DataFrame) -> None:
    leaders = plays.groupby(plays.moment.dt.year).master_metadata_album_artist_name.agg(
        lambda names: names.value_counts().index[0]
    )
    assert leaders.nunique() >= 3
    first = plays.groupby("master_metadata_album_artist_name").moment.min().dt.year
    assert (first.value_counts().loc[2021:2025] >= 5).all()  # discoveries in every year


def test_days_have_a_rhythm(plays: pd.DataFrame) -> None:
    workdays = plays[plays.moment.dt.day_of_week < 5]
    hours = workdays.groupby(workdays.moment.dt.hour).size().reindex(range(24), fill_value=0)
    assert hours.loc[2:5].sum() < 0.01 * hours.sum()
    assert hours.loc[7:8].sum() > 2 * hours.loc[9]
    weekend = plays[plays.moment.dt.day_of_week >= 5]
    assert (weekend.moment.dt.hour < 9).mean() < 0.15
    assert weekend[weekend.moment.dt.hour > 5].moment.dt.hour.min() >= 8


def test_there_is_one_long_hole_and_some_weeks_of_silence(plays: pd.DataFrame) -> None:
    days = pd.Series(sorted(set(plays.moment.dt.date)))
    silent = pd.to_datetime(days).diff().dt.days.dropna() - 1
    assert 38 <= silent.max() <= 43
    months = plays.groupby(plays.moment.dt.strftime("%Y-%m")).size()
    assert len(months) == 6 * 12  # of 73 calendar months one has nothing at all
    assert (silent.between(7, 12)).sum() >= 4
    assert len(days) > 1_800


def test_the_present_looks_alive(plays: pd.DataFrame) -> None:
    days = set(plays.moment.dt.date)
    assert all(TODAY - timedelta(days=n) in days for n in range(20))
    assert (plays.moment.dt.date == TODAY).sum() >= 20


def test_flights_are_reported_late_with_the_time_the_device_noted(rows: pd.DataFrame) -> None:
    offline = rows[rows.offline]
    assert 300 < len(offline) < 3_000
    early, late = offline[offline.offline_timestamp > 1e12], offline[offline.offline_timestamp < 1e12]
    assert len(early) > 0
    assert len(late) > 0
    noted = pd.concat(
        [
            pd.to_datetime(early.offline_timestamp, unit="ms", utc=True),
            pd.to_datetime(late.offline_timestamp, unit="s", utc=True),
        ]
    )
    delay = offline.moment - (noted + pd.to_timedelta(offline.ms_played, unit="ms"))
    assert delay.min() >= pd.Timedelta(minutes=10)
    assert delay.max() < pd.Timedelta(hours=13)


def test_devices_change_and_trips_leave_the_country(rows: pd.DataFrame) -> None:
    phones = rows[rows.platform.str.contains("ndroid|ios")]
    assert phones.iloc[0].platform.startswith("Android OS")
    assert phones.iloc[-1].platform == "ios"
    families = {family(label) for label in set(rows.platform)}
    assert families == {"android", "ios", "windows", "macos", "web", "cast"}
    countries = rows.conn_country.value_counts(normalize=True)
    assert countries["DE"] > 0.9
    assert len(countries) >= 5


def test_albums_are_played_through_in_order(plays: pd.DataFrame) -> None:
    same = plays.master_metadata_album_album_name.to_numpy()
    runs = (pd.Series(same) != pd.Series(same).shift()).cumsum()
    assert (runs.value_counts() >= 5).sum() > 300


def test_the_same_day_and_seed_give_the_same_bytes(files: list[Path], tmp_path: Path) -> None:
    assert _digest(sample_export(tmp_path / "again", TODAY)) == _digest(files)
    assert _digest(sample_export(tmp_path / "other", TODAY, seed=2)) != _digest(files)


@pytest.mark.parametrize(
    "clock", ["2026-11-17T23:00:00+00:00", "2026-11-17T23:20:00+00:00", "2026-11-18T09:30:00+00:00"]
)
def test_until_cuts_what_lies_in_the_future_and_changes_nothing_before(
    clock: str, files: list[Path], tmp_path: Path
) -> None:
    until = datetime.fromisoformat(clock)
    cut = _rows(sample_export(tmp_path, TODAY, until=until))

    assert cut == [row for row in _rows(files) if datetime.fromisoformat(row["ts"]) <= until]


def test_a_quarter_of_an_hour_into_the_day_there_is_a_play_already(tmp_path: Path) -> None:
    for number in range(7):  # whatever weekday it is, and whatever the night before was like
        today = TODAY + timedelta(days=number)
        midnight = datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(hours=1)
        rows = _rows(sample_export(tmp_path / str(number), today, until=midnight + timedelta(minutes=20)))
        assert datetime.fromisoformat(rows[-1]["ts"]) > midnight, today


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(today=st.dates(date(2014, 1, 1), date(2040, 12, 31)), seed=st.integers(0, 2**32))
def test_any_day_and_any_seed_give_a_full_history(today: date, seed: int, tmp_path: Path) -> None:
    rows = _rows(sample_export(tmp_path, today, seed))
    assert 50_000 <= len(rows) <= 70_000
    assert all(row["ms_played"] >= 0 for row in rows)


def test_a_leap_day_is_as_good_as_any_other(tmp_path: Path) -> None:
    rows = _rows(sample_export(tmp_path, date(2028, 2, 29)))
    assert rows[0]["ts"] >= "2022-02-27"
    assert rows[-1]["ts"].startswith("2028-02-29")


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file stands here")
    with pytest.raises(FileExistsError):
        sample_export(tmp_path / "taken", TODAY)
