"""Histories are kept up to a bound, and forgotten by listener."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bench.synthetic import Size, columns
from rewrapped.history.frame import History
from rewrapped.history.store import Histories

HISTORY = History.build(columns(Size(plays=100, tracks=10, artists=3, years=1), seed=1), "UTC")


def test_what_was_used_longest_ago_goes_first() -> None:
    store = Histories(limit_bytes=2 * HISTORY.nbytes)
    store.put((1, 0), HISTORY)
    store.put((2, 0), HISTORY)
    assert store.get((1, 0)) is HISTORY

    store.put((3, 0), HISTORY)

    assert [store.get((user, 0)) is not None for user in (1, 2, 3)] == [True, False, True]
    assert store.nbytes == 2 * HISTORY.nbytes


def test_putting_again_counts_once() -> None:
    store = Histories()
    store.put((1, 0), HISTORY)
    store.put((1, 0), HISTORY)

    assert store.nbytes == HISTORY.nbytes


def test_a_history_too_large_for_the_store_is_not_kept_and_drives_nothing_out() -> None:
    small = History.build(columns(Size(plays=1, tracks=1, artists=1, years=1), seed=1), "UTC")
    store = Histories(limit_bytes=HISTORY.nbytes - 1)
    store.put((1, 0), small)

    store.put((2, 0), HISTORY)

    assert store.get((1, 0)) is small
    assert store.get((2, 0)) is None


def test_dropping_a_listener_forgets_every_version_of_them_alone() -> None:
    store = Histories()
    for key in ((1, 5, "UTC"), (1, 6, "UTC"), (11, 5, "UTC")):
        store.put(key, HISTORY)

    store.drop(1)

    assert store.get((1, 5, "UTC")) is None
    assert store.get((1, 6, "UTC")) is None
    assert store.get((11, 5, "UTC")) is HISTORY
    assert store.nbytes == HISTORY.nbytes


def test_many_threads_leave_the_sum_right() -> None:
    store = Histories(limit_bytes=3 * HISTORY.nbytes)

    def work(number: int) -> None:
        store.put((number % 7, number), HISTORY)
        store.get((number % 5, number - 1))
        store.drop(number % 3)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(2000)))

    kept = sum(store.get((user, number)) is not None for user in range(7) for number in range(2000))
    assert store.nbytes == kept * HISTORY.nbytes <= 3 * HISTORY.nbytes
