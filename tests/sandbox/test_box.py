"""What people's SQL may do, and everything it may not: each attempt ends in a sentence, and the next query works."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Barrier, Event, Thread

import psutil
import pyarrow as pa
import pytest

from rewrapped.errors import QueryFailed, TooMany
from rewrapped.sandbox.box import Answer, Box, Limits, Query, Sandboxes

LIMITS = Limits(seconds=4, memory_mb=256)
PLAYS = pa.table({"artist": ["Xenia", "Nadir", "Xenia"], "ms_played": [1, 2, 3]})
OUTSIDE = "A cell can't read files"
MEMORY = "more memory than a cell may use"
ONLY = "Only a query works here"
HOSTILE = {
    "SELECT * FROM read_csv('/etc/passwd')": OUTSIDE,
    "SELECT * FROM read_text('/proc/self/environ')": OUTSIDE,
    "SELECT * FROM read_blob('/etc/passwd')": OUTSIDE,
    "SELECT * FROM glob('/etc/*')": OUTSIDE,
    "SELECT * FROM read_parquet('http://127.0.0.1:9/x.parquet')": OUTSIDE,
    "SELECT * FROM read_json('s3://bucket/x.json')": OUTSIDE,
    "SELECT * FROM sniff_csv('/etc/passwd')": OUTSIDE,
    "FROM '/etc/passwd'": "does not exist",
    "FROM con": "does not exist",  # a name of the program around it
    "SELECT getenv('PATH')": "does not exist",
    "SELECT * FROM postgres_scan('host=127.0.0.1', 'public', 'users')": "does not exist",
    "COPY plays TO '/tmp/stolen.csv'": ONLY,
    "ATTACH '/tmp/other.db'": ONLY,
    "INSTALL httpfs": ONLY,
    "LOAD httpfs": ONLY,
    "SET threads = 8": ONLY,
    "SET enable_external_access = true": ONLY,
    "RESET lock_configuration": ONLY,
    "PRAGMA enable_logging": ONLY,
    "CALL pragma_version()": ONLY,
    "CREATE SECRET s (TYPE s3)": ONLY,
    "CREATE TABLE t AS SELECT 1": ONLY,
    "DROP VIEW plays": ONLY,
    "EXPORT DATABASE '/tmp/x'": ONLY,
    "EXPLAIN ANALYZE COPY plays TO '/tmp/stolen.csv'": ONLY,
    "WITH gone AS (DELETE FROM plays RETURNING 1) SELECT * FROM gone": ".",
    "SELECT * FROM query('COPY plays TO ''/tmp/stolen.csv''')": "single SELECT",
    "SELECT 1; SELECT 2": "A cell holds one query",
    "SELECT 1; COPY plays TO '/tmp/stolen.csv'": "A cell holds one query",
    "": "no query in this cell",
    "-- nothing": "no query in this cell",
    "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r": "Stopped after 4 seconds",
    "SELECT pg_sleep(60)": "Stopped after 4 seconds",
    "SELECT * FROM range(1000000000) ORDER BY range DESC": MEMORY,
    "SELECT list(a.range) FROM range(1000000) a, range(1000) b": MEMORY,
    "SELECT repeat('x', 2000000000)": MEMORY,
    "SELECT repeat('x', 100000) FROM range(2000)": "larger than 8 MB",
    f"SELECT {'(' * 9000}1{')' * 9000}": ".",
    f"SELECT 1{' + 1' * 250_000}": ".",  # a megabyte of it
    "SELECT '\ud800'": ".",
    "SELECT artist,\n  nothing FROM plays": 'Line 2: Referenced column "nothing" not found',
    "SELECT 1,\n  artist::INTEGER FROM plays": "Could not convert string 'Xenia' to INT32 when",
    "SELECT 1 +\n\nFROM plays WHERE (": "Line 3: syntax error",
    f"SELECT {', '.join(f'{n} AS c{n}' for n in range(101))}": "101 columns",
    "SELECT error('<script>')": "<script>",
}


@pytest.fixture(scope="module")
def sandboxes() -> Sandboxes:
    """A few sandboxes with short limits."""
    return Sandboxes(LIMITS, at_once=2, wait_s=20)


@pytest.fixture
def box(sandboxes: Sandboxes) -> Iterator[Box]:
    """A sandbox with three plays in it."""
    with sandboxes.opened("jane") as opened:
        opened.give("plays", PLAYS)
        yield opened


def ask(box: Box, sql: str, *needs: Query) -> Answer:
    return box.ask(Query("result", sql, needs))


def rows(box: Box, sql: str, *needs: Query) -> list[dict[str, object]]:
    return ask(box, sql, *needs).table.to_pylist()


@pytest.mark.parametrize(("sql", "said"), HOSTILE.items(), ids=lambda value: str(value)[:40])
def test_whatever_is_tried_ends_in_one_sentence_and_the_next_query_works(
    sandboxes: Sandboxes, sql: str, said: str
) -> None:
    with sandboxes.opened("jane") as box:
        box.give("plays", PLAYS)
        with pytest.raises(QueryFailed) as caught:
            ask(box, sql)
        text = str(caught.value)
        assert said in text
        assert text.endswith(".")
        assert "\n" not in text
        assert len(text) < 500
        if box.is_alive:
            assert rows(box, "SELECT count(*) AS n FROM plays") == [{"n": 3}]
    with sandboxes.opened("jane") as another:
        another.give("plays", PLAYS)
        assert rows(another, "SELECT count(*) AS n FROM plays") == [{"n": 3}]
    assert not Path("/tmp/stolen.csv").exists()


def test_an_endless_result_is_cut_and_said_to_be(box: Box) -> None:
    answer = ask(box, "SELECT * FROM generate_series(1, 1000000000000)")
    assert answer.is_cut
    assert answer.table.num_rows == LIMITS.rows
    assert not ask(box, f"FROM range({LIMITS.rows})").is_cut
    assert rows(box, "SELECT count(*) AS n FROM plays") == [{"n": 3}]


def test_a_query_reads_the_whole_result_of_another_by_its_name(box: Box) -> None:
    many = Query("many", "SELECT range AS n FROM range(50000)")
    assert rows(box, "SELECT count(*) AS n FROM many", many) == [{"n": 50_000}]
    evens = Query("evens", "FROM many WHERE n % 2 = 0", (many,))
    assert rows(box, "SELECT sum(n) AS n FROM evens", many, evens) == [{"n": 2 * sum(range(25_000))}]


def test_results_are_plain_numbers_texts_days_and_moments_with_names_of_their_own(box: Box) -> None:
    sql = "SELECT 1 AS x, 2 AS X, sum(ms_played) AS s, 1.5::DECIMAL(9,2) AS d, [1, 2] AS l, INTERVAL 25 HOUR AS i,"
    sql += " DATE '2024-02-29' AS day, 'ü\0' AS t, NULL AS n, 1e400::VARCHAR AS big, 2::HUGEINT ** 100 AS h FROM plays"
    [row] = rows(box, sql.replace("1e400::VARCHAR", "'inf'"))
    assert (row["x"], row["X_2"], row["s"], row["d"], row["l"], row["i"]) == (1, 2, 6, 1.5, "[1, 2]", "25:00:00")
    assert row["t"] == "ü\0"
    assert row["h"] == 2.0**100


@pytest.mark.parametrize("kind", ["TIMESTAMP", "TIMESTAMP(0)", "TIMESTAMP(3)", "TIMESTAMP_NS"])
def test_moments_of_any_precision_stay_moments(box: Box, kind: str) -> None:
    [row] = rows(box, f"SELECT TIMESTAMP '2024-02-29 19:30:41'::{kind} AS at")
    assert row["at"] == datetime(2024, 2, 29, 19, 30, 41)  # noqa: DTZ001 - a local time, as those of `plays` are


def test_a_sandbox_knows_nothing_of_the_site_and_nobody_else(box: Box) -> None:
    rows(box, "SELECT 1 AS one")
    process = psutil.Process(box.pid)
    assert not {name for name in process.environ() if name not in ("LC_ALL", "ARROW_DEFAULT_MEMORY_POOL")} - {
        *("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
    }
    assert process.cwd() == "/"
    descriptors = {int(path.name): path.readlink() for path in Path(f"/proc/{box.pid}/fd").iterdir()}
    assert all(str(target).startswith(("pipe:", "/dev/null")) for target in descriptors.values()), descriptors
    limits = Path(f"/proc/{box.pid}/limits").read_text("ascii")
    assert "Max open files            0                    0" in limits
    assert "Max processes             0                    0" in limits
    assert "Max file size             0                    0" in limits
    if os.geteuid() == 0:
        assert process.uids().effective == 65534


def test_a_sandbox_killed_from_outside_is_told_and_replaced(sandboxes: Sandboxes) -> None:
    with sandboxes.opened("jane") as box:
        box.give("plays", PLAYS)
        os.kill(box.pid, signal.SIGKILL)
        with pytest.raises(QueryFailed, match="broke off"):
            ask(box, "SELECT 1")
        assert not box.is_alive
    with sandboxes.opened("jane") as another:
        another.give("plays", PLAYS)
        assert rows(another, "SELECT count(*) AS n FROM plays") == [{"n": 3}]


def test_a_sandbox_ends_with_its_run_even_while_it_works(sandboxes: Sandboxes) -> None:
    ended: list[str] = []

    def work(box: Box) -> None:
        try:
            ask(box, "SELECT pg_sleep(60)")
        except QueryFailed as error:
            ended.append(str(error))

    with sandboxes.opened("jane") as box:
        pid = box.pid
        assert rows(box, "SELECT 1 AS one")
        thread = Thread(target=work, args=(box,))
        thread.start()
    thread.join(10)
    assert len(ended) == 1
    assert not psutil.pid_exists(pid)


def test_two_at_once_never_see_each_others_rows(sandboxes: Sandboxes) -> None:
    together = Barrier(2, timeout=30)

    def work(name: str) -> set[str]:
        seen: set[str] = set()
        with sandboxes.opened(name) as box:
            box.give("plays", pa.table({"artist": [name] * 1000}))
            together.wait()
            for _ in range(30):
                seen |= {str(row["artist"]) for row in rows(box, "SELECT DISTINCT artist FROM plays")}
            with pytest.raises(QueryFailed, match="does not exist"):
                ask(box, f"FROM kept_{'b' if name == 'a' else 'a'}")
            rows(box, f"FROM kept_{name}", Query(f"kept_{name}", "FROM plays"))
        return seen

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(work, ["a", "b"])) == [{"a"}, {"b"}]


def test_who_waits_too_long_for_a_sandbox_is_told() -> None:
    few = Sandboxes(LIMITS, at_once=1, wait_s=0.1)
    taken, done = Event(), Event()

    def hold() -> None:
        with few.opened("jane"):
            taken.set()
            done.wait(30)

    thread = Thread(target=hold)
    thread.start()
    taken.wait(30)
    with pytest.raises(TooMany, match="Many notebooks run just now"), few.opened("joe"):
        pass
    done.set()
    thread.join()
    with few.opened("joe") as box:
        assert rows(box, "SELECT 1 AS one") == [{"one": 1}]
