"""The bench's own promises: what it says of limits, and how it ends."""

from importlib import import_module
from typing import Any

import pytest

from bench import __main__ as bench

#: How each part is run in a few seconds: with little of everything, and measuring nothing worth telling.
_SMALL: dict[str, dict[str, Any]] = {
    "imports": {"rounds": {1_000: 1, 3_000: 1}},
    "insights": {"plays": 50_000},
    "pages": {"runs": 2, "blocks": 1},
    "growth": {"sizes": (2_000, 5_000), "runs": 1, "blocks": 1},
}


def test_a_limit_that_does_not_hold_is_said() -> None:
    lines = bench._table(
        [
            {"name": "import_1m", "ratio": 2.51, "detail": "slow"},
            {"name": "overview_cpu", "ratio": 6.0, "detail": "at the limit"},
            {"name": "history_cold_s", "value": 0.7512, "unit": "s"},
        ]
    ).splitlines()
    assert lines[1].split() == ["import_1m", "2.51", "2.5", "ABOVE", "slow"]
    assert lines[2].split()[:4] == ["overview_cpu", "6.00", "6", "holds"]
    assert lines[3].split() == ["history_cold_s", "0.751", "s"]


def test_every_limit_is_of_something_that_is_measured() -> None:
    measured = {name for names in bench._MODULES.values() for name in names}
    assert measured >= set(bench._LIMITS)
    assert measured >= {"import_1m", "insights_geomean", "overview_cpu", "page_growth_habits"}


def test_a_name_nobody_knows_ends_with_2_and_measures_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bench.main(["import_2m"])
    assert ended.value.code == 2
    assert "import_2m" in capsys.readouterr().err


def test_every_part_is_run_small_somewhere() -> None:
    assert {*_SMALL, "clicks"} == set(bench._MODULES)  # what needs a browser: tests/browser/test_bench.py


@pytest.mark.parametrize("part", _SMALL)
def test_a_part_measures_all_that_it_promises(part: str) -> None:
    found = import_module(f"bench.{part}").run(seed=1, **_SMALL[part])
    assert len(found) == len(bench._MODULES[part])
    assert len({each["name"] for each in found}) == len(bench._MODULES[part])
    assert all(each.get("ratio", each.get("value")) >= 0 for each in found)


def test_the_engine_answers_every_question_of_the_bench_as_duckdb_does() -> None:
    asked = import_module("bench.insights").run(seed=1, **_SMALL["insights"])[0]["detail"]
    assert len(asked) == 20
    assert all(each["rows"] for each in asked)
