"""The little Markdown that promoters may use, turned into HTML of ours: nothing of their text is ever markup.

Paragraphs, lists, **bold**, *italic* and links to http and https. Whatever else
is written stays as it is: headings, images and HTML are text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from itertools import groupby
from typing import Final

from rewrapped.domain.events import clean_url

_LIST_MARK: Final = re.compile(r"[-*] +")
# Each piece ends at its line and at the next sign of its kind: a long text is read once, whatever it holds.
_PIECES: Final = re.compile(
    r"\[([^\[\]\n]{1,300})\]\(([^()\s]{1,2000})\)|\*\*([^*\n]{1,2000})\*\*|\*([^*\n]{1,2000})\*"
)


def to_html(text: str) -> str:
    """Return the text as HTML: `p`, `ul`, `li`, `strong`, `em`, `br` and `a`, with everything of the text escaped."""
    blocks = re.split(r"\n[ \t]*\n", text.strip())
    return "".join(_block(block.split("\n")) for block in blocks if block.strip())


def _block(lines: Iterable[str]) -> str:
    parts = []
    for is_list, group in groupby(lines, lambda line: _LIST_MARK.match(line.lstrip()) is not None):
        if is_list:
            items = (f"<li>{_inline(_LIST_MARK.sub('', line.lstrip(), count=1))}</li>" for line in group)
            parts.append(f"<ul>{''.join(items)}</ul>")
        else:
            parts.append(f"<p>{'<br>'.join(map(_inline, group))}</p>")
    return "".join(parts)


def _inline(line: str) -> str:
    done, at = [], 0
    for found in _PIECES.finditer(line):
        done += [escape(line[at : found.start()]), _piece(found)]
        at = found.end()
    return "".join([*done, escape(line[at:])])


def _piece(found: re.Match[str]) -> str:
    label, address, bold, italic = found.groups()
    if label is None:
        return f"<strong>{escape(bold)}</strong>" if bold else f"<em>{escape(italic)}</em>"
    url = clean_url(address)
    if url is None:
        return escape(found[0])
    return f'<a href="{escape(url)}" target="_blank" rel="nofollow ugc noopener noreferrer">{escape(label)}</a>'
