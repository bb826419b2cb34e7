"""A site of the bench's own, asked over its websocket as a browser would ask."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from bench.ground import Ground
from rewrapped.services import browsers

_CHECKOUT = Path(__file__).resolve().parent.parent
_APP = _CHECKOUT / "bench" / "overview_app.py"
_PORTS = range(9500, 9600)
_START_S = 90
_RUN_S = 60


@dataclass(frozen=True, slots=True)
class Site:
    """A site that runs: its address, the name of its cookie, its process."""

    port: int
    cookie: str
    process: psutil.Process

    @property
    def address(self) -> str:
        """Return where it is."""
        return f"http://127.0.0.1:{self.port}"

    def cpu_s(self) -> float:
        """Return the CPU seconds the server has used so far, its threads included."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


@contextmanager
def site(ground: Ground, **pages: str) -> Iterator[Site]:
    """Run the site over the product's own pages, but for those named: each is the script given."""
    port = _free_port()
    folder = ground.folder / "pages"
    shutil.copytree(_CHECKOUT / "pages", folder)
    for name, script in pages.items():
        (folder / f"{name}.py").write_text(script)
    log = ground.folder / "site.log"
    app = Path(shutil.copy(_APP, ground.folder))  # links lead to pages/ beside it
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port)]
    with log.open("wb") as out:
        served = subprocess.Popen(
            command, cwd=_CHECKOUT, env=_environment(ground, port), stdout=out, stderr=subprocess.STDOUT
        )
    try:
        _await_health(port, served, log)
        yield Site(port, browsers.cookies(ground.deps.site).session, psutil.Process(served.pid))
    finally:
        served.terminate()
        served.wait(timeout=20)


def _environment(ground: Ground, port: int) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("REWRAPPED_")},
        "DATABASE_URL": ground.database_url,
        "REDIS_URL": ground.redis_url,
        "REWRAPPED_HOME": str(ground.folder / "site"),
        "REWRAPPED_BASE_URL": f"http://127.0.0.1:{port}",
        "REWRAPPED_SECRET_KEY": "k" * 64,
        "REWRAPPED_TOKEN_KEYS": "t" * 43 + "=",
        "REWRAPPED_GENRES_ONLINE": "0",
        "PYTHONPATH": str(_CHECKOUT),
    }


def _free_port() -> int:
    for port in _PORTS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise SystemExit(f"every port from {_PORTS[0]} to {_PORTS[-1]} is taken")


def _await_health(port: int, served: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and served.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit(f"the site doesn't start:\n{log.read_text('utf-8', 'replace')[-2000:]}")


class Tab:
    """An open tab on one page; `run` draws the page anew, as pressing a filter does."""

    def __init__(self, connection: ClientConnection, page: str) -> None:
        self._connection = connection
        self._page = page
        self._hash = ""
        self.received_bytes = 0  # in the run before
        self.drawn: set[str] = set()  # kinds of elements, ever

    def run(self, query: str = "") -> None:
        """Run the page to its end, with this query in its address.

        Raises:
            SystemExit: the page broke, or it is another one than was asked for.
        """
        message = BackMsg()
        wanted = message.rerun_script
        wanted.query_string, wanted.page_name, wanted.page_script_hash = query, self._page, self._hash
        wanted.context_info.timezone, wanted.context_info.locale = "Europe/Berlin", "en-GB"
        wanted.context_info.color_scheme = "dark"
        self._connection.send(message.SerializeToString())
        self.received_bytes = 0
        while not self._is_last(self._connection.recv(_RUN_S)):
            pass

    def _is_last(self, received: str | bytes) -> bool:
        raw = received if isinstance(received, bytes) else received.encode()
        self.received_bytes += len(raw)
        message = ForwardMsg.FromString(raw)
        kind = message.WhichOneof("type")
        element = message.delta.new_element.WhichOneof("type") if kind == "delta" else None
        self.drawn.add(str(element))
        if kind == "page_not_found" or element in ("exception", "alert"):
            raise SystemExit(f"the page {self._page!r} can't be drawn: {_told(message)}")
        if kind == "navigation":
            self._hash = message.navigation.page_script_hash
        return bool(kind == "script_finished")


def _told(message: ForwardMsg) -> str:
    """Return what the page says instead; its last words where it is long."""
    return str(message.delta.new_element or message)[-500:]


@contextmanager
def tab(site: Site, page: str, token: str | None) -> Iterator[Tab]:
    """Open a tab on a page, by its path, with the token of somebody's session."""
    with connect(
        f"ws://127.0.0.1:{site.port}/_stcore/stream",
        origin=Origin(site.address),
        additional_headers={"Cookie": f"{site.cookie}={token}"},
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
        compression="deflate",
    ) as connection:
        yield Tab(connection, page)


def cpu_s_per_run(site: Site, opened: Tab, queries: Iterator[str], runs: int) -> float:
    """Return the CPU seconds of one run, the collecting of garbage after it included."""
    time.sleep(0.2)  # what the run before left behind is done
    before = site.cpu_s()
    for query in islice(queries, runs):
        opened.run(query)
    time.sleep(0.2)
    return (site.cpu_s() - before) / runs
