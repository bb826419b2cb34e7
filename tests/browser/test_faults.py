"""What a person at an open page sees when the servers behind it die."""

from __future__ import annotations

import os
import signal

from playwright.sync_api import expect
from redis import Redis

from rewrapped.embedded.locks import owning
from tests.browser.people import Person
from tests.browser.site import Site
from tests.embedded.program import until

DOWN = "The database doesn't answer just now. Please try again in a moment."


def test_a_killed_postgres_costs_one_sentence_and_the_open_page_comes_back_by_itself(
    newcomer: Person, live: Site
) -> None:
    newcomer.look_around()
    plays, page = newcomer.number("Plays"), newcomer.page
    loads = len([url for url in newcomer.requests if url.endswith("/overview")])
    with owning(live.home / "start.lock", 10) as alone:  # while somebody holds it, no server is started again
        assert alone
        os.kill(live.postmaster(), signal.SIGKILL)
        assert until(lambda: not live.is_healthy(), 30)
        newcomer.choose_range("All time")
        expect(page.get_by_text(DOWN)).to_be_visible()
        expect(page.get_by_text(DOWN)).to_have_count(1)
        expect(page.get_by_role("alert")).to_have_count(1)
        assert not newcomer.broken()
    assert until(live.is_healthy, 60)
    expect(page.get_by_text(DOWN)).to_have_count(0)
    newcomer.settle()
    assert newcomer.number("Plays") > plays
    assert len([url for url in newcomer.requests if url.endswith("/overview")]) == loads


def test_a_wiped_valkey_signs_nobody_out(newcomer: Person, live: Site) -> None:
    newcomer.sign_in_anew("/profile")
    with Redis.from_url(live.urls()["REDIS_URL"]) as redis:
        redis.flushall()
    newcomer.go("/profile")
    expect(newcomer.page.get_by_role("heading", name="Change your password")).to_be_visible()
    newcomer.follow_menu("Import")
    expect(newcomer.page.get_by_role("heading", name="Bring your own years")).to_be_visible()
