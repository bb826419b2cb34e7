"""Builds the components that stand on d3 from their sources: `make components`, which needs npm. A test tells when
what is built is older than its sources."""

from __future__ import annotations

import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

SOURCES = Path(__file__).with_name("src")
STAMP = Path(__file__).with_name("assets") / "built.txt"


def fingerprint() -> str:
    """Return what tells one state of the sources, and of the libraries they ask for, from another."""
    found = sha256()
    for path in sorted([*SOURCES.glob("*.js"), *SOURCES.glob("package*.json")]):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def main() -> int:
    """Fetch the pinned libraries, build into assets/, and note what was built."""
    npm = shutil.which("npm")
    if npm is None:
        sys.stderr.write("npm isn't on the PATH: the components can be built only with it.\n")
        return 2
    for arguments in (("ci", "--ignore-scripts", "--silent"), ("run", "--silent", "build")):
        if subprocess.run([npm, *arguments], cwd=SOURCES, check=False).returncode:
            return 1
    STAMP.write_text(f"sources {fingerprint()}\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
