"""What axe-core finds wrong with a page: rules of WCAG 2.1, levels A and AA."""

from __future__ import annotations

import importlib.resources
from typing import Any

from playwright.sync_api import Page

_AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}


def serious(page: Page) -> list[tuple[str, str]]:
    """Return what is serious or critical on the whole page: the rule, and the first place."""
    page.evaluate(_AXE)
    found: dict[str, Any] = page.evaluate("(rules) => axe.run(document, rules)", _RULES)
    bad = [each for each in found["violations"] if each["impact"] in ("serious", "critical")]
    return [(each["id"], each["nodes"][0]["html"]) for each in bad]
