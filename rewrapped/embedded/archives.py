"""Backups: the whole database in one file, by Postgres's own tools."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from psycopg2 import ProgrammingError
from psycopg2.extensions import parse_dsn

from rewrapped.embedded import binaries, supervisor
from rewrapped.errors import Conflict, InvalidInput, SetupError
from rewrapped.settings import Settings
from rewrapped.storage import database

_FIRST_BYTES = b"PGDMP"  # of a file in pg_dump's own format
_VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}


def backup(settings: Settings, file: Path) -> int:
    """Write the database into a new file, readable by its owner alone; return its size in bytes.

    Raises:
        Conflict: the file is there already.
        SetupError: it can't be written, or the tool failed.
    """
    if file.exists():
        raise Conflict(f"{file} is there already; choose another name.")
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with supervisor.connected(settings) as complete:
            supervisor.migrate(complete)
            _run("pg_dump", ["--format=custom", f"--file={draft}"], supervisor.address(complete.database_url))
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    return file.stat().st_size


def restore(settings: Settings, file: Path, *, force: bool) -> None:
    """Read a backup into the database, whole or not at all, and bring it to this program's schema.

    Raises:
        InvalidInput: the file isn't a backup.
        Conflict: the database holds people already and `force` isn't given, or the site runs.
        SetupError: the tool failed; the database is as it was.
    """
    with file.open("rb") as opened:
        if opened.read(len(_FIRST_BYTES)) != _FIRST_BYTES:
            raise InvalidInput(f"{file} isn't a backup made by `python -m rewrapped backup`.")
    with supervisor.connected(settings, alone=settings.embedded_postgres) as complete:
        url = supervisor.address(complete.database_url)
        if not force:
            _refuse_filled(url)
        options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--dbname="]
        _run("pg_restore", [*options, str(file)], url)
        supervisor.migrate(complete)
        _forget_copies(complete.home / "cache")


def _refuse_filled(url: str) -> None:
    engine = database.make_engine(url, pool_size=1)
    try:
        if database.holds_people(engine):
            raise Conflict("The database holds people already; --force replaces everything in it.")
    finally:
        engine.dispose()


def _forget_copies(cache: Path) -> None:
    """Delete cached histories: they are named by versions that the restored rows may share."""
    if cache.is_dir():
        for path in cache.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _run(name: str, options: Sequence[str], url: str) -> None:
    program = binaries.find_postgres_tool(name)
    try:
        done = subprocess.run(
            [program, *options], env=_environment(url), capture_output=True, text=True, check=False, errors="replace"
        )
    except OSError as error:
        raise SetupError(f"{program} doesn't run: {error.strerror}.") from error
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it ended without a word"]
        raise SetupError(f"{name} failed: {said[0].removeprefix(f'{name}: ').removeprefix('error: ')}.")


def _environment(url: str) -> dict[str, str]:
    """Return the address as variables: on a command line everybody could read the password."""
    scheme, mark, rest = url.partition("://")
    try:
        parts = parse_dsn(f"{scheme.partition('+')[0]}{mark}{rest}")
    except ProgrammingError as error:
        raise SetupError("DATABASE_URL can't be read by Postgres's tools.") from error
    others = {f"PG{name.upper()}": value for name, value in parts.items() if name not in _VARIABLES}
    return (
        {"PATH": os.defpath, "PGCONNECT_TIMEOUT": "10"}
        | others
        | {_VARIABLES[name]: value for name, value in parts.items() if name in _VARIABLES}
    )
