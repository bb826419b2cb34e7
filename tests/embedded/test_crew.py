"""The crew: whatever goes wrong, workers are kept; and none begins once it was told to stop."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from redis.exceptions import RedisError

from rewrapped.embedded import home as homes
from rewrapped.embedded import processes
from rewrapped.embedded.crew import Crew
from rewrapped.embedded.locks import FileLock
from rewrapped.errors import SetupError, StoreDown
from rewrapped.queueing import make_redis, reaching_redis
from tests.embedded.program import everything_of, until

NOWHERE = "redis://127.0.0.1:9/0"


@pytest.fixture
def place(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home in which workers start no servers, and find none."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    monkeypatch.setenv("REDIS_URL", NOWHERE)
    yield homes.prepare(home)
    assert not workers(home)


def workers(home: Path) -> list[int]:
    """Return the pids of a home's workers."""
    return [pid for pid, words in everything_of(home).items() if words.endswith("tethered workers")]


def crew_of(home: Path, revive: Callable[[], None]) -> Crew:
    """Return a crew of one."""
    return Crew(home, NOWHERE, revive=revive, requeue=False, size=1)


def alive() -> list[threading.Thread]:
    """Return the threads of crews."""
    return [thread for thread in threading.enumerate() if thread.name == "crew"]


def test_troubles_of_a_machine_end_neither_the_crew_nor_its_workers(
    place: Path, caplog: pytest.LogCaptureFixture
) -> None:
    troubles = [OSError("no more files"), SetupError("no room"), SetupError("no room"), StoreDown("away")]
    left = list(troubles)

    def revive() -> None:
        if left:
            raise left.pop(0)

    crew = crew_of(place, revive)
    crew.start()
    try:
        assert until(lambda: not left)
        assert until(lambda: workers(place))
        os.kill(workers(place)[0], signal.SIGKILL)
        assert until(lambda: "another one takes its place" in caplog.text)
        assert until(lambda: workers(place))
    finally:
        crew.stop()
    told = [record.message for record in caplog.records if record.levelname == "ERROR"]
    assert told == ["no more files", "no room", "away"]


def test_a_log_that_cannot_be_opened_is_waited_for(place: Path, caplog: pytest.LogCaptureFixture) -> None:
    log = place / "logs" / "worker-1.log"
    log.mkdir()
    crew = crew_of(place, lambda: None)
    crew.start()
    try:
        assert until(lambda: "worker-1.log" in caplog.text)
        assert not workers(place)
        log.rmdir()
        assert until(lambda: workers(place))
    finally:
        crew.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # the defect, told by Python
def test_a_defect_is_told_and_workers_are_kept_all_the_same(place: Path) -> None:
    left = [ZeroDivisionError("a defect")]

    def revive() -> None:
        if left:
            raise left.pop()

    crew = crew_of(place, revive)
    crew.start()
    try:
        assert until(lambda: workers(place))
    finally:
        crew.stop()
    assert until(lambda: not alive())


def test_no_worker_begins_after_the_stop(place: Path) -> None:
    looking, go_on = threading.Event(), threading.Event()

    def revive() -> None:
        looking.set()
        go_on.wait(30)

    crew = crew_of(place, revive)
    crew.start()
    assert looking.wait(30)
    crew.stop()
    go_on.set()
    assert until(lambda: not alive())
    assert not workers(place)
    assert not (place / "logs" / "worker-1.log").exists()


def test_nothing_is_looked_after_once_it_was_told_to_stop(place: Path) -> None:
    looked: list[int] = []
    orphan = FileLock(place / "workers.lock")
    assert orphan.share()
    crew = crew_of(place, lambda: looked.append(1))
    crew.start()
    crew.stop()
    orphan.close()
    assert until(lambda: not alive())
    assert looked == []


def test_a_child_lives_until_its_last_thread_ends_since_that_one_holds_its_locks() -> None:
    code = "import ctypes, threading, time; threading.Thread(target=time.sleep, args=(60,)).start()"
    pid = processes.start([sys.executable, "-c", f"{code}; ctypes.CDLL(None).pthread_exit(None)"], None)
    assert until(lambda: psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    assert processes.lives(pid)
    processes.send([pid], signal.SIGKILL)
    assert until(lambda: not processes.lives(pid))


def test_a_process_somebody_else_started_lives_until_its_last_thread_ends_too() -> None:
    threads = "import ctypes, threading, time; threading.Thread(target=time.sleep, args=(60,)).start()"
    leader_ends = f"{threads}; ctypes.CDLL(None).pthread_exit(None)"
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {leader_ends!r}]).wait()"
    parent = processes.start([sys.executable, "-c", code], None)
    assert until(lambda: len(processes.family(parent)) == 2)
    pid = processes.family(parent)[1]
    assert until(lambda: psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    assert processes.lives(pid)
    processes.send([pid], signal.SIGKILL)
    assert until(lambda: not processes.lives(pid))
    assert until(lambda: not processes.lives(parent))


def test_a_redis_that_takes_connections_and_never_answers_is_given_up() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        redis = make_redis(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", answer_s=0.1)
        with pytest.raises(StoreDown) as told, reaching_redis():
            redis.ping()
        redis.close()
    assert isinstance(told.value.__cause__, RedisError)
