"""The promoter panel's figures as tables and files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from rewrapped.domain import genres
from rewrapped.domain.attention import FORMULA, Effect, Figures
from rewrapped.domain.promoting import FEWEST
from rewrapped.services import promoting
from rewrapped.services.attention import Overview
from rewrapped.ui.promoting_findings import percent

Names = Mapping[tuple[str, str], str]


def names_of(overview: Overview) -> dict[tuple[str, str], str]:
    """Return what each (part, value) of targeting is called for people; artists as a line-up spells them."""
    acts = (act for line in overview.lines for act in line.own.event.listing.performers)
    spelt = {act.normal_name: act.name for act in acts}
    return {(one.part, one.value): _name(one, spelt) for one in overview.effects}


def events_table(overview: Overview) -> pd.DataFrame:
    """Return one row an event, as a person reads it."""
    rows = [
        {
            "Event": line.own.event.listing.title,
            "Date": line.own.event.listing.start_on,
            "Status": str(line.own.event.listing.status),
            "Impressions": line.attention.total.impressions,
            "Views": line.attention.total.views,
            "People who viewed": line.attention.people.views,
            "Saves": line.attention.total.saves,
            "People who saved": line.attention.people.saves,
            "Ticket clicks": line.attention.total.clicks,
            "Engagement": line.attention.total.engagement,
            "Save rate": line.attention.save_rate,
            "Tags": line.tags,
            "Beside earlier events": str(line.standing.verdict) if line.standing else "",
        }
        for line in overview.lines
    ]
    return pd.DataFrame(rows)


def series_table(series: Iterable[tuple[date, Figures]]) -> pd.DataFrame:
    """Return one row a day or week."""
    return pd.DataFrame(
        {"From": on, "Impressions": of.impressions, "Views": of.views, "Saves": of.saves, "Ticket clicks": of.clicks}
        for on, of in series
    )


def effects_table(effects: Iterable[Effect], names: Names) -> pd.DataFrame:
    """Return two rows for each value that events are aimed by; groups below the floor say so and nothing else."""
    return pd.DataFrame([row for one in effects for row in _effect_rows(one, names[one.part, one.value])])


def as_json(overview: Overview) -> bytes:
    """Return the figures as JSON: days by ISO 8601, rates as fractions; small groups are null."""
    tables = {
        "events": events_table(overview),
        "days": series_table(overview.series),
        "targeting": effects_table(overview.effects, names_of(overview)),
    }
    records = {key: json.loads(table.to_json(orient="records", date_format="iso")) for key, table in tables.items()}
    days = {"from": str(overview.days.start_on or ""), "before": str(overview.days.end_on or "")}
    return json.dumps({"period": days, "engagement": FORMULA, **records}, ensure_ascii=False, indent=1).encode()


def _effect_rows(one: Effect, name: str) -> list[dict[str, str]]:
    few = f"fewer than {FEWEST}"
    rows = []
    for who, side in (("matched", one.matched), ("others", one.others)):
        average = side.average_engagement
        rows.append(
            {
                "Aimed at": name,
                "By": one.part,
                "Who": who,
                "Events": f"{one.events:,}" if one.is_shown else "",
                "People": f"{side.people:,}" if one.is_shown else few,
                "Views": f"{side.total.views:,}" if one.is_shown else "",
                "Save rate": percent(side.save_rate) if one.is_shown else "",
                "Average engagement": f"{average:.1f}" if one.is_shown and average is not None else "",
            }
        )
    return rows


def _name(effect: Effect, spelt: Mapping[str, str]) -> str:
    if effect.part == "country":
        return promoting.countries().get(effect.value, effect.value)
    return genres.genre(effect.value).name if effect.part == "genre" else spelt.get(effect.value, effect.value)
