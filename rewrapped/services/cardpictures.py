"""Pictures as PNG; that of a public card is drawn when first asked for, and kept as a file until the card is gone."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rewrapped.charts.pixels import drawing
from rewrapped.charts.sharecard import Size, svg
from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.services import pace
from rewrapped.services.pace import Pace

if TYPE_CHECKING:
    from rewrapped.services.shares import Share

log = logging.getLogger(__name__)

_KEPT_BYTES = 128 * 1024**2  # for all cards of this process's cache
_A_MINUTE, _AT_ONCE = 20, 12  # drawn for one network; what is kept is no work
_STRANGERS, _DEMO = "strangers", "demo"


def picture(deps: Deps, share: Share, size: Size, network: str) -> bytes:
    """Return a public card as PNG, for whoever asks from a network.

    Raises:
        TooMany: too many pictures are to be drawn at once, or too often from there.
        DrawingFailed: it can't be drawn.
    """
    path = folder_of(deps) / f"{share.id}-{hashlib.sha256(share.path.encode()).hexdigest()[:32]}-{size.word}.png"
    kept = _read(path)
    if kept is not None:
        return kept
    pace.keep(deps, Pace("cards", network, _A_MINUTE, _AT_ONCE))
    with deps.painter.turn(_STRANGERS) as paint:
        kept = _read(path)  # others who asked for the same waited before us
        if kept is None:
            kept = paint(drawing(svg(share.card, size, share.layout, share.colours)))
            _keep(path, kept)
    return kept


def drawn(deps: Deps, visitor: Visitor, markup: str, zoom: int = 1) -> bytes:
    """Return an SVG of ours as PNG, for whoever looks at it on their page; nothing is kept.

    Raises:
        SignInNeeded: nobody is signed in, and the sample data isn't open.
        TooMany: too many pictures are drawn just now.
        DrawingFailed: it can't be drawn.
    """
    with deps.painter.turn(_name(visitor)) as paint:
        return paint(drawing(markup, zoom))


def sketched(deps: Deps, visitor: Visitor, sketch: Callable[[], str]) -> str:
    """Return the SVG that `sketch` draws, one at a time, for whoever looks at it on their page.

    Raises:
        SignInNeeded: nobody is signed in, and the sample data isn't open.
        TooMany: too many pictures are drawn just now.
        DrawingFailed: it can't be drawn.
    """
    with deps.painter.sketching(_name(visitor)):
        return sketch()


def drop(deps: Deps, share_id: int) -> None:
    """Delete the kept pictures of a card."""
    for path in folder_of(deps).glob(f"{share_id}-*.png"):
        path.unlink(missing_ok=True)


def folder_of(deps: Deps) -> Path:
    """Return where pictures of public cards are kept; it needn't be there."""
    return deps.site.cache / "cards"


def share_of(path: Path) -> int | None:
    """Return whose picture a file holds, by the share's id; None for a draft, or what isn't ours."""
    share_id = path.name.partition("-")[0]
    return int(share_id) if path.suffix == ".png" and share_id.isascii() and share_id.isdigit() else None


def _name(visitor: Visitor) -> str:
    """Return under which name somebody waits; all who look around wait under one."""
    listener_id = visitor.listening_to()
    return _DEMO if visitor.read_only else f"person {listener_id}"


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _keep(path: Path, data: bytes) -> None:
    """Write the file, whole or not at all; those written longest ago go. A full disk costs only speed."""
    draft = path.with_suffix(f".{secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        draft.replace(path)
        _bound(path.parent)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        log.warning("the picture of a card isn't kept: %s", error.strerror)


def _bound(folder: Path) -> None:
    """Delete what was written longest ago until the folder is within its bound."""
    files = sorted(((path.stat(), path) for path in folder.glob("*.png")), key=lambda pair: -pair[0].st_mtime)
    total = 0
    for stat, path in files:
        total += stat.st_size
        if total > _KEPT_BYTES:
            path.unlink(missing_ok=True)
