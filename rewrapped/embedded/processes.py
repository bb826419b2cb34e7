"""What runs: starting, watching and ending processes, also those another process started."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import psutil

_LOG_BYTES = 10 * 1024**2
_started: dict[int, subprocess.Popen[Any]] = {}  # ours are reaped when they end


def start(command: Sequence[str | Path], log: Path | None, **options: Any) -> int:
    """Start a program in a process session of its own; return its pid.

    What it prints is appended to `log`, or goes where ours goes when that is None.
    """
    options = {"stdin": subprocess.DEVNULL, "start_new_session": True, "umask": 0o077} | options
    words = list(map(str, command))
    if log is None:
        process: subprocess.Popen[Any] = subprocess.Popen(words, **options)
    else:
        with _opened(log) as output:
            process = subprocess.Popen(words, stdout=output, stderr=subprocess.STDOUT, **options)
    _started[process.pid] = process
    return process.pid


def _opened(log: Path) -> BinaryIO:
    """Open a log for appending, readable by its owner alone; one that grew long is put aside first."""
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.rename(log.with_suffix(".old.log"))
    return os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def started() -> frozenset[int]:
    """Return the pids of all that this process started so far."""
    return frozenset(_started)


def end_started(but: Collection[int] = ()) -> None:
    """End whatever this process started and still runs, but for some: for a start that was interrupted half-way."""
    left = [pid for pid in list(_started) if pid not in but and lives(pid)]
    send(left, signal.SIGINT)
    all_gone(left, 3)
    send([pid for pid in left if lives(pid)], signal.SIGKILL)
    all_gone(left, 2)


def lives(pid: int) -> bool:
    """Return whether the process runs; a zombie doesn't, once its last thread ended.

    The first thread can be a zombie while others still hold locks and connections.
    """
    process = _started.get(pid)
    if process is not None:
        if process.poll() is None:
            return True
        _started.pop(pid, None)
        return False
    try:
        found = psutil.Process(pid)
        return bool(found.status() != psutil.STATUS_ZOMBIE or found.num_threads() > 1)
    except psutil.NoSuchProcess:
        return False


def command_of(pid: int) -> list[str]:
    """Return the command line of a process, empty when it can't be known."""
    try:
        return list(psutil.Process(pid).cmdline())
    except psutil.Error:
        return []


def working_in(folder: Path) -> list[int]:
    """Return the processes whose working directory is `folder`, without this one."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid != os.getpid() and process.cwd() == str(folder):
                found.append(process.pid)
    return found


def family(pid: int) -> list[int]:
    """Return the process and everything that descends from it."""
    try:
        return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


def send(pids: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to each process that still is there."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def wait_until(true: Callable[[], bool], seconds: float, pause_s: float = 0.02) -> bool:
    """Return whether something became true within the time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() >= end:
            return False
        time.sleep(pause_s)
    return True


def all_gone(pids: Sequence[int], seconds: float) -> bool:
    """Return whether all these processes ended within the time."""
    return wait_until(lambda: not any(lives(pid) for pid in pids), seconds)


def end(pid: int, steps: Sequence[tuple[signal.Signals, float]]) -> None:
    """End a process: each signal in turn, with the seconds it is given; at last all its family is killed."""
    everybody = family(pid)
    for number, seconds in steps:
        send([pid], number)
        if all_gone([pid], seconds):
            break
    left = [other for other in everybody if lives(other)]
    send(left, signal.SIGKILL)
    all_gone(left, 2)
