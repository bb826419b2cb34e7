"""Pages rendered by ourselves, and errors as a small page or as a program's answer, whichever was asked for."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from rewrapped import running
from rewrapped.errors import RewrappedError, SetupError
from rewrapped.services import browsers
from rewrapped.web import problems

log = logging.getLogger(__name__)

_TEXTS = {
    404: "There is no such page.",
    405: "That can't be done here.",
    500: "Something went wrong on our side. It was noted; please try again.",
}


@cache
def _templates() -> Environment:
    return Environment(loader=PackageLoader("rewrapped.web"), autoescape=True, undefined=StrictUndefined)


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return one of our own pages; `csrf` and `product` are there for every template."""
    site = running.deps().site
    visit = str(request.scope.get("state", {}).get("visit", ""))
    shared = {"csrf": browsers.csrf_token(site, visit), "product": site.product_name}
    return HTMLResponse(_templates().get_template(template).render(**shared, **values), status)


def problem(headers: Headers, path: str, status: int, text: str) -> Response:
    """Return an error as a page to a browser that opens one, as `application/problem+json` or as scrobblers want it."""
    if path.startswith("/1/"):
        return JSONResponse({"code": status, "error": text}, status)
    if path.startswith("/api") or "text/html" not in headers.get("accept", ""):
        return problems.answer(status, text)
    values = {"status": status, "text": text, "product": _product()}
    return HTMLResponse(_templates().get_template("problem.html").render(**values), status)


async def on_error(request: Request, error: Exception) -> Response:
    """Answer with a deliberate error's own sentence."""
    assert isinstance(error, RewrappedError)  # noqa: S101 - only registered for these; tells mypy so
    response = problem(request.headers, request.url.path, error.http_status, str(error))
    response.headers.update(problems.headers_of(error))
    return response


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what routing refuses."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    text = _TEXTS.get(status, "That request can't be answered.")
    response = problem(request.headers, request.url.path, status, text)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


async def on_defect(request: Request, error: Exception) -> Response:
    """Answer a defect of ours without telling anything of it; the log has it all."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(request.headers, request.url.path, 500, _TEXTS[500])


def _product() -> str:
    try:
        return running.deps().site.product_name
    except SetupError:  # the site is still starting
        return "Music Re-Wrapped"
