"""What every simulator is: an HTTP server on loopback that counts its calls and can be told to fail."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Reply:
    """What is sent back: JSON, or any bytes."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_at: int | None = None  # bytes after which the connection breaks off
    is_stalled: bool = False  # nothing comes until the server ends
    is_dripping: bool = False  # it comes byte by byte
    is_reset: bool = False  # the connection is torn down in place of an answer
    after_s: float = 0.0  # it takes this long

    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Asked:
    """A question as it came in."""

    path: str
    params: Mapping[str, str]  # the last of each name
    headers: Mapping[str, str]
    pairs: Sequence[tuple[str, str]] = ()  # all of them
    form: Mapping[str, str] = field(default_factory=dict)  # what was posted

    def every(self, name: str) -> list[str]:
        """Return all values of a parameter that may stand several times."""
        return [value for found, value in self.pairs if found == name]


class Simulator:
    """Answers questions by `answer`; replies in `faults` are sent first, one a question."""

    key = "k3y-of-the-simulator"

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.faults: deque[Reply | None] = deque()  # None: this one is answered as it should be
        self.ended = threading.Event()
        self.url = ""

    def answer(self, asked: Asked) -> Reply:
        raise NotImplementedError

    def reply(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        fault = self.faults.popleft() if self.faults else None
        return fault or self.answer(asked)


@contextmanager
def serving(simulator: Simulator, port: int = 0) -> Iterator[Simulator]:
    """Serve a simulator on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            pairs = parse_qsl(parts.query)
            asked = Asked(parts.path, dict(pairs), dict(self.headers.items()), pairs)
            self.send(simulator.reply(asked))

        def do_POST(self) -> None:
            posted = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            asked = Asked(urlsplit(self.path).path, {}, dict(self.headers.items()), form=dict(parse_qsl(posted)))
            self.send(simulator.reply(asked))

        def send(self, reply: Reply) -> None:
            content = reply.content()
            if reply.is_reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                return
            if reply.after_s:
                time.sleep(reply.after_s)
            if reply.is_stalled:
                simulator.ended.wait(30)
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if reply.is_dripping:
                self.drip(content)
            else:
                self.wfile.write(content[: reply.cut_at])

        def drip(self, content: bytes) -> None:
            for place in range(len(content)):
                if simulator.ended.wait(0.01):
                    return
                self.wfile.write(content[place : place + 1])

        def log_message(self, *_: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:  # whoever asked has gone
            return

    server = Server(("127.0.0.1", port), Handler)
    simulator.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield simulator
    finally:
        simulator.ended.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
