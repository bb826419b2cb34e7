"""Every page of the site, in the order of the menu, and who finds it there.

A hidden menu entry is no access control: pages and services check again.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl

from rewrapped.domain.access import Permission, Role, Visitor


class Section(StrEnum):
    """A part of the menu."""

    YOU = "you"
    OUT = "out"
    PROMOTER = "promoter"
    SITE = "site"

    @property
    def heading(self) -> str:
        """Return what stands above the section's pages; nothing above the first."""
        return {Section.OUT: "Going out", Section.PROMOTER: "Promoter", Section.SITE: "This site"}.get(self, "")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its file in pages/, its address, and its menu entry.

    `audience`: "all" shows it to everybody, "out" to whoever isn't signed in,
    "listening" to whoever has a history to look at (the sample one too),
    "analysing" to the same people but for guests,
    "people" to signed-in people, "none" to nobody: it is linked elsewhere.
    A permission shows it to those who have it.
    """

    name: str
    path: str
    title: str
    icon: str
    audience: str | Permission
    section: Section = Section.YOU

    def is_listed_for(self, visitor: Visitor) -> bool:
        """Return whether the visitor's menu shows this page."""
        if isinstance(self.audience, Permission):
            return visitor.may(self.audience)
        shown = {
            "all": True,
            "out": visitor.listener_id is None,
            "listening": visitor.listener_id is not None,
            "analysing": visitor.listener_id is not None and visitor.role is not Role.GUEST,
            "people": visitor.user_id is not None,
        }
        return shown.get(self.audience, False)


WELCOME, OVERVIEW, NOTIFICATIONS = "welcome", "overview", "notifications"
ITEM = "item"
EVENTS, EVENT = "events", "event"
CONNECTIONS = "connections"  # where services are connected and left

PAGES = (
    Page(WELCOME, "", "Welcome", ":material/waving_hand:", "out"),
    Page(OVERVIEW, "overview", "Overview", ":material/graphic_eq:", "listening"),
    Page("wrapped", "wrapped", "Wrapped", ":material/auto_awesome:", "listening"),
    Page("tops", "tops", "Tops", ":material/leaderboard:", "listening"),
    Page("genres", "genres", "Genres", ":material/bubble_chart:", "listening"),
    Page("habits", "habits", "Habits", ":material/schedule:", "listening"),
    Page("evolution", "evolution", "Evolution", ":material/timeline:", "listening"),
    Page("compare", "compare", "Compare", ":material/compare_arrows:", "listening"),
    Page("history", "history", "History", ":material/history:", "listening"),
    Page(ITEM, "item", "Item", ":material/album:", "none"),
    Page("notebook", "notebook", "Notebook", ":material/code_blocks:", "analysing"),
    Page("import", "import", "Import", ":material/upload_file:", "people"),
    Page(CONNECTIONS, "connections", "Connections", ":material/cable:", "people"),
    Page(NOTIFICATIONS, "notifications", "Notifications", ":material/notifications:", "people"),
    Page("profile", "profile", "Profile", ":material/person:", "people"),
    Page("preferences", "preferences", "Preferences", ":material/tune:", Permission.KEEP_EVENTS),
    Page(EVENTS, "events", "Events", ":material/event:", "all", Section.OUT),
    Page("saved", "saved", "Saved", ":material/favorite:", Permission.KEEP_EVENTS, Section.OUT),
    Page(EVENT, "event", "Event", ":material/confirmation_number:", "none", Section.OUT),
    Page("promoter", "promoter", "Promote events", ":material/campaign:", "people", Section.PROMOTER),
    Page("admin", "admin", "Administration", ":material/manage_accounts:", Permission.ADMINISTER, Section.SITE),
    Page("operations", "operations", "Operations", ":material/monitoring:", Permission.ADMINISTER, Section.SITE),
    Page("about", "about", "About", ":material/info:", "all", Section.SITE),
    Page("terms", "terms", "Terms", ":material/gavel:", "all", Section.SITE),
    Page("privacy", "privacy", "Privacy", ":material/shield_person:", "all", Section.SITE),
)

PATHS = frozenset(page.path for page in PAGES)


def listening_page(path: str) -> Page | None:
    """Return the page at a path that shows somebody's listening under a filter, None for any other."""
    found = next((page for page in PAGES if page.path == path), None)
    is_one = found is not None and (found.audience in ("listening", "analysing") or found.name == ITEM)
    return found if is_one else None


def own_page(link: str) -> tuple[str, dict[str, str]]:
    """Return the name of the page a link such as "event?id=7" leads to, and its query; the start page for others."""
    path, _, query = link.partition("?")
    found = next((page for page in PAGES if page.path == path), PAGES[0])
    return found.name, dict(parse_qsl(query)) if found.path == path else {}


def own_path(text: str | None, otherwise: str) -> str:
    """Return an address within this site (path and query), or `otherwise` for anything else.

    Whatever a browser could read as another host, a scheme or a header is refused.
    """
    path = text or ""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path and len(path) <= 2000
    is_plain = all(0x20 < ord(c) < 0x7F for c in path)
    back_to_forms = path.startswith("/auth/")  # signing in must not lead back to signing in, or out
    return path if is_own and is_plain and not back_to_forms else otherwise
