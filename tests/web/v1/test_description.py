"""The whole interface against its own description: whatever is sent, it answers as it says, and never breaks."""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.applications import Starlette
from starlette.middleware import Middleware

from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.services import promoting
from rewrapped.web import door, server
from rewrapped.web.v1.site import interface
from tests.gigs import a_person, gig, heard, store
from tests.promoters import draft
from tests.web.v1.conftest import BASE, NewProgram

_EXAMPLES = 15  # of each operation


_site = Starlette(
    routes=server.routes, middleware=[Middleware(server.Guard)], exception_handlers=server.exception_handlers
)
_described = interface().openapi()
for _methods in _described["paths"].values():
    for _operation in _methods.values():
        _operation.pop("security", None)  # test_door asks each of them without a token
_schema = schemathesis.openapi.from_dict(_described)
_schema.app = _site


@pytest.fixture
def token(new_program: NewProgram, deps: Deps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str | None:
    """The token of a promoter with plays, an event and an import, where there are shows; nobody is slowed down."""
    monkeypatch.setattr(door, "PER_MINUTE", 60_000)
    monkeypatch.setattr(door, "BURST", 1_000_000)
    pat = a_person(deps, Role.PROMOTER)
    heard(deps, pat, tmp_path, [("Xenia", days) for days in range(1, 30)])
    store(deps, *(gig(f"Act {number}", on=number % 28) for number in range(30)))
    promoting.create(deps, pat, draft())
    return new_program(pat).token


@_schema.parametrize()
@settings(
    max_examples=_EXAMPLES,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    deadline=None,
    derandomize=True,
)
def test_every_answer_is_as_described(case: schemathesis.Case, token: str) -> None:
    # The rules of the domain (a real place, days in order, a cursor of ours) say no to much that a type allows.
    case.call_and_validate(
        base_url=f"http://127.0.0.1:8501{BASE}",
        headers={"authorization": f"Bearer {token}"},
        excluded_checks=[positive_data_acceptance],
    )
