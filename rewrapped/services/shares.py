"""Public cards: a link that shows one card to whoever has it, until its owner takes it back.

What a card says is kept as it was made. Nothing of its owner's history is
looked at when somebody opens it, and nothing else of theirs can be reached.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime

from rewrapped.charts.rings import Colourway, colourway
from rewrapped.charts.sharecard import Card, Layout, Ranked, Slice
from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.errors import Conflict, NotFound
from rewrapped.services import cardpictures
from rewrapped.storage import people
from rewrapped.storage import shares as rows
from rewrapped.storage.shares import Shared

MOST_SHARES = 50
_TOKEN_BYTES = 18  # 24 letters: nobody finds one by trying
_GONE = "There is no such card. It may have been taken back."


@dataclass(frozen=True, slots=True)
class Share:
    """A public card: its address on this site, what it says, and how it is drawn."""

    id: int
    path: str
    card: Card
    layout: Layout
    colours: Colourway
    created_at: datetime


def create(deps: Deps, visitor: Visitor, card: Card, layout: Layout, colours: Colourway) -> Share:
    """Make a card public; return it with its address.

    Raises:
        SignInNeeded, AccessDenied: nobody is signed in, or this is the sample data.
        Conflict: they made as many public as anybody may.
    """
    user_id = visitor.writer()
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    new = Shared(0, token, asdict(card), layout.name, colours.name, deps.now())
    with deps.engine.begin() as conn:
        people.hold_person(conn, user_id)  # so that two at once are counted one after the other
        if rows.count_shares(conn, user_id) >= MOST_SHARES:
            raise Conflict(f"You made {MOST_SHARES} cards public, which is as many as fit. Take one back first.")
        share_id = rows.add_share(conn, user_id, new)
    return Share(share_id, _path(token), card, layout, colours, new.created_at)


def list_shares(deps: Deps, visitor: Visitor) -> list[Share]:
    """Return the visitor's public cards, the newest first.

    Raises:
        SignInNeeded, AccessDenied: nobody is signed in, or this is the sample data.
    """
    with deps.engine.connect() as conn:
        return [_share(shared) for shared in rows.list_shares(conn, visitor.writer())]


def revoke(deps: Deps, visitor: Visitor, share_id: int) -> None:
    """Take a public card back: its address leads nowhere from now on.

    Raises:
        SignInNeeded, AccessDenied: nobody is signed in, or this is the sample data.
        NotFound: they have no such card.
    """
    user_id = visitor.writer()
    with deps.engine.begin() as conn:
        if not rows.delete_share(conn, user_id, share_id):
            raise NotFound("There is no such card of yours.")
    cardpictures.drop(deps, share_id)


def find(deps: Deps, token: str) -> Share:
    """Return the card a token leads to, for whoever asks.

    Raises:
        NotFound: there is none, or it was taken back.
        StoreDown: the database doesn't answer.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]{24}", token, re.ASCII):
        raise NotFound(_GONE)
    with deps.engine.connect() as conn:
        shared = rows.find_share(conn, token)
    if shared is None:
        raise NotFound(_GONE)
    return _share(shared)


def _share(shared: Shared) -> Share:
    told = shared.card
    card = Card(
        **{
            name: str(told[name])
            for name in ("seed", "eyebrow", "figure", "unit", "list_title", "slices_said", "brand")
        },
        ranked=[Ranked(**each) for each in told["ranked"]],
        slices=[Slice(**each) for each in told["slices"]],
    )
    drawn = Layout[shared.layout], colourway(shared.colours)
    return Share(shared.id, _path(shared.token), card, *drawn, shared.created_at)


def _path(token: str) -> str:
    return f"/share/{token}"
