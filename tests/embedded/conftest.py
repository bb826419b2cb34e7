"""Homes that are gone after the test, with everything that ran in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded.program import temporary_home


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that doesn't exist yet."""
    with temporary_home() as folder:
        yield folder
