"""Pictures of events: whatever is uploaded, what is stored is a small picture of ours with nothing hidden in it."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.errors import AccessDenied, InvalidInput, NotFound, TooLarge
from rewrapped.services import pictures, promoting
from tests.promoters import DRAFT, person


def picture(size: tuple[int, int] = (400, 300), form: str = "JPEG", **more: object) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "purple").save(written, form, **more)
    return written.getvalue()


def png_of(width: int, height: int) -> bytes:
    """Return a PNG that says it is so large, and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_webp(form: str) -> None:
    webp, size = pictures.encode(picture((3000, 1500), form))
    with Image.open(io.BytesIO(webp)) as opened:
        assert (opened.format, opened.size, size) == ("WEBP", (1600, 800), (1600, 800))


def test_what_a_camera_writes_beside_it_is_gone_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "a camera of somebody"
    exif[0x8825] = {1: "N", 2: (38.0, 42.0, 0.0)}
    webp, size = pictures.encode(picture((400, 300), exif=exif.tobytes()))
    assert size == (300, 400)
    assert b"a camera of somebody" not in webp
    with Image.open(io.BytesIO(webp)) as opened:
        assert not opened.getexif()
        assert "exif" not in opened.info


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"GIF89a" + bytes(100),
        b"%PDF-1.7",
        picture()[:300],
        picture((400, 300), "GIF"),
        picture((400, 300), "TIFF"),
        picture((150, 900)),
    ],
)
def test_what_is_no_picture_we_read_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        pictures.encode(data)


@pytest.mark.parametrize("data", [png_of(60_000, 60_000), png_of(8_000, 8_000), bytes(9 * 1024**2)])
def test_a_bomb_is_refused_before_it_is_unpacked(data: bytes) -> None:
    with pytest.raises(TooLarge):
        pictures.encode(data)


def test_code_behind_a_picture_stays_behind() -> None:
    webp, _ = pictures.encode(picture() + b"<script>alert(1)</script>")
    assert b"script" not in webp


def test_an_events_picture_is_its_promoters_and_a_new_one_takes_the_place_of_the_old(deps: Deps) -> None:
    owner, other = person(deps, Role.PROMOTER), person(deps, Role.PROMOTER)
    event_id = promoting.create(deps, owner, DRAFT)
    for visitor, error in ((other, NotFound), (person(deps), AccessDenied)):
        with pytest.raises(error):
            pictures.set_picture(deps, visitor, event_id, picture())
    first = pictures.set_picture(deps, owner, event_id, picture())
    second = pictures.set_picture(deps, owner, event_id, picture())
    assert promoting.find_event(deps, owner, event_id).event.listing.image_url == second
    assert pictures.find_picture(deps, second.removeprefix("/images/"))
    with pytest.raises(NotFound):
        pictures.find_picture(deps, first.removeprefix("/images/"))
    promoting.edit(deps, owner, event_id, promoting.draft(deps, owner, event_id))
    assert promoting.find_event(deps, owner, event_id).event.listing.image_url == second


@pytest.mark.parametrize("key", ["", "x", "../../etc/passwd", "0" * 32, "x" * 100_000])
def test_there_is_no_picture_under_any_other_key(deps: Deps, key: str) -> None:
    with pytest.raises(NotFound):
        pictures.find_picture(deps, key)
