"""Connections as a program finds them."""

from __future__ import annotations

from dataclasses import replace

from rewrapped import running
from rewrapped.clients import listens
from rewrapped.clients.http import Surroundings
from rewrapped.deps import Deps
from rewrapped.domain.plays import Source
from rewrapped.domain.tokens import Scope
from rewrapped.services import scrobbling
from tests.conftest import Clock
from tests.promoters import person
from tests.simulators.listens import Heard, ListenBrainzListensSimulator
from tests.simulators.server import serving
from tests.web.v1.conftest import NewProgram


def test_a_program_connects_follows_and_disconnects(new_program: NewProgram, deps: Deps, clock: Clock) -> None:
    mira = person(deps)
    program = new_program(mira, Scope.IMPORTS)
    with serving(ListenBrainzListensSimulator({"mira": [Heard(1_700_000_000)]})) as simulator:
        client = listens.ListenBrainzListens(listens.listenbrainz(simulator.url, 0), Surroundings([].append, clock))
        asking = replace(deps, listen_sources={Source.LISTENBRAINZ: client})
        running.hold(asking)
        assert program.refused("PUT", "/connections/listenbrainz", json={"name": "a/b"})[0] == 400
        assert program.refused("PUT", "/connections/listenbrainz", json={"name": "jonas"})[0] == 404
        assert program.refused("POST", "/connections/listenbrainz/sync")[0] == 404
        assert program.refused("PUT", "/connections/spotify", json={"name": "mira"})[0] in (404, 422)
        answer = program.ask("PUT", "/connections/listenbrainz", json={"name": "mira"}).json()
        first, second = answer["items"]
        assert (first["name"], first["state"], first["total"]) == ("mira", "fetching", 1)
        assert (second["service"], second["is_open"], second["name"]) == ("lastfm", False, None)

        scrobbling.fetch(asking, mira.signed_in(), Source.LISTENBRAINZ)
        assert program.get("/connections")["items"][0]["state"] == "fresh"
        assert program.ask("POST", "/connections/listenbrainz/sync").status_code == 200
        assert program.ask("DELETE", "/connections/listenbrainz").json() == {"row_count": 1}
        client.close()
