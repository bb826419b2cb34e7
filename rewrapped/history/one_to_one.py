"""Partners one-to-one: greedily in a given order, then so that as many as can find one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

# Partners looked at for one that is left over; only a forged file has longer chains.
_LOOKED_AT = 64


def one_to_one(rich: list[int], poor: list[int]) -> list[tuple[int, int]]:
    """Match greedily in the order given, then lengthen the matching along augmenting paths."""
    wants: dict[int, list[int]] = {}
    poor_of: dict[int, int] = {}
    rich_of: dict[int, int] = {}
    for a, b in zip(rich, poor, strict=True):
        wants.setdefault(b, []).append(a)
        if a not in poor_of and b not in rich_of:
            poor_of[a], rich_of[b] = b, a
    for b in wants:
        if b not in rich_of:
            _augment(b, wants, poor_of, rich_of)
    return list(poor_of.items())


def _augment(lonely: int, wants: dict[int, list[int]], poor_of: dict[int, int], rich_of: dict[int, int]) -> None:
    """Find a richer row for `lonely` by letting matched rows move on (Berge 1957); give up on long chains."""
    came_from: dict[int, int] = {}
    for b, a in _breadth_first(lonely, wants, poor_of):
        came_from[a] = b
        if a in poor_of:
            continue
        free: int | None = a
        while free is not None:  # hand partners back along the path; it ends at `lonely`, who had none
            taker = came_from[free]
            given_up = rich_of.get(taker)
            poor_of[free], rich_of[taker] = taker, free
            free = given_up
        return


def _breadth_first(lonely: int, wants: dict[int, list[int]], poor_of: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Yield (poorer, richer) steps from `lonely` along wishes and present partners, each richer row once."""
    queue, seen = deque([lonely]), set[int]()
    while queue and len(seen) < _LOOKED_AT:
        b = queue.popleft()
        for a in wants[b]:
            if a not in seen:
                seen.add(a)
                yield b, a
                if a in poor_of:
                    queue.append(poor_of[a])
