"""`/me`: whose account it is, and everything of it as a file."""

from __future__ import annotations

from fastapi import APIRouter, Response

from rewrapped import running
from rewrapped.domain.access import Role
from rewrapped.domain.tokens import Scope
from rewrapped.services import profiles
from rewrapped.web import takeout
from rewrapped.web.v1.asking import DECLARED, Anybody, Moment, Read

router = APIRouter(tags=["account"])


class Me(Read):
    """Who is signed in, and what is stored of their listening. `scopes` are the token's, null for a session."""

    id: int
    display_name: str
    role: Role
    zone: str
    country: str | None
    play_rule: str
    created_at: Moment
    row_count: int
    first_at: Moment | None
    last_at: Moment | None
    import_count: int
    scopes: list[Scope] | None


@router.get("/me")
def me(asker: Anybody) -> Me:
    """Return whose account this is. Every token may ask."""
    deps = running.deps()
    person, kept = profiles.person(deps, asker.visitor), profiles.belongings(deps, asker.visitor)
    return Me(
        id=person.id,
        display_name=person.display_name,
        role=person.role,
        zone=person.zone,
        country=person.country,
        play_rule=person.play_rule,
        created_at=person.created_at,
        row_count=kept.row_count,
        first_at=kept.first_at,
        last_at=kept.last_at,
        import_count=kept.import_count,
        scopes=None if asker.scopes is None else sorted(asker.scopes),
    )


router.add_api_route(
    "/me/history.csv",
    takeout.history,
    summary="Every row that counts, as CSV",
    description="Return every row of your listening but those that another row tells better. "
    "A token needs the scope `listening`.",
    dependencies=DECLARED,
    response_model=None,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    response_class=Response,
)
