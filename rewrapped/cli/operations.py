"""Running an installation: serve, doctor, env, backup, restore."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from rewrapped import settings as reader
from rewrapped.cli import Commands
from rewrapped.embedded import archives, diagnosis, servers, supervisor
from rewrapped.embedded.postgres import Postgres
from rewrapped.errors import SetupError


def register(commands: Commands) -> None:
    """Add the commands of an operator."""
    _add(commands, "serve", _serve, "run the site, its workers and the servers it needs, until Ctrl-C")
    _add(commands, "doctor", _doctor, "tell what runs, where, in which version, and what isn't configured")
    _add(commands, "env", _env, "print the addresses of the servers that run, as lines a shell can read")
    backup = _add(commands, "backup", _backup, "write the whole database into a file")
    backup.add_argument("file", type=Path)
    restore = _add(commands, "restore", _restore, "read a backup into an empty database")
    restore.add_argument("file", type=Path)
    restore.add_argument("--force", action="store_true", help="replace what the database holds")


def _add(commands: Commands, name: str, run: object, says: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=says, description=says[0].upper() + says[1:] + "."
    )
    command.set_defaults(run=run)
    return command


def _serve(_: argparse.Namespace) -> int:
    return supervisor.serve(reader.load())


def _doctor(_: argparse.Namespace) -> int:
    lines, healthy = diagnosis.examine(reader.load())
    print("\n".join(lines))
    return 0 if healthy else 1


def _env(_: argparse.Namespace) -> int:
    database, redis = addresses(reader.load())
    print(f"export DATABASE_URL={shlex.quote(database)} REDIS_URL={shlex.quote(redis)}")
    return 0


def addresses(settings: reader.Settings) -> tuple[str, str]:
    """Return the addresses of database and Redis, as psql and redis-cli take them.

    Raises:
        SetupError: they are ours, and don't run.
    """
    database = settings.database_url.get_secret_value() if settings.database_url else None
    redis = settings.redis_url.get_secret_value() if settings.redis_url else None
    for server in servers.described(settings.home):
        if isinstance(server, Postgres):
            database = database or (server.url if server.answers() else None)
        else:
            redis = redis or (server.url if server.answers() else None)
    if database is None or redis is None:
        raise SetupError("The servers aren't running: start the site first (make run).")
    return f"postgresql://{database.partition('://')[2]}", redis  # without the name of our driver


def _backup(chosen: argparse.Namespace) -> int:
    written = archives.backup(reader.load(), chosen.file)
    print(f"{chosen.file}: {written:,} bytes.")
    return 0


def _restore(chosen: argparse.Namespace) -> int:
    archives.restore(reader.load(), chosen.file, force=chosen.force)
    print("The backup was read in.")
    return 0
