"""How to get an export: the same facts wherever they are told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rewrapped.ui import requesting

CHECKOUT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("name", ["pages/import.py", "pages/welcome.py"])
def test_pages_tell_no_steps_and_waits_of_their_own(name: str) -> None:
    text = (CHECKOUT / name).read_text("utf-8")

    assert "requesting.STEPS" in text
    assert not re.search(r"spotify\.com/account|\bdays\b|\bweeks\b", text)


def test_the_documents_tell_the_same_waits_as_the_pages() -> None:
    guide, readme = ((CHECKOUT / name).read_text("utf-8") for name in ("docs/getting-your-data.md", "README.md"))

    for wait in (requesting.ACCOUNT_WAIT, requesting.EXTENDED_WAIT):
        assert wait in requesting.STEPS
        assert f"| {wait} |" in guide
    assert requesting.EXTENDED_WAIT in readme
