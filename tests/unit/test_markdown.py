"""Markdown of people keeps its shape, and nothing in it loads, runs or leads elsewhere than to the web."""

from __future__ import annotations

import pytest

from rewrapped.domain.markdown import safe_markdown


@pytest.mark.parametrize(
    "text",
    [
        "# A title\n\n- one\n- *two* and `code`",
        "[to the web](https://example.org/a(b)) and [there](http://example.org)",
        "`a < b` and\n```\nSELECT 1 < 2\n```",
        "[known]: https://example.org\n\n[known]",
    ],
)
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert safe_markdown(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("![x](https://203.0.113.1/p.png)", "[x](https://203.0.113.1/p.png)"),
        ("[x](javascript:alert(1))", "[x]\\(javascript:alert(1))"),
        ("[x](/auth/sign-out)", "[x]\\(/auth/sign-out)"),
        ("[x](\tdata:text/html,hi)", "[x]\\(\tdata:text/html,hi)"),
        ("![x][y]\n\n[y]: data:image/png;base64,AA", "[x][y]\n\n\\[y]: data:image/png;base64,AA"),
        ("<javascript:alert(1)>", "&lt;javascript:alert(1)>"),
        ("a ` b <img src=x> c", "a ` b &lt;img src=x> c"),
    ],
)
def test_pictures_become_links_html_becomes_text_and_other_links_none(text: str, shown: str) -> None:
    assert safe_markdown(text) == shown
