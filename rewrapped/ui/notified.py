"""One message on the page of notifications."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from rewrapped.domain.sitemap import own_page
from rewrapped.storage.notifications import Notification
from rewrapped.ui import bell, wording


def show_message(message: Notification, zone: str, now: datetime) -> None:
    """Show what was told and when, in the person's zone, with the way to what it is about."""
    when = wording.moment_in(zone, message.created_at, now)
    with st.container(key=f"card_notice_{message.id}", horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width="stretch"):
            new = "" if message.read_at else ":primary-badge[new] "
            st.markdown(f"{bell.icon_of(message.kind)} {new}{wording.plain(message.body)}")
            st.caption(when)
        if message.link and st.button("Open", key=f"open_{message.id}"):
            name, query = own_page(message.link)
            st.switch_page(f"pages/{name}.py", query_params=query)
