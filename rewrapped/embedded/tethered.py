"""Run a module as a child that ends with its parent, however the parent ends.

The parent holds the other end of the child's standard input. When that end
closes, which the system does even for a killed process, the child is asked to
stop; after five seconds it is ended, with everything it started.
`python -m rewrapped.embedded.tethered MODULE ARGUMENT...`
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading

from rewrapped.embedded import processes

_GRACE_S = 5.0


def run(module: str, arguments: list[str]) -> None:
    """Run a module as if it were the program, watching the tether meanwhile."""
    threading.Thread(target=_watch, name="tether", daemon=True).start()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _watch() -> None:
    while os.read(0, 1):
        pass
    me = os.getpid()
    os.kill(me, signal.SIGTERM)
    threading.Event().wait(_GRACE_S)
    processes.send([pid for pid in processes.family(me) if pid != me], signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2:])
