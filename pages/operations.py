"""Operations: what the site stands on, whom it asks, what it works at. For admins."""

from datetime import timedelta
from enum import StrEnum

import streamlit as st

from rewrapped.domain.access import Permission
from rewrapped.services import operations
from rewrapped.services.operations import Work
from rewrapped.ui import operating, session
from rewrapped.ui.cards import card
from rewrapped.ui.explain import explain_errors
from rewrapped.ui.picks import pick


class Period(StrEnum):
    """How far back the figures of outside services go."""

    HOUR = "1h"
    DAY = "24h"
    MONTH = "31d"


SPANS = {Period.DAY: timedelta(days=1), Period.HOUR: timedelta(hours=1), Period.MONTH: timedelta(days=31)}
SAID = {Period.DAY: "The last 24 hours", Period.HOUR: "The last hour", Period.MONTH: "The last 31 days"}

visitor = session.require(Permission.ADMINISTER)
deps, zone = session.deps(), session.person().zone

head, work, now = st.container(gap=None), Work(), deps.now()
with explain_errors():
    state = operations.state(deps, visitor)
    work = operations.work(deps, visitor) if state.redis else work
    with head:
        st.title(operating.headline(state, work.workers, now), anchor=False)
        st.caption(f"As of this moment, in {zone}. Reload the page to look again. {operating.EVERYTHING}")

with card("services"), explain_errors():
    st.subheader("Outside services", anchor=False)
    period = pick("Period", "period", SAID)
    figures = operations.services(deps, visitor, SPANS[period])
    operating.show_services(figures, SAID[period].lower(), zone)

with card("quotas"), explain_errors():
    st.subheader("What sources of events still allow", anchor=False)
    operating.show_quotas(operations.quotas(deps, visitor), zone, now)

with card("genres"), explain_errors():
    st.subheader("Genres of artists, asked of MusicBrainz, ListenBrainz and Last.fm", anchor=False)
    operating.show_genres(operations.genres(deps, visitor), zone)

if work.queues:
    left, right = st.columns(2)
    with left, card("queues"):
        st.subheader(operating.queues_finding(work.queues), anchor=False)
        st.dataframe(operating.queue_table(work.queues), hide_index=True, key="queues")
    with right, card("workers"):
        st.subheader(operating.workers_finding(work.workers, now), anchor=False)
        st.dataframe(operating.worker_table(work.workers, zone), hide_index=True, key="workers")
    with card("failed"):
        operating.show_failed(work.failed, zone)
