"""How limits are told."""

from __future__ import annotations

import pytest

from rewrapped.domain.importing import size_words
from rewrapped.settings import CHECKOUT, Settings
from rewrapped.web.receiving import too_large


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(1 << 30, "1 GB"), (3 << 29, "1.5 GB"), (512 << 20, "512 MB"), (16 << 30, "16 GB"), (1024, "1 kB")],
)
def test_a_size_is_told_in_the_largest_unit_that_fits(size_bytes: int, words: str) -> None:
    assert size_words(size_bytes) == words


def test_the_sites_refusal_and_the_manual_name_one_limit() -> None:
    limit_bytes = Settings.model_fields["upload_limit_bytes"].default
    assert str(too_large(limit_bytes)) == f"At most {size_words(limit_bytes)} can be uploaded at once."
    manual = (CHECKOUT / "docs" / "running.md").read_text("utf-8")
    assert f"`REWRAPPED_UPLOAD_LIMIT_BYTES` | {limit_bytes} ({size_words(limit_bytes)})" in manual
