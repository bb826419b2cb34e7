"""The folder everything of one installation lives in: who owns it, what may read it, its secrets."""

from __future__ import annotations

import errno
import hashlib
import os
import pwd
import secrets
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rewrapped.errors import SetupError

_SOCKET_PATH_LIMIT = 107  # bytes, of the operating system
_SOCKET_NAME = len("/.s.PGSQL.5432")
_ROOM_BYTES = 300 * 1024**2  # a fresh database takes about 70 MB, and its log grows to more


@contextmanager
def explained(home: Path) -> Iterator[None]:
    """Tell troubles with files in one sentence.

    Raises:
        SetupError: in place of any OSError.
    """
    try:
        yield
    except OSError as error:
        raise SetupError(_sentence(home, error)) from error


def _sentence(home: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full: make room where {home} is, then start again."
    where = error.filename or home
    return f"{where} can't be used ({error.strerror or error}); set REWRAPPED_HOME to a folder of your own."


def prepare(home: Path) -> Path:
    """Make the home and its parts; return its real path.

    Raises:
        SetupError: it belongs to somebody else, or can't be written.
    """
    with explained(home):
        home = home.absolute()
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        home = home.resolve()
        _refuse_foreign(home)
        if stat.S_IMODE(home.stat().st_mode) not in (0o700, 0o711):
            home.chmod(0o700)
        for part in ("secrets", "logs", "cache", "uploads", "valkey"):
            (home / part).mkdir(exist_ok=True, mode=0o700)
    return home


def _refuse_foreign(home: Path) -> None:
    owner = home.stat().st_uid
    if owner != os.geteuid():
        raise SetupError(
            f"{home} belongs to {_name_of(owner)}, and you are {_name_of(os.geteuid())}: "
            "start it as its owner, or set REWRAPPED_HOME to a folder of your own."
        )


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def refuse_full_disk(home: Path) -> None:
    """Check that there is room for a new database.

    Raises:
        SetupError: there is not.
    """
    free = os.statvfs(home)
    if free.f_bavail * free.f_frsize < _ROOM_BYTES:
        raise SetupError(f"The disk is full: {home} needs at least {_ROOM_BYTES // 1024**2} MB free to begin with.")


def secret(home: Path, name: str) -> str:
    """Return a secret kept in the home, made at its first use: 64 hexadecimal digits, readable by its owner alone."""
    path = home / "secrets" / name
    with explained(home):
        try:
            return path.read_text("ascii").strip()
        except FileNotFoundError:
            return _keep_secret(path, secrets.token_hex(32))


def _keep_secret(path: Path, value: str) -> str:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(value)
    try:
        os.link(draft, path)  # whoever comes first wins, and never half a secret is seen
    except FileExistsError:
        return path.read_text("ascii").strip()
    finally:
        draft.unlink()
    return value


def socket_folder(home: Path) -> Path:
    """Return a private folder whose path is short enough for sockets, whatever the home's is.

    Raises:
        SetupError: the short one was made by somebody else.
    """
    inside = home / "sockets"
    with explained(home):
        if len(os.fsencode(inside)) + _SOCKET_NAME <= _SOCKET_PATH_LIMIT:
            inside.mkdir(exist_ok=True, mode=0o700)
            return inside
        return _short_folder(home)


def _short_folder(home: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    temporary = tempfile.gettempdir()
    parent = Path(temporary if len(os.fsencode(temporary)) <= 40 else "/tmp")  # noqa: S108 - owner and mode are checked
    folder = parent / f"rewrapped-{os.geteuid()}-{digest}"
    folder.mkdir(exist_ok=True, mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in _trusted_owners() or stat.S_IMODE(found.st_mode) & 0o077:
        raise SetupError(f"{folder} was made by somebody else; remove it, then start again.")
    return folder


def _trusted_owners() -> set[int]:
    """Return who may own the folder of sockets: ourselves; and as root, the user Postgres runs as."""
    return {os.geteuid()} | ({pwd.getpwnam("nobody").pw_uid} if os.geteuid() == 0 else set())
