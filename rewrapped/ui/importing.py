"""An import on the screen: what runs, what became of it, which months there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from rewrapped.charts.coverage import coverage
from rewrapped.domain.days import MONTHS_SHORT
from rewrapped.domain.importing import State
from rewrapped.domain.plays import Source
from rewrapped.history import coverage as months
from rewrapped.history.frame import History
from rewrapped.importers.rows import Reason
from rewrapped.services import imports
from rewrapped.storage.imports import ImportRow
from rewrapped.storage.plays import Extent
from rewrapped.ui import figures, look, session, sheet, wording
from rewrapped.ui.explain import explain_errors

STATES = {
    State.QUEUED: "Waiting",
    State.RUNNING: "Running",
    State.DONE: "Done",
    State.FAILED: "Failed",
    State.CANCELLED: "Cancelled",
    State.REMOVED: "Removed again",
}
REASONS = {
    Reason.NOT_AN_OBJECT: "not a play at all",
    Reason.NO_IDENTITY: "names neither a track nor a link",
    Reason.INCOGNITO: "played in a private session",
    Reason.BAD_TIME: "time that can't be right",
    Reason.BAD_MS: "length that can't be right",
    Reason.BAD_TEXT: "text that can't be stored",
}
MAY_BE_SHARED = (
    "A later import of yours is so old that this site didn't note yet which of its rows were stored already. Rows that"
    " it shares with this one go too. Import its files again before you remove this one, and they stay."
)


@st.fragment(run_every="2s")
def follow(import_id: int) -> None:
    """Show how far an open import is, until it is over; the page is drawn anew then."""
    with explain_errors():
        row = imports.find_import(session.deps(), session.visitor(), import_id)
        if not row.is_open:
            session.rerun_quietly()
        share, says = _progress(row, session.deps().now())
        st.progress(share, text=says)
        st.caption("You can close this page: the import goes on, and you are told when it is done.")
        if st.button("Cancel the import", key=f"cancel_{import_id}", disabled=row.cancel_asked):
            imports.cancel(session.deps(), session.visitor(), import_id)
            session.rerun_quietly()


def _progress(row: ImportRow, now: datetime) -> tuple[float, str]:
    """Return the share done, 0 to 1, and a sentence."""
    if row.cancel_asked:
        return 1.0, "Stopping. Nothing of this import is kept."
    if row.state is State.QUEUED or not row.progress:
        return 0.0, "Waiting for its turn."
    done, total = row.progress["bytes_done"], max(row.progress["bytes_total"], 1)
    said = (
        f"{row.progress['rows']:,} rows read, {row.progress['plays']:,} of them played for 30 seconds or more,"
        " podcasts and what is known already among them"
    )
    if row.progress["phase"] == "saving":
        return 0.95, f"{said}. Saving them now."
    share = min(done / total, 1.0) * 0.9
    return share, f"{said}. {_time_left(share, row.started_at, now)}"


def _time_left(share: float, started_at: datetime | None, now: datetime) -> str:
    if started_at is None or share < 0.05:
        return ""
    left = (now - started_at) * ((1 - share) / share)
    return "A few seconds left." if left < timedelta(seconds=10) else f"About {_rounded(left.total_seconds())} left."


def _rounded(seconds: float) -> str:
    return f"{round(seconds, -1):.0f} seconds" if seconds < 90 else f"{seconds / 60:.0f} minutes"


def sum_up(row: ImportRow) -> str:
    """Return an import's outcome as a sentence."""
    if row.state is State.FAILED:
        return wording.plain(row.message or "The import failed.")
    if row.ledger is None:
        return f"{STATES[row.state]}."
    total = row.ledger["sum"]
    said = f"{wording.rows(total['rows'])}: {total['kept']:,} new, {_known(total)}"
    dropped = sum(total["dropped"].values())
    reasons = ", ".join(f"{count:,} {REASONS[Reason(reason)]}" for reason, count in total["dropped"].items())
    return f"{said}, {dropped:,} left out ({reasons})." if dropped else f"{said}, none left out."


def _known(total: Mapping[str, Any]) -> str:
    """Return how many rows told no new play; imports of earlier versions didn't count which told one better."""
    improved = total.get("improved", 0)
    better = f"{improved:,} better than known, " if improved else ""
    return f"{better}{total['merged'] - improved:,} known already"


def ledger_table(ledger: Mapping[str, Any]) -> pd.DataFrame:
    """Return what became of each file's rows: one row per file, a column per reason that occurred."""
    reasons = [reason for reason in REASONS if any(reason in file["dropped"] for file in ledger["files"])]
    return pd.DataFrame(
        [
            {
                "File": file["name"],
                "Rows": file["rows"],
                "New": file["kept"],
                "Better than known": file.get("improved", 0),
                "Known already": file["merged"] - file.get("improved", 0),
                **{f"Left out: {REASONS[reason]}": file["dropped"].get(reason, 0) for reason in reasons},
                "Moved to when they were played": file["moved"],
                "Breaks off": "yes" if file["truncated"] else "",
            }
            for file in ledger["files"]
        ]
    )


def show_history(rows: list[ImportRow], zone: str, *, read_only: bool) -> None:
    """Show past imports, newest first, each with its ledger and what can be done with it."""
    for row in rows:
        with st.container(key=f"import_{row.id}", border=True):
            when = wording.moment_in(zone, row.created_at, session.deps().now())
            names = ", ".join(str(file["name"]) for file in row.files[:3])
            more = f" and {len(row.files) - 3} more" if len(row.files) > 3 else ""
            st.markdown(f"**{STATES[row.state]}** · {when} · {wording.plain(names)}{more}")
            st.write(sum_up(row))
            if row.ledger:
                _show_ledger(row, row.ledger, read_only=read_only)
            if row.holds_nothing and not read_only and st.button("Take off the list", key=f"dismiss_{row.id}"):
                imports.dismiss(session.deps(), session.visitor(), row.id)
                st.rerun()


def _show_ledger(row: ImportRow, ledger: Mapping[str, Any], *, read_only: bool) -> None:
    for problem in ledger.get("problems", ()):
        st.warning(wording.plain(f"{problem['name']}: {problem['sentence']}"))
    table = ledger_table(ledger)
    with st.expander("File by file"):
        st.dataframe(table, hide_index=True, key=f"ledger_{row.id}")
        st.caption(
            "Every row of a file is new, better than a row known already, known already or left out: they add up to"
            " its rows."
        )
    with st.container(horizontal=True):
        name = f"import-{row.id}-ledger.csv"
        st.download_button(
            "Download as CSV",
            session.when_pressed(lambda _: sheet.csv(table)),
            name,
            "text/csv",
            key=f"csv_{row.id}",
            on_click="ignore",
        )
        if row.state is State.DONE and not read_only and st.button("Remove this import", key=f"remove_{row.id}"):
            confirm_removal(row)


@st.dialog("Remove this import?")
def confirm_removal(row: ImportRow) -> None:
    """Show what would go, and take it away when that is wanted."""
    with explain_errors():
        extent = imports.preview_removal(session.deps(), session.visitor(), row.id)
        st.write(what_would_go(extent, session.listener().zone))
        if extent.may_be_shared:
            st.warning(MAY_BE_SHARED)
        with st.container(horizontal=True):
            is_kept = st.button("Keep it", type="primary", key=f"keep_{row.id}")
            is_wanted = st.button("Remove this import", icon=":material/delete:", key=f"removal_{row.id}")
        if is_wanted:
            imports.remove(session.deps(), session.visitor(), row.id)
        if is_wanted or is_kept:
            st.rerun()


def what_would_go(extent: Extent, zone: str) -> str:
    """Return what removing an import does to the listening history, by the clock of a zone."""
    if not extent.rows:
        return (
            "Your listening history stays as it is: other imports hold every play of this one too, or tell it better."
        )
    days = wording.days_in(zone, extent.first_at, extent.last_at)
    parts = [
        f"**Your listening history gets {wording.rows(extent.net)} smaller.**"
        if extent.net
        else "**Your listening history keeps every play.**",
        f"{wording.rows(extent.rows)} that this import alone brought {_verb(extent.rows, 'go')}, from {days}.",
    ]
    if extent.returning:
        come, take = _verb(extent.returning, "come"), _verb(extent.returning, "take")
        parts.append(
            f"{wording.rows(extent.returning)} of other imports, which told the same plays less well, {come} back and"
            f" {take} their place."
        )
    if extent.staying:
        stay = _verb(extent.staying, "stay")
        parts.append(f"{wording.rows(extent.staying)} {stay}, because another import holds them too.")
    return " ".join([*parts, "You can import the files again at any time."])


def _verb(count: int, verb: str) -> str:
    """Return "goes" for one, "go" for more."""
    if count != 1:
        return verb
    return f"{verb}es" if verb.endswith("o") else f"{verb}s"


def show_coverage(history: History) -> None:
    """Draw which months there are rows of, holes marked, with the finding as its title."""
    frame = months.by_month(history)
    gaps = len(months.holes(history))
    hole = "1 month is" if gaps == 1 else f"{gaps} months are"
    st.subheader(f"{hole} missing in between" if gaps else "No month is missing")
    start = frame["start_on"].dt
    drawn = pd.DataFrame(
        {
            "year": start.year.astype(str),
            "month": [MONTHS_SHORT[number - 1] for number in start.month],
            "rows": frame["rows"],
            "hole": frame["is_hole"],
            "sources": [_sources(values) for values in frame.to_dict("records")],
        }
    )
    figures.draw(drawn, coverage(look.tokens(), drawn["year"].nunique()), key="coverage")
    table = drawn.drop(columns="hole").rename(columns=str.capitalize)
    counts = (
        "Every stored row, whatever it is and however short, by the local month it was played in. A month without"
        " rows between the first and the last is marked; a later export can fill it."
    )
    figures.foot(table, counts, key="coverage")


def _sources(values: Mapping[Any, Any]) -> str:
    return ", ".join(wording.SOURCES[source] for source in Source if values[source.word]) or "nothing"
