"""One Postgres of our own: made, started or joined, waited for, ended."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg2

from rewrapped.embedded import processes
from rewrapped.embedded.account import Place
from rewrapped.embedded.binaries import major_version
from rewrapped.embedded.home import refuse_full_disk
from rewrapped.errors import SetupError

NAME = "rewrapped"  # of the user and of the database
_PORT = 5432  # names the socket; nothing listens on the network
_RECOVERY_S = 900.0  # a long crash recovery is waited for
_SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    f"port={_PORT}",
    "shared_buffers=256MB",
    "max_connections=200",
    "max_wal_size=4GB",
    "wal_compression=pglz",
    "jit=off",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_min_error_statement=panic",  # statements hold what people typed, and the log outlives their account
    "log_error_verbosity=terse",  # so do the details of an error
)
_STOP = ((signal.SIGINT, 3.0), (signal.SIGQUIT, 1.0))  # fast; else at once, and recovery follows at the next start


@dataclass(frozen=True, slots=True)
class Postgres:
    """A Postgres whose files are at `place` and whose socket is in `sockets`."""

    place: Place
    sockets: Path
    log: Path
    password: str = field(repr=False)
    durable: bool = True  # False, for tests: data may be lost when the machine fails

    @property
    def data(self) -> Path:
        """Return where the data is."""
        return self.place.data

    @property
    def url(self) -> str:
        """Return the address of the database, as libpq and its tools take it."""
        return f"postgresql://{NAME}:{self.password}@/{NAME}?host={quote(str(self._sockets()), safe='')}&port={_PORT}"

    @property
    def pid(self) -> int | None:
        """Return the server's process, None when it doesn't run."""
        pid = int((self._pid_lines() or ["0"])[0] or 0)
        ours = str(self.place.data) in processes.command_of(pid) if pid > 0 else False
        return pid if ours and processes.lives(pid) else None

    def ensure(self) -> None:
        """Start the server, or join one that runs; return when it answers and the database is there.

        Raises:
            SetupError: it can't run here; the text says why.
        """
        self._refuse_other_major()
        if self.pid is None:
            self._clear_remains()
            if not (self.place.data / "PG_VERSION").exists():
                self._create()
            self._start()
        self._wait()
        self._create_database()

    def stop(self) -> None:
        """End the server: politely, and after 3 s at once. No committed row is lost either way."""
        pid = self.pid
        if pid is not None:
            processes.end(pid, _STOP)

    def answers(self) -> bool:
        """Return whether the server takes connections.

        Raises:
            SetupError: it runs with another password than ours.
        """
        try:
            self._connect("postgres").close()
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                kept = self.log.parent.parent / "secrets" / "postgres"
                raise SetupError(
                    f"Postgres refuses the password in {kept}: put the file back that it was made with."
                ) from error
            return False
        return True

    def _connect(self, database: str) -> psycopg2.extensions.connection:
        return psycopg2.connect(
            host=str(self._sockets()),
            port=_PORT,
            user=NAME,
            password=self.password,
            dbname=database,
            connect_timeout=5,
        )

    def _sockets(self) -> Path:
        """Return where the socket is: a server that runs already says so itself."""
        lines = self._pid_lines()
        return Path(lines[4]) if len(lines) > 4 and lines[4] else self.sockets

    def _pid_lines(self) -> list[str]:
        try:
            return (self.place.data / "postmaster.pid").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _refuse_other_major(self) -> None:
        try:
            made_by = int((self.place.data / "PG_VERSION").read_text("ascii").strip())
        except FileNotFoundError:
            return
        ours = major_version(self.place.programs.server)
        if made_by != ours:
            raise SetupError(
                f"The database in {self.place.data} was made by Postgres {made_by}, and this is Postgres {ours}. "
                f"With the version that made it run `python -m rewrapped backup FILE`, move the folder away, "
                f"then run `python -m rewrapped restore FILE` with this one."
            )

    def _clear_remains(self) -> None:
        """Remove what a killed server left behind, once none of its processes lives."""
        remains = processes.working_in(self.place.data)
        if not processes.all_gone(remains, 5):  # without their parent nothing they do can be committed
            processes.send(remains, signal.SIGKILL)
            processes.all_gone(remains, 10)
        for name in ("data/postmaster.pid", "password"):
            (self.place.area / name).unlink(missing_ok=True)
        for name in (f".s.PGSQL.{_PORT}", f".s.PGSQL.{_PORT}.lock"):  # a zombie's would be respected too
            (self.sockets / name).unlink(missing_ok=True)

    def _create(self) -> None:
        refuse_full_disk(self.place.area)
        draft = self.place.area / "data.new"
        _remove(draft)
        password = self.place.area / "password"
        descriptor = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(self.password)
        self.place.give(password)
        try:
            self._initdb(draft, password)
        finally:
            password.unlink()
        draft.rename(self.place.data)  # whole or not at all

    def _initdb(self, draft: Path, password: Path) -> None:
        command: list[str | Path] = [*self.place.prefix, self.place.programs.folder / "initdb", "-D", draft, "-U", NAME]
        command += ["--auth=scram-sha-256", f"--pwfile={password}", "--encoding=UTF8", "--locale=C.UTF-8"]
        command += [] if self.durable else ["--no-sync"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self.place.options())
        if done.returncode:
            raise SetupError(self._reason(done.stderr))

    def _start(self) -> None:
        command: list[str | Path] = [*self.place.prefix, self.place.programs.server, "-D", self.place.data]
        durability = () if self.durable else ("fsync=off", "full_page_writes=off")
        for setting in (*_SETTINGS, f"unix_socket_directories={self.sockets}", *durability):
            command += ["-c", setting]
        self.place.give(self.sockets)
        seen = self.log.stat().st_size if self.log.exists() else 0
        pid = processes.start(command, self.log, **self.place.options())
        ready = processes.wait_until(lambda: self.pid == pid or not processes.lives(pid), 60)
        if not ready or not processes.lives(pid):
            raise SetupError(self._reason(_text_since(self.log, seen)))

    def _wait(self) -> None:
        """Wait until the server answers, through a recovery too, as long as it lives."""
        seen = self.log.stat().st_size if self.log.exists() else 0
        processes.wait_until(lambda: self.answers() or self.pid is None, _RECOVERY_S)
        if self.pid is None or not self.answers():
            raise SetupError(self._reason(_text_since(self.log, max(0, seen - 4096))))

    def _create_database(self) -> None:
        connection = self._connect("postgres")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (NAME,))
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {NAME}")
        finally:
            connection.close()

    def _reason(self, said: str) -> str:
        if "No space left on device" in said:
            return f"The disk is full: make room where {self.place.area} is, then start again."
        told = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line or "error:" in line]
        last = told[-1].partition(": ")[2] or told[-1] if told else "it ended without a word"
        return f"Postgres didn't start: {last.strip()} (more in {self.log})."


def _remove(folder: Path) -> None:
    for path, folders, names in os.walk(folder, topdown=False):
        for name in names:
            Path(path, name).unlink()
        for name in folders:
            Path(path, name).rmdir()
    if folder.exists():
        folder.rmdir()


def _text_since(log: Path, offset: int) -> str:
    try:
        with log.open("rb") as file:
            file.seek(offset)
            return file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
