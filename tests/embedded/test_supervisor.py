"""The supervisor: one command starts everything, one signal stops it, and a kill costs nothing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import psycopg2
import pytest
from redis import Redis

from rewrapped.embedded.servers import described
from rewrapped.queueing import RqQueue
from tests.embedded.program import (
    CHECKOUT,
    Program,
    environment,
    everything_of,
    free_port,
    kill_everything,
    serving,
    until,
)

STREAMLIT = (sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true")


def queue_of(home: Path) -> tuple[Redis, RqQueue]:
    """Return the running queue of a home."""
    redis = Redis.from_url(described(home)[1].url)
    return redis, RqQueue(redis, "time")


def wait_until_running(queue: RqQueue) -> None:
    """Wait until a worker has taken a job."""
    assert until(lambda: any(one.running for one in queue.figures()))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("whom", ["itself", "its group"])
def test_one_signal_stops_everything_within_ten_seconds(home: Path, number: signal.Signals, whom: str) -> None:
    with serving(home) as program:
        started = everything_of(home)
        sessions = {os.getsid(pid) for pid in started if psutil.Process(pid).ppid() == program.process.pid}
        assert len(sessions) == 5, "two servers, the site and two workers have a process session each"
        redis, queue = queue_of(home)
        queue.enqueue("sleep", 600, key="long", timeout_s=900)
        wait_until_running(queue)
        redis.close()
        began = time.monotonic()
        send = os.kill if whom == "itself" else os.killpg
        send(program.process.pid, number)
        assert program.process.wait(15) == 0
        assert time.monotonic() - began < 10
        assert not everything_of(home)


def test_a_job_interrupted_by_a_stop_runs_again_at_the_next_start(home: Path) -> None:
    with serving(home) as program:
        redis, queue = queue_of(home)
        queue.enqueue("sleep", 600, key="long", timeout_s=900)
        wait_until_running(queue)
        redis.close()
        program.process.send_signal(signal.SIGTERM)
        program.process.wait(15)
    with serving(home):
        redis, queue = queue_of(home)
        wait_until_running(queue)
        assert queue.has("long")
        redis.close()


def test_after_a_kill_of_everything_the_next_start_has_every_row_and_every_job(home: Path) -> None:
    with serving(home):
        redis, queue = queue_of(home)
        queue.enqueue("sleep", 600, key="long", timeout_s=900)
        queue.enqueue("sleep", 601, key="longer", timeout_s=900)
        queue.enqueue("sleep", 1, key="waiting")
        wait_until_running(queue)
        redis.close()
        connection = psycopg2.connect(described(home)[0].url)
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        kill_everything(home)
        connection.close()
    with serving(home):
        redis, queue = queue_of(home)
        wait_until_running(queue)
        assert queue.has("long")
        assert queue.has("longer")
        redis.close()
        connection = psycopg2.connect(described(home)[0].url)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM kept")
            assert cursor.fetchone() == (1000,)
        connection.close()


def test_what_a_killed_supervisor_started_ends_by_itself(home: Path) -> None:
    with serving(home) as program:
        redis, queue = queue_of(home)
        queue.enqueue("sleep", 600, key="long", timeout_s=900)
        wait_until_running(queue)
        redis.close()
        program.process.kill()
        assert until(lambda: not [words for words in everything_of(home).values() if "tethered" in words], 12)
        assert not program.answers()
    with serving(home, port=program.port):
        redis, queue = queue_of(home)
        wait_until_running(queue)
        redis.close()


def test_a_worker_that_died_is_replaced(home: Path) -> None:
    with serving(home) as program:
        first = program.workers()
        os.kill(first[0], signal.SIGKILL)
        assert until(lambda: len(program.workers()) == 2 and first[0] not in program.workers())
        assert first[1] in program.workers()


@pytest.mark.parametrize("which", [0, 1])
def test_a_server_that_died_is_started_again_at_the_same_address(home: Path, which: int) -> None:
    with serving(home):
        before = described(home)[which]
        pid, url = before.pid, before.url
        os.kill(pid, signal.SIGKILL)
        assert until(lambda: described(home)[which].pid not in (None, pid))
        assert described(home)[which].url == url
        assert until(described(home)[which].answers)


def test_a_taken_port_is_one_sentence_and_nothing_is_started(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        program = Program(home, port=taken.getsockname()[1])
        assert program.process.wait(30) == 1
        told = program.told()
    assert told.count("\n") == 1, told
    assert "is taken" in told
    assert "REWRAPPED_BASE_URL" in told
    assert not home.exists()


def test_a_site_that_does_not_stay_up_ends_the_program_and_leaves_nothing(home: Path) -> None:
    program = Program(home, site=("no_such_module",))
    assert program.process.wait(60) == 1
    assert "stopped right after its start" in program.told()
    assert not everything_of(home)


def test_a_signal_in_the_middle_of_the_start_leaves_nothing(home: Path) -> None:
    for wait_s in (0.4, 0.8, 1.2, 1.6):
        program = Program(home)
        time.sleep(wait_s)
        program.process.terminate()
        program.process.wait(15)
        program.close()
        assert until(lambda: not everything_of(home), 5), everything_of(home)


def test_a_second_site_of_one_home_shares_servers_and_takes_over_the_workers(home: Path) -> None:
    with serving(home) as first:
        second = Program(home)
        try:
            assert until(second.answers)
            assert second.workers() == []
            servers = [server.pid for server in described(home)]
            first.process.terminate()
            first.process.wait(15)
            assert until(lambda: len(second.workers()) == 2)
            assert [server.pid for server in described(home)] == servers
            second.process.terminate()
            second.process.wait(15)
            assert not everything_of(home)
        finally:
            second.close()


def test_the_real_site_starts_under_the_supervisor_and_alone_and_stops_in_time(home: Path) -> None:
    port = free_port()
    ways = ([sys.executable, "-m", "rewrapped", "serve"], [*STREAMLIT, "--server.port", str(port)])
    for command in ways:
        address = {"REWRAPPED_BASE_URL": f"http://127.0.0.1:{port}"}
        site = subprocess.Popen(
            command, env=environment(home) | address, cwd=CHECKOUT, stdout=subprocess.DEVNULL, start_new_session=True
        )
        try:
            assert until(lambda: healthy(port), 60)
            listening = {one.laddr.ip for one in psutil.net_connections("tcp") if one.laddr and one.laddr.port == port}
            assert listening <= {"127.0.0.1"}
            began = time.monotonic()
            site.terminate()
            site.wait(15)
            assert until(lambda: not everything_of(home), 1), everything_of(home)
            assert time.monotonic() - began < 10
        finally:
            site.kill()
            site.wait()


def healthy(port: int) -> bool:
    """Return whether the site says that all is well."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as reply:
            return reply.status == 200
    except OSError:
        return False
