"""Whom a sponsored event is for."""

from __future__ import annotations

from rewrapped.deps import Deps
from rewrapped.domain.access import Visitor
from rewrapped.domain.promoting import Targeting

_EVERYBODY = Targeting()


def fits(deps: Deps, visitor: Visitor, targeting: Targeting) -> bool:  # noqa: ARG001 - what asks more needs both
    """Return whether a sponsored event is meant for this visitor: one that is aimed at everybody is."""
    return targeting == _EVERYBODY


def why(targeting: Targeting) -> str:
    """Return why somebody whom it fits sees a sponsored event."""
    if targeting == _EVERYBODY:
        return (
            "Its promoter marked it as sponsored and aims it at everybody. It is on within the days and the place "
            "you look at; nothing about you was used."
        )
    return "Its promoter marked it as sponsored, and you are among those it is aimed at."
