"""Files -> UTF-8 without a byte order mark, also where they are UTF-16."""

from __future__ import annotations

import codecs
from collections.abc import Callable

Read = Callable[[int], bytes]
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def as_utf8(head: bytes, read: Read) -> tuple[bytes, Read]:
    """Return the first bytes of a file and its reader, both as UTF-8.

    UTF-16 is told by its byte order mark. Broken characters stay broken, so
    that only the row they are in is lost.
    """
    if not head.startswith(_UTF16_MARKS):
        return head.removeprefix(codecs.BOM_UTF8), read
    decoder = codecs.getincrementaldecoder("utf-16")(errors="surrogatepass")

    def read_utf8(count: int) -> bytes:
        while raw := read(count):
            if text := _decoded(decoder, raw):
                return text
        return b""

    return _decoded(decoder, head), read_utf8


def _decoded(decoder: codecs.IncrementalDecoder, raw: bytes) -> bytes:
    return decoder.decode(raw).encode("utf-8", "surrogatepass")
