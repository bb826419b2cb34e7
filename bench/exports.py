"""Write a big, realistic, seeded extended export: `python -m bench.exports OUT.zip [ROWS] [BROKEN_SHARE]`.

A million rows are about 580 MB unpacked in 63 files of 16,000 rows. Rows are
made by `tests.exports`, so bench and tests speak of the same kind of history.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from tests.exports import EXTENDED_FOLDER, Row, iter_listening

ROWS_A_FILE = 16_000


def write_big_export(path: Path, rows: int, *, seed: int = 1, broken: float = 0.0) -> Path:
    """Write an extended export of `rows` rows, `broken` of them (0 to 1) with a defect."""
    history = iter_listening(rows, seed, start=datetime(2010, 1, 1, tzinfo=UTC), years=15, broken=broken)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for number, piece in enumerate(_pieces(history)):
            years = f"{piece[0]['ts'][:4]}-{piece[-1]['ts'][:4]}"
            text = json.dumps(piece, ensure_ascii=False, indent=None, separators=(",", ":"))
            archive.writestr(f"{EXTENDED_FOLDER}/Streaming_History_Audio_{years}_{number}.json", text)
    return path


def _pieces(history: Iterator[Row]) -> Iterator[list[Row]]:
    while piece := list(islice(history, ROWS_A_FILE)):
        yield piece


if __name__ == "__main__":
    target, *numbers = sys.argv[1:]
    write_big_export(
        Path(target), int(numbers[0]) if numbers else 1_000_000, broken=float(numbers[1]) if len(numbers) > 1 else 0.0
    )
