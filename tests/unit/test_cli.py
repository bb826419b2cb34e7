"""The terminal's way in, given what nobody should give it."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rewrapped import cli
from rewrapped.cli.listening import _line
from rewrapped.history.tops import Top


def test_a_pipe_or_device_is_refused_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path / "pipe", Path("/dev/null"), tmp_path):
        assert cli.main(["import", str(path), "--user", "ann@example.org"]) == 1
        assert capsys.readouterr().err == f"{path} isn't a regular file.\n"


def test_a_ranking_tells_estimated_minutes_apart() -> None:
    known = Top(1, 7, "Tide", "Xenia", None, 12, 40.04, 0.0, 0.5)

    assert _line(known) == "   1        12 plays        40.0 min  Xenia – Tide"
    assert _line(replace(known, estimated_minutes=1_203.5)).endswith(
        "    40.0 min  Xenia – Tide  (and 1,203.5 min estimated)"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("--limit", "0"),
        ("--limit", "٣"),
        ("--by", "mood"),
        ("--rule", "sometimes"),
        ("--zone", "Mars/Base"),
        ("--from", "yesterday"),
        ("--to", "2024-02-30"),
    ],
)
def test_a_ranking_that_is_called_wrongly_is_shown_how(
    words: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["top", "--user", "ann@example.org", *words])

    assert ended.value.code == 2
    assert f"argument {words[0]}" in capsys.readouterr().err


def test_the_help_says_that_the_day_of_to_is_not_part_of_the_range(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("top", "totals"):
        with pytest.raises(SystemExit):
            cli.main([command, "--help"])
        assert "it isn't part of the range" in " ".join(capsys.readouterr().out.split())


def test_bytes_that_are_no_text_are_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["import", "/dev/null", "--user", "a\x01\udcff@x"]) == 1
    assert capsys.readouterr().err == "What was given for user isn't text in this terminal's encoding.\n"


def test_the_report_of_a_defect_is_its_owners_alone_and_overwrites_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(sys, "excepthook", cli._tell_defect)
    victim = tmp_path / "victim"
    (tmp_path / f"rewrapped-report-{os.getpid()}.txt").symlink_to(victim)

    sys.excepthook(KeyError, KeyError("a\udcff"), None)

    [report] = [path for path in tmp_path.iterdir() if not path.is_symlink()]
    assert not victim.exists()
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert "KeyError" in report.read_text("utf-8")
    assert str(report) in capsys.readouterr().err
