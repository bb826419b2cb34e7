"""The servers of one home, shared by all its processes.

Each process that uses them holds a shared lock on `users.lock`. Who leaves
tries to get it alone, and whoever gets it stops them. A process that was
killed holds nothing, and servers it left running are joined by the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import psycopg2
from redis.exceptions import RedisError

from rewrapped.embedded import binaries, home, processes
from rewrapped.embedded.account import WAYS, Way, find_place
from rewrapped.embedded.locks import FileLock, owning
from rewrapped.embedded.postgres import Postgres
from rewrapped.embedded.valkey import Valkey
from rewrapped.errors import Conflict, SetupError

_START_S = 900.0  # another process may be waiting for a recovery
_LEAVE_S = 2.0  # who starts meanwhile uses the servers, so nobody has to stop them

Server = Postgres | Valkey


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses of the servers that are ours; None for those that are not."""

    database: str | None = field(repr=False, default=None)
    redis: str | None = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which servers a home runs, and how."""

    postgres: bool = True
    valkey: bool = True
    durable: bool = True  # False, for tests: faster, and data may be lost when the machine fails
    ways: Sequence[Way] = WAYS


@contextmanager
def running(folder: Path, wanted: Wanted | None = None) -> Iterator[Urls]:
    """Run the servers of a home, or join those that run, for as long as the context lasts.

    Raises:
        SetupError: they can't run here; the text says why.
    """
    folder = home.prepare(folder)
    users = FileLock(folder / "users.lock")
    try:
        with owning(folder / "start.lock", _START_S) as alone:
            if not alone or not users.share():
                raise SetupError(f"Another process has been starting the servers in {folder} for too long.")
            servers = _described(folder, wanted or Wanted())
            urls = _ensured(servers, users)
        try:
            yield urls
        finally:
            _leave(folder, users, servers)
    finally:
        users.close()


@contextmanager
def running_alone(folder: Path, wanted: Wanted | None = None) -> Iterator[Urls]:
    """Do as `running` while nobody else uses the servers: whoever starts meanwhile waits until the context ends.

    Raises:
        Conflict: somebody uses them.
        SetupError: they can't run here; the text says why.
    """
    folder = home.prepare(folder)
    users = FileLock(folder / "users.lock")
    try:
        with owning(folder / "start.lock", _LEAVE_S) as alone:
            if not alone or not users.own():
                raise Conflict("The site is running: stop it first.")
            servers = _described(folder, wanted or Wanted())
            urls = _ensured(servers, users)
            try:
                yield urls
            finally:
                stop_all(servers)
    finally:
        users.close()


def revive(folder: Path, servers: Sequence[Server]) -> None:
    """Start those servers that died, unless somebody is starting or stopping them or nobody uses them any more.

    Raises:
        SetupError: one can't run any more; the text says why.
    """
    if all(server.pid for server in servers):
        return
    users = FileLock(folder / "users.lock")
    try:
        with owning(folder / "start.lock", 0) as alone:
            if not alone or users.own():
                return
            for server in servers:
                if server.pid is None:
                    _ensure(server)
    finally:
        users.close()


def stop_all(servers: Sequence[Server]) -> None:
    """Stop servers side by side, which takes as long as the slowest."""
    threads = [Thread(target=server.stop) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def described(folder: Path, wanted: Wanted | None = None) -> list[Server]:
    """Return the servers of a home without starting any; empty when it was never used."""
    if not (folder / "secrets").is_dir():
        return []
    return _described(home.prepare(folder), wanted or Wanted())


def _described(folder: Path, wanted: Wanted) -> list[Server]:
    servers: list[Server] = []
    if wanted.postgres:
        place = find_place(folder, binaries.find_postgres(), wanted.ways)
        password = home.secret(folder, "postgres")
        log = folder / "logs" / "postgres.log"
        sockets = home.socket_folder(folder if place.area.is_relative_to(folder) else place.area)
        servers.append(Postgres(place, sockets, log, password, wanted.durable))
    if wanted.valkey:
        log = folder / "logs" / "valkey.log"
        servers.append(Valkey(binaries.find_valkey(), folder / "valkey", log, home.secret(folder, "valkey")))
    return servers


def _ensured(servers: Sequence[Server], users: FileLock) -> Urls:
    before = processes.started()  # servers of another home too
    try:
        for server in servers:
            _ensure(server)
    except BaseException:  # also when interrupted: nothing half started stays behind
        if users.own():
            stop_all(servers)
            processes.end_started(but=before)
        raise
    found = {"database" if isinstance(server, Postgres) else "redis": server.url for server in servers}
    return Urls(**found)


def _ensure(server: Server) -> None:
    try:
        with home.explained(server.log.parent):
            server.ensure()
    except (psycopg2.Error, RedisError) as error:
        raise SetupError(f"A server ended while it was being started (more in {server.log}).") from error


def _leave(folder: Path, users: FileLock, servers: Sequence[Server]) -> None:
    with owning(folder / "start.lock", _LEAVE_S) as alone:
        if alone and users.own():
            stop_all(servers)
        users.close()  # before anybody may start them: who looks finds that we are gone
