"""The terminal's way in: `python -m rewrapped COMMAND`.

Each module in this folder adds its commands: `register(commands)` is handed
argparse's sub-parsers and gives each a `run`, a function of the parsed
arguments that returns an exit code. Codes: 0 done; 1 refused or failed, with
one sentence on stderr; 2 called in a way that isn't understood.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from types import TracebackType
from typing import Any

from rewrapped.errors import InvalidInput, RewrappedError

Commands = Any  # argparse keeps the class of its sub-parsers to itself


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    if arguments is None:  # called as the program, not from a test
        sys.excepthook = _tell_defect
        _print_anything()
    chosen = parser().parse_args(arguments)
    try:
        _check_text(chosen)
        return int(chosen.run(chosen))
    except RewrappedError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("Stopped.")
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _fail(f"{error.filename or 'A file'} can't be used: {error.strerror or error}.")


def parser() -> argparse.ArgumentParser:
    """Return the parser with every module's commands."""
    top = argparse.ArgumentParser(prog="python -m rewrapped", description="Music Re-Wrapped, from the terminal.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in sorted(iter_modules(__path__), key=lambda found: found.name):
        import_module(f"{__name__}.{module.name}").register(commands)
    return top


def _print_anything() -> None:
    """Let what the terminal's encoding lacks be printed as escapes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _check_text(chosen: argparse.Namespace) -> None:
    """Check that what was typed is text; paths may be any bytes.

    Raises:
        InvalidInput: it holds bytes that aren't.
    """
    for name, value in vars(chosen).items():
        if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise InvalidInput(f"What was given for {name} isn't text in this terminal's encoding.")


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _tell_defect(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say in one sentence that this is a mistake of ours, and keep the details for a report."""
    handle, report = tempfile.mkstemp(prefix="rewrapped-report-", suffix=".txt")  # for its owner's eyes only
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write("".join(traceback.format_exception(kind, error, trace)))
    _fail(f"Something went wrong that shouldn't have ({kind.__name__}); the details are in {report}.")
