"""Pictures of promoters' events: read with care, made small, and kept in a form of ours."""

from __future__ import annotations

import io
import uuid
import warnings
from dataclasses import replace
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.errors import InvalidInput, NotFound, TooLarge
from rewrapped.services import promoting
from rewrapped.storage import promotions

MOST_BYTES: Final = 8 * 1024**2
_MOST_PIXELS: Final = 40_000_000  # what decoding may take: 160 MB at four bytes each
_LEAST_SIDE, _MOST_SIDE = 200, 1600
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_WHAT: Final = "A picture is a JPEG, PNG or WebP file"


def set_picture(deps: Deps, visitor: Visitor, event_id: int, data: bytes) -> str:
    """Give an event a picture; return its address within the site.

    Raises:
        SignInNeeded, AccessDenied: the visitor is no promoter.
        NotFound: the event isn't theirs.
        Conflict: an admin took it away.
        TooLarge, InvalidInput: the file can't be used; nothing was changed.
    """
    promoting.find_event(deps, visitor, event_id)  # before the work of reading it
    webp, size = encode(data)
    with deps.engine.begin() as conn:
        own = promoting.own_event(conn, visitor, event_id, hold=True)
        promoting.refuse_taken(own)  # what is stored anew is listed anew
        key = promotions.add_image(conn, visitor.signed_in(), webp, size, deps.now())
        address = f"/images/{key.hex}"
        listing = replace(own.event.listing, image_url=address)
        promoting.store(conn, listing, own.promotion, own.promoter_id, deps.now())
        promotions.attach_image(conn, event_id, key)
    return address


def find_picture(deps: Deps, key: str) -> bytes:
    """Return a picture (WebP) by the key in its address; whoever knows it may see it.

    Raises:
        NotFound: there is none.
    """
    try:
        known = uuid.UUID(hex=key)
    except ValueError as error:
        raise NotFound("There is no such picture.") from error
    with deps.engine.connect() as conn:
        found = promotions.find_image(conn, known)
    if found is None:
        raise NotFound("There is no such picture.")
    return bytes(found)


def encode(data: bytes) -> tuple[bytes, tuple[int, int]]:
    """Return a picture as WebP with its size in pixels: turned upright, at most 1600 wide or high, nothing else kept.

    What a camera writes beside it (place, device, time) and whatever else hides
    in the file stay behind.

    Raises:
        TooLarge: the file, or what it unpacks to, is too large.
        InvalidInput: it is no picture we read, or too small.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(f"A picture can have up to {MOST_BYTES // 1024**2} MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
                return _encoded(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise InvalidInput(f"{_WHAT}, and this file can't be read as one.") from error


def _encoded(opened: Image.Image) -> tuple[bytes, tuple[int, int]]:
    width, height = opened.size
    if width * height > _MOST_PIXELS:  # told by the head of the file, before anything is unpacked
        raise _too_many_pixels()
    if min(width, height) < _LEAST_SIDE:
        raise InvalidInput(f"A picture needs at least {_LEAST_SIDE} pixels on each side.")
    opened.draft("RGB", (_MOST_SIDE, _MOST_SIDE))
    upright = ImageOps.exif_transpose(opened).convert("RGB")
    upright.thumbnail((_MOST_SIDE, _MOST_SIDE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    written = io.BytesIO()
    bare.save(written, "WEBP", quality=82, method=4)
    return written.getvalue(), bare.size


def _too_many_pixels() -> TooLarge:
    return TooLarge(f"A picture can have up to {_MOST_PIXELS // 1_000_000} million pixels.")
