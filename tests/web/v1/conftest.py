"""A program that asks /api/v1 with an access token, on real stores behind the real guard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.tokens import Scope, scopes_of
from rewrapped.services import tokens
from tests.web.conftest import NewBrowser

BASE = "/api/v1"


@dataclass
class Program:
    """Asks with a token, as curl does: no cookies, no Origin."""

    client: TestClient
    token: str | None

    def ask(self, method: str, path: str, **values: Any) -> Response:
        """Ask; return whatever is answered."""
        headers = {"user-agent": "curl/8.14", **values.pop("headers", {})}
        if self.token is not None:
            headers["authorization"] = f"Bearer {self.token}"
        return self.client.request(method, BASE + path, headers=headers, follow_redirects=False, **values)

    def get(self, path: str, **query: Any) -> Any:
        """Return what is answered, which is no error."""
        answer = self.ask("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, method: str, path: str, json: Any = None) -> Any:
        """Change something; return what is answered, which is no error."""
        answer = self.ask(method, path, json=json)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def refused(self, method: str, path: str, **values: Any) -> tuple[int, dict[str, Any]]:
        """Return the status of an error, and its problem."""
        answer = self.ask(method, path, **values)
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        told = answer.json()
        assert told["status"] == answer.status_code
        assert told["type"].startswith(f"{BASE}/docs#")
        return answer.status_code, told

    def pages(self, path: str, **query: Any) -> list[Any]:
        """Return the items of all pages of a list."""
        items, cursor = [], None
        for _ in range(100):
            page = self.get(path, **query, **({"cursor": cursor} if cursor else {}))
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return items
        raise AssertionError("the list never ends")


NewProgram = Callable[..., Program]


@pytest.fixture
def new_program(new_browser: NewBrowser, deps: Deps) -> NewProgram:
    """Make a program of somebody's, with some scopes, all they can give unless named; None has no token."""

    def make(visitor: Visitor | None, *scopes: Scope) -> Program:
        client = new_browser().client
        if visitor is None:
            return Program(client, None)
        return Program(client, tokens.create(deps, visitor, "test", scopes or scopes_of(visitor), None).secret)

    return make
