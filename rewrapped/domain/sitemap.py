"""Every page of the site, in the order of the menu, and who finds it there.

A hidden menu entry is no access control: pages and services check again.
"""

from __future__ import annotations

from dataclasses import dataclass

from rewrapped.domain.access import Role, Visitor


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its file in pages/, its address, and its menu entry.

    `audience`: "all" shows it to everybody, "out" to whoever isn't signed in,
    "listening" to whoever has a history to look at (the sample one too),
    "analysing" to the same people but for guests,
    "people" to signed-in people, "none" to nobody: it is linked elsewhere.
    """

    name: str
    path: str
    title: str
    icon: str
    audience: str

    def is_listed_for(self, visitor: Visitor) -> bool:
        """Return whether the visitor's menu shows this page."""
        shown = {
            "all": True,
            "out": visitor.listener_id is None,
            "listening": visitor.listener_id is not None,
            "analysing": visitor.listener_id is not None and visitor.role is not Role.GUEST,
            "people": visitor.user_id is not None,
        }
        return shown.get(self.audience, False)


WELCOME, OVERVIEW = "welcome", "overview"

PAGES = (
    Page(WELCOME, "", "Welcome", ":material/waving_hand:", "out"),
    Page(OVERVIEW, "overview", "Overview", ":material/graphic_eq:", "listening"),
    Page("tops", "tops", "Tops", ":material/leaderboard:", "listening"),
    Page("history", "history", "History", ":material/history:", "listening"),
    Page("notebook", "notebook", "Notebook", ":material/code_blocks:", "analysing"),
    Page("import", "import", "Import", ":material/upload_file:", "people"),
    Page("profile", "profile", "Profile", ":material/person:", "people"),
    Page("terms", "terms", "Terms", ":material/gavel:", "all"),
    Page("privacy", "privacy", "Privacy", ":material/shield_person:", "all"),
)

PATHS = frozenset(page.path for page in PAGES)


def own_path(text: str | None, otherwise: str) -> str:
    """Return an address within this site (path and query), or `otherwise` for anything else.

    Whatever a browser could read as another host, a scheme or a header is refused.
    """
    path = text or ""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path and len(path) <= 2000
    is_plain = all(0x20 < ord(c) < 0x7F for c in path)
    back_to_forms = path.startswith("/auth/")  # signing in must not lead back to signing in, or out
    return path if is_own and is_plain and not back_to_forms else otherwise
