"""Every template over the sample listener: no cell fails, and each shows something; taken away, it runs."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from rewrapped.charts import built
from rewrapped.demo.fill import ensure_sample_listener
from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.notebooks import Cell, CellKind, Choice, Mark, Notebook, checked
from rewrapped.domain.plays import Filter
from rewrapped.domain.templates import TEMPLATES, blank
from rewrapped.services import cells, ipynb

_RUN = """
import json, pathlib, sys
notebook = json.loads(pathlib.Path(sys.argv[1]).read_text("utf-8"))
space = {}
for cell in notebook["cells"]:
    if cell["cell_type"] == "code":
        exec(compile("".join(cell["source"]), cell["id"], "exec"), space)
print(space["results"][sys.argv[2]].to_json(orient="values", date_format="iso"))
"""


@pytest.fixture
def sample(deps: Deps) -> Visitor:
    """Somebody who looks around in the sample data."""
    return Visitor.demo(ensure_sample_listener(deps))


def test_every_template_shows_something_on_the_sample_listener(deps: Deps, sample: Visitor) -> None:
    assert len(TEMPLATES) >= 6
    for notebook in (*(template.notebook for template in TEMPLATES), blank()):
        assert checked(notebook) == notebook
        outcomes = cells.run(deps, sample, notebook.cells, Filter())
        assert {cell.id for cell in notebook.cells if cell.kind is CellKind.SQL} == set(outcomes)
        tables = {}
        for cell in notebook.cells:
            if cell.kind is CellKind.SQL:
                outcome = outcomes[cell.id]
                assert not outcome.error, f"{notebook.title}, {cell.name}: {outcome.error}"
                assert outcome.table is not None
                assert outcome.table.num_rows >= 3, f"{notebook.title}, {cell.name}"
                tables[cell.name] = outcome.table
            if cell.kind is CellKind.CHART:
                assert built.built(cell.choice, built.fields_of(tables[cell.choice.source]))["encoding"]


def test_a_notebook_taken_away_runs_elsewhere_and_finds_the_same(deps: Deps, sample: Visitor, tmp_path: Path) -> None:
    hostile = "'''; raise SystemExit('run') #\\\n`</script>` {x} \\N{BELL}\u2028"
    notebook = Notebook(
        hostile.replace("\n", " ").replace("\u2028", " "),
        (
            *TEMPLATES[0].notebook.cells,
            Cell(CellKind.TEXT, hostile),
            Cell(CellKind.SQL, f"SELECT count(*) AS n, $${hostile}$$ AS said FROM plays", "for"),
            Cell(CellKind.SQL, "SELECT nothing FROM plays", "broken"),
            Cell(CellKind.CHART, choice=Choice("for", Mark.BAR, "said", "n")),
            Cell(
                CellKind.CHART,
                '{"mark": "bar", "encoding": {"x": {"field": "said", "type": "nominal"}}}',
                choice=Choice("for"),
            ),
        ),
    )
    outcomes = cells.run(deps, sample, notebook.cells, Filter())
    packed = ipynb.archive(deps, sample, notebook, Filter())
    with zipfile.ZipFile(io.BytesIO(packed)) as folder:
        folder.extractall(tmp_path)
    (file,) = tmp_path.glob("*.ipynb")
    assert (tmp_path / "plays.parquet").exists()
    for name in ("monthly", "yearly", "for"):
        ran = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _RUN, str(file), name],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert ran.returncode == 0, ran.stderr
        (cell,) = (cell for cell in notebook.cells if cell.name == name)
        table = outcomes[cell.id].table
        assert table is not None
        shown = table.to_pandas().to_json(orient="values", date_format="iso")
        assert [
            [str(v)[:10] if isinstance(v, str) and name != "for" else v for v in row] for row in json.loads(ran.stdout)
        ] == [[str(v)[:10] if isinstance(v, str) and name != "for" else v for v in row] for row in json.loads(shown)]
