"""What stands around every page, as far as a browser has to see to it: the menu on narrow screens, and the header."""

from __future__ import annotations

from rewrapped.components.packaged import mount


def shell() -> None:
    """Let the menu of a narrow screen close when a page is chosen, and the header cover what scrolls below it.

    It draws nothing.
    """
    mount("shell", key="shell", data={})
