"""Make the virtual environment, or refresh it when what it is made from changed. Needs only Python and pip.

Two that start beside each other wait for one another. `python .ci/environment.py FOLDER`
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
PINS = CHECKOUT / "requirements-dev.txt"


def main(folder: Path) -> int:
    """Return 0 with a usable environment in `folder`, 1 after a sentence on stderr."""
    if sys.version_info < (3, 11):  # noqa: UP036 - an older one may start it, and is told so
        return _fail(f"Python 3.11 or newer is needed and this is {sys.version.split()[0]}: make PYTHON=python3.12 ...")
    try:
        if _is_current(folder):
            return 0
        lock = os.open(f"{folder}.lock", os.O_RDWR | os.O_CREAT, 0o644)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_current(folder):
            _make(folder)
    except OSError as error:
        return _fail(f"{error.filename or folder} can't be written ({error.strerror}): make VENV=/another/folder ...")
    except subprocess.CalledProcessError as error:
        return _fail(f"The packages couldn't be installed: {' '.join(map(str, error.cmd))} failed.")
    return 0


def _key(folder: Path) -> str:
    """Return what an environment depends on: the pins, this file, and where it is (its scripts name their folder)."""
    parts = (PINS.read_bytes(), Path(__file__).read_bytes(), os.fsencode(folder.absolute()), os.fsencode(CHECKOUT))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _is_current(folder: Path) -> bool:
    stamp = folder / "made-from"
    return stamp.exists() and stamp.read_text("ascii") == _key(folder)


def _make(folder: Path) -> None:
    python = folder / "bin" / "python"
    if not python.exists() or subprocess.run([python, "-c", ""], check=False).returncode:
        print(f"Making {folder}, once; this takes a minute or two.", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    if subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        subprocess.run([python, "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    subprocess.run([*pip, "-r", PINS], check=True)
    subprocess.run([*pip, "--no-deps", "-e", CHECKOUT], check=True)
    (folder / "made-from").write_text(_key(folder), "ascii")


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
