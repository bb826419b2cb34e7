"""A Postgres that stands still: it takes connections and answers nothing, as on a machine whose disk hangs."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

import psutil
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.testclient import TestClient

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.embedded.servers import Wanted
from rewrapped.embedded.servers import running as servers_of
from rewrapped.settings import Settings
from rewrapped.storage import database
from rewrapped.web import policy, server
from rewrapped.web.policy import Policy

CARD = "/share/" + "a" * 24  # asks the database for a card that isn't there


@pytest.fixture
def own(home: Path, deps: Deps) -> Iterator[Deps]:
    """Deps on a Postgres that nobody else uses."""
    with servers_of(home, Wanted(valkey=False, durable=False)) as urls:
        engine = database.make_engine(urls.database or "")
        database.migrate(engine)
        yield replace(deps, engine=engine)
        engine.dispose()


@pytest.fixture
def client(own: Deps) -> Iterator[TestClient]:
    settings = Settings(base_url="http://127.0.0.1:8501", spotify_client_id=None)
    running.hold(own)
    policy.hold(Policy.of(settings))
    app = Starlette(routes=server.routes, exception_handlers=server.exception_handlers)
    with TestClient(app, base_url=settings.base_url, raise_server_exceptions=False) as opened:
        yield opened
    running.hold(None)
    policy.hold(None)


@contextmanager
def frozen(home: Path) -> Iterator[None]:
    """Stop Postgres and every process of it for as long as the context lasts."""
    (file,) = home.rglob("postmaster.pid")
    postmaster = psutil.Process(int(file.read_text("ascii").split()[0]))
    stopped = [postmaster, *postmaster.children(recursive=True)]
    for process in stopped:
        os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in stopped:
            os.kill(process.pid, signal.SIGCONT)


def timed(ask: Callable[[], Response], within_s: float) -> tuple[Response, float]:
    """Return an answer and how long it took; fail where there is none in time, without waiting for it."""
    found: Future[Response] = Future()
    Thread(target=lambda: found.set_result(ask()), daemon=True).start()
    began_at = time.monotonic()
    return found.result(within_s), time.monotonic() - began_at


def test_a_postgres_that_stands_still_is_told_in_seconds_and_nobody_waits_for_it(
    client: TestClient, home: Path
) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get(CARD).status_code == 404
    with frozen(home):
        answer, _ = timed(lambda: client.get("/healthz"), 12)
        assert (answer.status_code, answer.json()["database"]) == (503, "failing")
        for _ in range(3):
            answer, took_s = timed(lambda: client.get(CARD), 5)
            assert (answer.status_code, took_s < 2) == (503, True)
            assert "doesn't answer" in answer.json()["detail"]
    assert client.get("/healthz").status_code == 200
    assert client.get(CARD).status_code == 404  # at once: the sign of life ends the rest


def test_health_answers_while_every_other_thread_waits_for_a_postgres_that_stands_still(
    client: TestClient, home: Path
) -> None:
    assert client.get(CARD).status_code == 404  # a connection is open, so that the others hang on it
    waiting = [Thread(target=client.get, args=(CARD,), daemon=True) for _ in range(45)]  # more than serve requests
    with frozen(home):
        for thread in waiting:
            thread.start()
        time.sleep(0.5)
        answer, _ = timed(lambda: client.get("/healthz"), 12)
        assert answer.status_code == 503
    for thread in waiting:
        thread.join(30)
    assert client.get("/healthz").status_code == 200
