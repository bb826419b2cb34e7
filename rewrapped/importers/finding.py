"""Which files of an upload are worth opening, and what else there was."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from rewrapped.errors import TooLarge, UnreadableFile
from rewrapped.importers import archive, detect
from rewrapped.importers.rows import FileProblem, Format

HEAD = 1 << 16  # bytes looked at to tell what a file is


@dataclass(frozen=True, slots=True)
class Found:
    """A file worth opening; `entry` is its place in the ZIP at `path`, if it is in one."""

    path: Path
    name: str
    format: Format | None  # None: its rows will tell
    size: int
    entry: zipfile.ZipInfo | None = None


@dataclass(slots=True)
class Findings:
    """What looking through an upload brought: files to open, problems, the names uploaded, and the paths in ZIPs."""

    files: list[Found] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)

    def add(self, path: Path, name: str) -> None:
        """Look at one uploaded file, called `name` by its owner.

        Raises:
            TooLarge: it is a ZIP that passes a limit.
        """
        self.uploads.append(name)
        try:
            with path.open("rb") as file:
                kind = detect.kind_of_file(file.read(HEAD))
            if kind == "zip":
                self._add_archive(path)
            elif kind == "json":
                found = Found(path, archive.shown(name), detect.format_by_name(name), path.stat().st_size)
                self.files.append(found)
            else:
                self.trouble(name, f"It is {kind}, not a listening history.")
        except OSError:
            self.trouble(name, "It can't be opened.")
        except TooLarge:
            raise
        except UnreadableFile as error:
            self.trouble(name, str(error))

    def _add_archive(self, path: Path) -> None:
        for entry in archive.list_entries(path):
            self.entries.append(entry.filename)
            format_ = detect.format_by_name(entry.filename)
            if format_:
                self._add_entry(path, entry, format_)

    def _add_entry(self, path: Path, entry: zipfile.ZipInfo, format_: Format) -> None:
        try:
            archive.check_entry(entry)
        except TooLarge:
            raise
        except UnreadableFile as error:
            self.trouble(entry.filename, str(error))
        else:
            self.files.append(Found(path, archive.shown(entry.filename), format_, entry.file_size, entry))

    def trouble(self, name: str, sentence: str) -> None:
        """Note that a file could not be read, or not to its end."""
        self.problems.append(FileProblem(archive.shown(name), sentence))

    def nothing(self) -> UnreadableFile:
        """Return the error for an upload without any listening history that can be read."""
        sentences = dict.fromkeys(f"{problem.name}: {problem.sentence}" for problem in self.problems[:3])
        return UnreadableFile(detect.explain_nothing_found(self.uploads, self.entries, sentences))
