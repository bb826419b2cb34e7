"""`/imports`: files brought in, and what became of them. The upload itself is `web.imports`."""

from __future__ import annotations

from typing import Annotated, Any

import fastapi
from fastapi import APIRouter
from pydantic import Field

from rewrapped import running
from rewrapped.domain.importing import State
from rewrapped.services import imports
from rewrapped.storage.imports import ImportRow
from rewrapped.web import imports as uploads
from rewrapped.web.v1.asking import DECLARED, Id, Importing, Moment, Query, Read, zone_of
from rewrapped.web.v1.paging import Cursor, Page, Shelf

router = APIRouter(tags=["imports"])

_UPLOAD: dict[str, Any] = {
    "type": "object",
    "properties": {
        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "include_incognito": {"type": "string", "enum": ["true", "false"]},
    },
    "required": ["files"],
}


class File(Read):
    """One file as it was sent."""

    name: str
    bytes: int


class Import(Read):
    """One import. `ledger` has what became of every row: rows = kept + merged + dropped."""

    id: int
    state: State
    files: list[File]
    ledger: dict[str, Any] | None
    message: str | None
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None


class OneImport(Import):
    """An import by itself."""

    zone: str


class Queued(Read):
    """An import that waits for a worker."""

    import_id: int


class Removed(Read):
    """How many rows went."""

    row_count: int


class ImportsAsked(Query):
    """How many at once."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Cursor = None


@router.get("/imports")
def list_imports(visitor: Importing, asked: Annotated[ImportsAsked, fastapi.Query()]) -> Page[Import]:
    """Return imports, the newest first."""
    deps = running.deps()
    shelf = Shelf(deps.site, visitor, "imports")
    before_id = next(iter(shelf.numbers(asked.cursor)), None)
    rows = imports.list_imports(deps, visitor, asked.limit + 1, before_id)
    shown = [Import.model_validate(row) for row in rows[: asked.limit]]
    after = shelf.cursor(shown[-1].id) if len(rows) > asked.limit else None
    return Page(items=shown, next_cursor=after, zone=zone_of(visitor))


@router.get("/imports/{import_id}")
def find_import(visitor: Importing, import_id: Id) -> OneImport:
    """Return one import."""
    return _one(imports.find_import(running.deps(), visitor, import_id), zone_of(visitor))


@router.post("/imports/{import_id}/cancel")
def cancel(visitor: Importing, import_id: Id) -> OneImport:
    """Stop an import that waits or runs; nothing of it is kept. One that is over stays as it is."""
    deps = running.deps()
    imports.cancel(deps, visitor, import_id)
    return _one(imports.find_import(deps, visitor, import_id), zone_of(visitor))


@router.delete("/imports/{import_id}")
def remove(visitor: Importing, import_id: Id) -> Removed:
    """Take away the rows that a finished import brought."""
    return Removed(row_count=imports.remove(running.deps(), visitor, import_id))


router.add_api_route(
    "/imports",
    uploads.upload,
    methods=["POST"],
    status_code=202,
    summary="Upload",
    description="Bring in files: the ZIP as Spotify or ListenBrainz sent it, files out of it, or scrobbles as CSV. "
    "A worker reads them.",
    dependencies=DECLARED,
    response_model=Queued,
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _UPLOAD}}}},
)


def _one(row: ImportRow, zone: str) -> OneImport:
    return OneImport(**Import.model_validate(row).model_dump(), zone=zone)
