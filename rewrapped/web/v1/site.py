"""The programming interface put together: its groups, its errors, its description, and a page that shows it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import compile_path

from rewrapped.domain.tokens import SAYS, Scope
from rewrapped.errors import RewrappedError
from rewrapped.web import answers, eventsheets, genrefiles, pictures, problems
from rewrapped.web.v1 import (
    account,
    connections,
    events,
    figures,
    files,
    listening,
    notifications,
    oversight,
    preferences,
    promoting,
    reading,
    views,
)

_MOST_ERRORS: Final = 20

_GROUPS: Final = {
    "account": "Whose account it is, and all of it as a file.",
    "listening": f"Scope `{Scope.LISTENING}`: {SAYS[Scope.LISTENING]}. Days, hours and weeks are by your own clock.",
    "imports": f"Scope `{Scope.IMPORTS}`: {SAYS[Scope.IMPORTS]}.",
    "events": f"Scope `{Scope.EVENTS}`: {SAYS[Scope.EVENTS]}. Looking for shows needs no scope, and no account.",
    "promoter": f"Scope `{Scope.PROMOTER}`: {SAYS[Scope.PROMOTER]}.",
    "admin": f"Scope `{Scope.PROMOTER}`, for admins alone: any promoter's event reinstated, taken away, kept apart.",
    "preferences": f"Scope `{Scope.PREFERENCES}`: {SAYS[Scope.PREFERENCES]}.",
    "notifications": f"Scope `{Scope.NOTIFICATIONS}`: {SAYS[Scope.NOTIFICATIONS]}.",
}

_ABOUT: Final = """Your own listening, the shows that fit it and, for promoters, their figures.

Send an access token from your profile as `Authorization: Bearer TOKEN`. Moments are UTC in ISO 8601; `zone` names the
time zone that days and hours are told in. Lists come in pages: send `next_cursor` back as `cursor`. Every error is
`application/problem+json` (RFC 9457)."""

_PROBLEM: Final = {
    "type": "object",
    "description": "An error.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Where this kind of error is described."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened, in a sentence for people."},
        "errors": {
            "type": "array",
            "description": "Values that don't fit the description (422 alone).",
            "items": {
                "type": "object",
                "required": ["where", "what"],
                "properties": {"where": {"type": "string"}, "what": {"type": "string"}},
            },
        },
    },
}
_REFUSED: Final[dict[int | str, dict[str, Any]]] = {
    status: {
        "description": told,
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, told in (("4XX", "Refused; `detail` says why."), ("5XX", "Our side failed; try again later."))
}

_FORMS = {  # of our own pages
    "/promoter/images": pictures.take,
    "/admin/events": eventsheets.take,
    "/genres/file": genrefiles.take,
}


class Interface(FastAPI):
    """FastAPI, whose description has our form of an error in it."""

    def openapi(self) -> dict[str, Any]:
        """Return the description (OpenAPI 3.1), made once."""
        if not self.openapi_schema:
            super().openapi()["components"]["schemas"]["Problem"] = _PROBLEM
        return super().openapi()

    def methods_at(self, path: str) -> list[str]:
        """Return what can be done at a path; routing alone names the methods of one route of several."""
        described = self.openapi()["paths"].items()
        alike = (methods for template, methods in described if compile_path(template)[0].match(path))
        return sorted({method.upper() for methods in alike for method in methods})


def interface() -> Interface:
    """Return version 1, to be mounted at /api/v1."""
    app = Interface(
        title="Music Re-Wrapped",
        version="1",
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=_REFUSED,
        openapi_tags=[{"name": name, "description": told} for name, told in _GROUPS.items()],
        exception_handlers={
            RewrappedError: answers.on_error,
            RequestValidationError: _on_misfit,
            HTTPException: _on_http_error,
            Exception: answers.on_defect,
        },
    )
    modules = (
        *(account, listening, files, connections, events, figures, promoting, oversight, views, preferences),
        notifications,
    )
    for module in modules:
        app.include_router(module.router)
    for path, form in _FORMS.items():
        app.add_api_route(path, form, methods=["POST"], include_in_schema=False, response_model=None)
    app.add_api_route("/docs", _docs, include_in_schema=False, response_class=HTMLResponse, response_model=None)
    return app


def _docs(request: Request) -> HTMLResponse:
    return answers.page(request, "interface.html", **reading.readable(request.app.openapi()), kinds=problems.KINDS)


async def _on_http_error(request: Request, error: Exception) -> Response:
    response = await answers.on_http_error(request, error)
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        path = request.url.path.removeprefix(request.scope.get("root_path", ""))
        response.headers["allow"] = ", ".join(request.app.methods_at(path)) or response.headers["allow"]
    return response


async def _on_misfit(_: Request, error: Exception) -> JSONResponse:
    """Name the values that don't fit, and never repeat them: they may be anything."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - only registered for these; tells mypy so
    told = [{"where": _where(one["loc"]), "what": str(one["msg"])} for one in error.errors()[:_MOST_ERRORS]]
    return problems.answer(422, "Something that was sent doesn't fit the description; `errors` says what.", told)


def _where(location: tuple[int | str, ...]) -> str:
    """Return where a value was: names of ours, and what a sender called theirs without its oddities."""
    return ".".join(str(part)[:60].encode("ascii", "replace").decode() for part in location[:8])
