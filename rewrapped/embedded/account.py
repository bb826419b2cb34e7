"""As whom Postgres runs, and where its files are: it refuses to run as root.

As an ordinary user it simply runs. As root three ways are tried: a user
namespace in which root's files belong to nobody; the user nobody itself, when
every folder above can be passed; and /var/lib/rewrapped.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rewrapped.embedded.binaries import PostgresPrograms
from rewrapped.errors import SetupError

_UNSHARE = ("unshare", "--user", "--map-user=65534", "--map-group=65534")
_ELSEWHERE = Path("/var/lib/rewrapped")


@dataclass(frozen=True, slots=True)
class Place:
    """How Postgres is started: in which folder, which programs, as whom."""

    area: Path  # holds the data folder; belongs to whom Postgres runs as
    programs: PostgresPrograms
    prefix: tuple[str, ...] = ()
    uid: int | None = None  # None: as ourselves
    gid: int | None = None

    @property
    def data(self) -> Path:
        """Return the data folder."""
        return self.area / "data"

    def options(self) -> dict[str, Any]:
        """Return what starting a process needs to run as this account."""
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.area), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        options: dict[str, Any] = {"env": environment, "cwd": self.area}
        if self.uid is not None:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def give(self, path: Path) -> None:
        """Hand a file or folder, with all that is in it, to the account."""
        owner = os.geteuid() if self.uid is None else self.uid
        if os.geteuid() != 0 or path.lstat().st_uid == owner:
            return
        group = os.getegid() if self.gid is None else self.gid
        for folder, _, names in os.walk(path):
            for item in (folder, *(os.path.join(folder, name) for name in names)):  # noqa: PTH118 - os.walk gives text
                os.chown(item, owner, group, follow_symlinks=False)
        os.chown(path, owner, group, follow_symlinks=False)

    def works(self) -> bool:
        """Return whether the account can write its folder and run the programs."""
        probe = 'test -w "$1" && test -x "$1" && exec "$2" --version'
        command = [*self.prefix, "/bin/sh", "-c", probe, "sh", str(self.area), str(self.programs.server)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=30, check=False, **self.options())
        except (OSError, subprocess.SubprocessError):
            return False
        return done.returncode == 0


Way = Callable[[Path, PostgresPrograms], Place | None]


def plainly(home: Path, programs: PostgresPrograms) -> Place | None:
    """Run as ourselves; None as root, and for a user the machine has no name for."""
    if os.geteuid() == 0 or not _has_name(os.geteuid()):
        return None
    return Place(_area(home), programs)


def in_user_namespace(home: Path, programs: PostgresPrograms) -> Place | None:
    """Run in a user namespace, where we are nobody and our files are nobody's."""
    if shutil.which("unshare") is None:
        return None
    place = Place(_area(home), programs, prefix=_UNSHARE)
    place.give(place.area)
    return place if place.works() else None


def as_nobody(home: Path, programs: PostgresPrograms) -> Place | None:
    """Run as the user nobody in the home, when nobody can get there."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    place = Place(_area(home), programs, uid=nobody.pw_uid, gid=nobody.pw_gid)
    home.chmod(0o711)  # to pass through, not to look around
    place.give(place.area)
    if place.works():
        return place
    home.chmod(0o700)
    return None


def elsewhere(home: Path, programs: PostgresPrograms, root: Path = _ELSEWHERE) -> Place | None:
    """Run as the user nobody in /var/lib/rewrapped, with a copy of the programs."""
    if os.geteuid() != 0:
        return None
    area = _elsewhere(home, root)
    try:
        if not root.exists():
            root.mkdir(parents=True)
            root.chmod(0o755)  # whatever the umask says: nobody has to pass
        area.mkdir(exist_ok=True, mode=0o700)
        programs = _copied(programs, root)
    except OSError:
        return None
    nobody = pwd.getpwnam("nobody")
    place = Place(area, programs, uid=nobody.pw_uid, gid=nobody.pw_gid)
    place.give(area)
    return place if place.works() else None


WAYS: tuple[Way, ...] = (plainly, in_user_namespace, as_nobody, elsewhere)


def find_place(home: Path, programs: PostgresPrograms, ways: Sequence[Way] = WAYS) -> Place:
    """Return the first way that works here; data that is there already stays where it is.

    Raises:
        SetupError: none works, or the data can't be reached in the way that does.
    """
    if (_elsewhere(home) / "data" / "PG_VERSION").exists() and not _begun(home):
        ways = (elsewhere,)
    for way in ways:
        place = way(home, programs)
        if place is None:
            continue
        if _begun(home) and place.area != _area(home):
            break
        place.give(place.area)
        return place
    raise SetupError(
        f"Postgres can't run in {home} here: it refuses to run as root, and no other user can get there. "
        "Start as an ordinary user, or set REWRAPPED_HOME or DATABASE_URL."
    )


def _begun(home: Path) -> bool:
    return (home / "postgres" / "data" / "PG_VERSION").exists()


def _area(home: Path) -> Path:
    area = home / "postgres"
    area.mkdir(exist_ok=True, mode=0o700)
    return area


def _elsewhere(home: Path, root: Path = _ELSEWHERE) -> Path:
    return root / hashlib.sha256(os.fsencode(home)).hexdigest()[:16]


def _copied(programs: PostgresPrograms, root: Path) -> PostgresPrograms:
    """Return the programs at a place everybody can read, copied there once."""
    if not programs.package:
        return programs
    inside = programs.folder.relative_to(programs.package[0].parent)
    digest = hashlib.sha256(os.fsencode(programs.folder) + str(programs.server.stat().st_mtime_ns).encode())
    target = root / f"programs-{digest.hexdigest()[:16]}"
    if not target.exists():
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        draft.mkdir()
        draft.chmod(0o755)
        for part in programs.package:
            shutil.copytree(part, draft / part.name)
        with suppress(OSError):  # another installation was faster
            draft.rename(target)
        shutil.rmtree(draft, ignore_errors=True)
    return PostgresPrograms(target / inside)


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
