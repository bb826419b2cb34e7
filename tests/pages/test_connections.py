"""The connections page as Streamlit runs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from rewrapped import running
from rewrapped.clients import listens
from rewrapped.clients.http import Surroundings
from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.plays import Source
from rewrapped.errors import RateLimited
from rewrapped.services import asking, scrobbles, scrobbling
from rewrapped.ui.connections import progress, there
from tests.conftest import Clock
from tests.pages.plays import Open
from tests.simulators.listens import Heard, ListenBrainzListensSimulator
from tests.simulators.server import serving

YEARS = [Heard(1_700_000_000 + 300 * n) for n in range(1_500)]


@pytest.fixture
def connected(deps: Deps, clock: Clock, listener: int, open_page: Open) -> Iterator[tuple[Deps, Visitor]]:
    """Somebody connected to ListenBrainz, where nothing was fetched yet."""
    with serving(ListenBrainzListensSimulator({"mi*ra": YEARS})) as simulator:
        client = listens.ListenBrainzListens(listens.listenbrainz(simulator.url, 0), Surroundings([].append, clock))
        made = replace(deps, listen_sources={Source.LISTENBRAINZ: client})
        running.hold(made)
        visitor = Visitor.person(listener, Role.REGULAR)
        scrobbles.connect(made, visitor, Source.LISTENBRAINZ, "mi*ra")
        yield made, visitor
        client.close()


def test_progress_a_rest_and_the_end_are_told(
    connected: tuple[Deps, Visitor], clock: Clock, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, visitor = connected
    running.hold(made)
    written = "\n".join(one.value for one in open_page("connections").markdown)
    assert "Connected as **mi\\*ra**" in written

    monkeypatch.setattr(scrobbling, "RUN", timedelta(0))
    scrobbling.fetch(made, visitor.signed_in(), Source.LISTENBRAINZ)
    with made.engine.begin() as conn:
        asking.rest(made, conn, "listenbrainz", RateLimited("ListenBrainz", "asks us to wait", retry_after_s=900))
    assert "asks us to wait" in open_page("connections").info[0].value

    clock.advance(minutes=16)
    monkeypatch.setattr(scrobbling, "RUN", timedelta(minutes=1))
    scrobbling.fetch(made, visitor.signed_in(), Source.LISTENBRAINZ)
    app = open_page("connections")
    assert not app.info
    assert any("1,500 listens" in one.value for one in app.markdown)


@pytest.mark.parametrize(
    ("total", "words"), [(0, "No listens were"), (1, "1 listen was"), (1_200, "1,200 listens were")]
)
def test_how_many_were_there_is_told_in_words(total: int, words: str) -> None:
    assert there(total).startswith(f"{words} there")


def test_time_left_is_told_by_what_came_so_far(connected: tuple[Deps, Visitor], clock: Clock) -> None:
    made, visitor = connected
    account = scrobbles.list_connections(made, visitor)[0].account
    assert account is not None
    assert progress(account, clock.at) == "Waiting for its turn."
    later = clock.at + timedelta(seconds=60)
    assert progress(replace(account, fetched=500), later).endswith("About 2 minutes left.")
    assert progress(replace(account, fetched=1_490), later).endswith("A few seconds left.")
