"""Links and forms that leave Streamlit for the pages of /auth, as markup with everything escaped."""

from __future__ import annotations

from html import escape
from urllib.parse import quote


def link(address: str, label: str, *, first: bool = False) -> str:
    """Return a link that looks like a button; the `first` one stands out."""
    look = "rw-button first" if first else "rw-button"
    return f'<a class="{look}" href="{escape(address)}" target="_self">{escape(label)}</a>'


def form(action: str, label: str, csrf_token: str, *, quiet: bool = False) -> str:
    """Return a form of one button that posts to a page of /auth with the token it asks for."""
    return (
        f'<form method="post" action="{escape(action)}"><input type="hidden" name="csrf" value="{escape(csrf_token)}">'
        f'<button class="{"rw-link" if quiet else "rw-button"}" type="submit">{escape(label)}</button></form>'
    )


def ways_in(csrf_token: str, *, back_to: str = "") -> str:
    """Return the three ways in; somebody who is led back to a page is more likely to have an account already."""
    query = f"?next={quote(back_to, safe='')}" if back_to else ""
    sign_in = link(f"/auth/sign-in{query}", "Sign in", first=bool(back_to))
    register = link(f"/auth/register{query}", "Create an account", first=not back_to)
    links = sign_in + register if back_to else register + sign_in
    return f'<div class="rw-actions">{links}{form("/auth/demo", "Look around with sample data", csrf_token)}</div>'
