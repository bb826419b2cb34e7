"""The programming interface, version 1: JSON, errors as `{"error": text}`."""

from __future__ import annotations

from starlette.routing import Mount, Route

from rewrapped.web import eventsheets, imports, pictures, takeout

_first = [
    Route("/admin/events", eventsheets.take, methods=["POST"]),
    Route("/imports", imports.upload, methods=["POST"]),
    Route("/me/history.csv", takeout.history, methods=["GET"]),
    Route("/promoter/images", pictures.take, methods=["POST"]),
]
routes = Mount("/api", routes=[Mount("/v1", routes=_first)])
