"""One Valkey of our own: started or joined, waited for, ended."""

from __future__ import annotations

import os
import re
import signal
import socket
from dataclasses import dataclass, field
from pathlib import Path

from redis import ConnectionPool, Redis
from redis.exceptions import BusyLoadingError, RedisError

from rewrapped.embedded import processes
from rewrapped.embedded.home import explained
from rewrapped.errors import SetupError

_OLDEST = (6, 2)  # RQ moves jobs in one step from here on
_LOADING_S = 300.0
_TRIES = 5
_STOP = ((signal.SIGTERM, 3.0),)


@dataclass(frozen=True, slots=True)
class Valkey:
    """A Valkey whose files are in `area`; it listens on 127.0.0.1, with a password."""

    program: Path
    area: Path
    log: Path
    password: str = field(repr=False)

    @property
    def data(self) -> Path:
        """Return where the data is."""
        return self.area

    @property
    def url(self) -> str:
        """Return the address, as redis-cli takes it."""
        return f"redis://:{self.password}@127.0.0.1:{self._port()}/0"

    @property
    def pid(self) -> int | None:
        """Return the server's process, None when it doesn't run."""
        try:
            pid = int((self.area / "valkey.pid").read_text("ascii").strip())
        except (FileNotFoundError, ValueError):
            return None
        ours = any("valkey" in word or "redis" in word for word in processes.command_of(pid)[:1])
        return pid if ours and processes.lives(pid) and self._is_ours(pid) else None

    def ensure(self) -> None:
        """Start the server, or join one that runs; return when it answers.

        Raises:
            SetupError: it can't run here; the text says why.
        """
        if self.pid is None:
            self._start()
        if not processes.wait_until(self.answers, _LOADING_S):
            raise SetupError(f"Valkey doesn't answer (more in {self.log}).")
        self._refuse_old()

    def stop(self) -> None:
        """End the server; it writes its log to the disk first."""
        pid = self.pid
        if pid is not None:
            processes.end(pid, _STOP)
            (self.area / "valkey.pid").unlink(missing_ok=True)

    def answers(self) -> bool:
        """Return whether the server takes our password and has read its data."""
        try:
            return bool(self._ask().ping())
        except RedisError:
            return False

    def _ask(self) -> Redis:
        pool = ConnectionPool.from_url(self.url, socket_timeout=5, socket_connect_timeout=5)
        return Redis.from_pool(pool)  # closed with the object, so that nothing stays open

    def _is_ours(self, pid: int) -> bool:
        """Tell our server from another one that got the number of a dead one."""
        return pid in processes.working_in(self.area)

    def _start(self) -> None:
        for attempt in range(_TRIES):
            port = self._port() if attempt == 0 else 0
            port = port if port and _is_free(port) else _free_port()
            said = self._try(port)
            if said is None:
                return
            if "in use" not in said:
                break
        raise SetupError(self._reason(said or ""))

    def _try(self, port: int) -> str | None:
        """Start on this port; return None when it lives, else what it said."""
        with explained(self.area):
            self._write_settings(port)
            seen = self.log.stat().st_size if self.log.exists() else 0
            pid = processes.start([self.program, self.area / "valkey.conf"], self.log, cwd=self.area)
        processes.wait_until(lambda: not processes.lives(pid) or self.answers() or self._loads(), 30)
        if not processes.lives(pid):
            return self.log.read_bytes()[seen:].decode("utf-8", "replace")
        (self.area / "valkey.pid").write_text(str(pid), "ascii")
        return None

    def _loads(self) -> bool:
        try:
            self._ask().ping()
        except BusyLoadingError:
            return True
        except RedisError:
            return False
        return True

    def _write_settings(self, port: int) -> None:
        lines = (
            f"port {port}",
            "bind 127.0.0.1",
            f"requirepass {self.password}",  # in a file, since anybody can read a command line
            "appendonly yes",
            "appendfsync everysec",
            "save 3600 1",
            "maxmemory-policy noeviction",  # the queue must not lose jobs
            "daemonize no",
            'dir "."',
        )
        draft = self.area / "valkey.conf.new"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write("\n".join(lines) + "\n")
        draft.rename(self.area / "valkey.conf")

    def _port(self) -> int:
        try:
            found = re.search(r"^port ([0-9]+)$", (self.area / "valkey.conf").read_text("ascii"), re.MULTILINE)
        except FileNotFoundError:
            return 0
        return int(found[1]) if found else 0

    def _refuse_old(self) -> None:
        said = str(self._ask().info("server")["redis_version"])
        if tuple(int(part) for part in said.split(".")[:2]) < _OLDEST:
            raise SetupError(f"{self.program} is version {said}; at least {'.'.join(map(str, _OLDEST))} is needed.")

    def _reason(self, said: str) -> str:
        if "No space left on device" in said:
            return f"The disk is full: make room where {self.area} is, then start again."
        last = said.strip().splitlines()[-1] if said.strip() else "it ended without a word"
        return f"Valkey didn't start: {last} (more in {self.log})."


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
