"""Descriptions: a little Markdown becomes markup of ours, and nothing of the text ever does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.domain.description import to_html

_OURS = re.compile(
    r"<(?:/?(?:p|ul|li|strong|em|br|a)|"
    r'a href="https?://[^"<>]*" target="_blank" rel="nofollow ugc noopener noreferrer")>'
)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("- a\n- **b**", "<ul><li>a</li><li><strong>b</strong></li></ul>"),
        ("said *so*", "<p>said <em>so</em></p>"),
        ("# no heading", "<p># no heading</p>"),
        ("2 * 3 = 6", "<p>2 * 3 = 6</p>"),
        ("", ""),
    ],
)
def test_what_promoters_may_write(text: str, html: str) -> None:
    assert to_html(text) == html


def test_a_link_goes_to_http_and_https_alone_and_vouches_for_nobody() -> None:
    assert 'href="https://example.org/?a=1&amp;b=2"' in to_html("[us](https://example.org/?a=1&b=2)")
    assert 'rel="nofollow ugc noopener noreferrer"' in to_html("[us](http://example.org)")
    for address in ("javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "//evil.example", "/auth/delete", "x"):
        assert "<a" not in to_html(f"[us]({address})")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "![x](https://evil.example/pixel.png)",
        '[a](https://x.example/"onmouseover="alert(1))',
        "[<img src=x onerror=alert(1)>](https://x.example)",
        "**<b>**",
        "<a href='https://x.example'>x</a>",
    ],
)
def test_html_and_images_stay_text(text: str) -> None:
    rest = _OURS.sub("", to_html(text))
    assert "<" not in rest
    assert ">" not in rest


@given(st.text("<>\"'*[]()-\n &:/.ahtpsx", max_size=200))
def test_no_text_becomes_markup_that_is_not_ours(text: str) -> None:
    rest = _OURS.sub("", to_html(text))
    assert "<" not in rest
    assert ">" not in rest
