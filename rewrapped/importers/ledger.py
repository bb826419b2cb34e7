"""What became of every row of an import: rows = kept + merged + dropped, per file and in sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from rewrapped.importers.rows import FileProblem, FileReading, Format, Reason


class CountedFile(Protocol):
    """A file that was read and stored; `kept`, `merged` and `improved` come from storing it."""

    @property
    def reading(self) -> FileReading: ...
    @property
    def kept(self) -> int: ...
    @property
    def merged(self) -> int: ...
    @property
    def improved(self) -> int: ...


@dataclass(frozen=True, slots=True)
class FileLedger:
    """The account of one file, or (without name and format) of many."""

    rows: int
    kept: int
    merged: int
    dropped: Mapping[Reason, int]
    moved: int = 0  # offline rows whose time is not what was reported; of all that weren't dropped
    truncated: bool = False
    improved: int = 0  # of those merged: they tell better what a poorer row told
    name: str = ""
    format: Format | None = None

    def __post_init__(self) -> None:
        """Refuse an account that doesn't balance.

        Raises:
            ValueError: rows are not kept + merged + dropped.
        """
        if self.rows != self.kept + self.merged + sum(self.dropped.values()):
            raise ValueError(f"the ledger of {self.name or 'the import'} doesn't balance")

    def to_json(self) -> dict[str, Any]:
        """Return it as it is stored and printed; reasons that did not occur are left out."""
        figures = {
            "rows": self.rows,
            "kept": self.kept,
            "merged": self.merged,
            "dropped": {reason.value: self.dropped[reason] for reason in Reason if self.dropped.get(reason)},
            "moved": self.moved,
            "truncated": self.truncated,
            "improved": self.improved,
        }
        if self.format is None:
            return figures
        return {"name": self.name, "format": self.format.value, **figures}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> FileLedger:
        """Return what `to_json` wrote."""
        dropped = {Reason(word): count for word, count in stored["dropped"].items()}
        figures = {name: stored[name] for name in ("rows", "kept", "merged", "moved", "truncated")}
        format_ = Format(stored["format"]) if "format" in stored else None
        figures["improved"] = stored.get("improved", 0)  # earlier imports didn't count it
        return cls(**figures, dropped=dropped, name=stored.get("name", ""), format=format_)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The account of one import: its files in their order, and what could not be read."""

    files: Sequence[FileLedger] = ()
    problems: Sequence[FileProblem] = field(default=())

    @classmethod
    def of(cls, counted: Iterable[CountedFile], problems: Iterable[FileProblem] = ()) -> Ledger:
        """Return the ledger of files that were read and stored.

        Raises:
            ValueError: a file's rows are not kept + merged + dropped.
        """
        return cls(tuple(map(_of_file, counted)), tuple(problems))

    @property
    def sum(self) -> FileLedger:
        """Return the account of all files together."""
        dropped: Counter[Reason] = Counter()
        for file in self.files:
            dropped.update(file.dropped)
        return FileLedger(
            rows=sum(file.rows for file in self.files),
            kept=self.kept,
            merged=sum(file.merged for file in self.files),
            dropped=dropped,
            moved=sum(file.moved for file in self.files),
            truncated=any(file.truncated for file in self.files),
            improved=sum(file.improved for file in self.files),
        )

    @property
    def kept(self) -> int:
        """Return how many rows were added."""
        return sum(file.kept for file in self.files)

    def to_json(self) -> dict[str, Any]:
        """Return `{files: [{name, format, rows, kept, merged, dropped, moved, truncated, improved}], sum, problems}`"""
        problems = [{"name": problem.name, "sentence": problem.sentence} for problem in self.problems]
        return {"files": [file.to_json() for file in self.files], "sum": self.sum.to_json(), "problems": problems}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Ledger:
        """Return what `to_json` wrote."""
        problems = tuple(FileProblem(one["name"], one["sentence"]) for one in stored["problems"])
        return cls(tuple(map(FileLedger.from_json, stored["files"])), problems)


def _of_file(file: CountedFile) -> FileLedger:
    reading = file.reading
    return FileLedger(
        rows=reading.rows,
        kept=file.kept,
        merged=file.merged,
        dropped=reading.dropped,
        moved=reading.moved,
        truncated=reading.truncated,
        improved=file.improved,
        name=reading.name,
        format=reading.format,
    )
