"""Registering, signing in and out, the demo and leaving, through the site's own pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from http.cookies import SimpleCookie

import pytest
from sqlalchemy import insert, text

from rewrapped import running
from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.queueing import make_redis
from rewrapped.services import invitations, keeping, profiles, sessions
from rewrapped.storage import belongings, people
from rewrapped.storage.people import NewPerson
from rewrapped.storage.tables import imports
from rewrapped.web import leaving
from tests.gigs import gig, store
from tests.web.conftest import PASSWORD, Browser, NewBrowser


def role_of(deps: Deps, email: str) -> Role:
    with deps.engine.begin() as conn:
        person = people.find_by_email(conn, email)
    assert person
    return person.role


def add_sample(deps: Deps) -> int:
    with deps.engine.begin() as conn:
        added = people.add_person(conn, NewPerson(None, Role.REGULAR, "UTC", "Sample", is_demo=True))
    assert added
    return added


def test_registering_signs_in_and_leads_to_the_import(browser: Browser, deps: Deps) -> None:
    response = browser.register(name="Jane", country="de")
    assert (response.status_code, response.headers["location"]) == (303, "/import")
    visitor = sessions.visitor(deps, browser.client.cookies["rw_session"])
    person = profiles.person(deps, visitor)
    assert (person.email, person.display_name, person.zone, person.country) == (
        "jane@example.org",
        "Jane",
        "Europe/Berlin",
        "DE",
    )


@pytest.mark.parametrize("path", ["/auth/register", "/auth/sign-in"])
def test_a_deep_link_survives_and_a_foreign_one_does_not(new_browser: NewBrowser, path: str) -> None:
    fields = {"email": "jane@example.org", "password": PASSWORD}
    new_browser().register()
    for wanted, reached in (("/tops?range=4w&by=time", "/tops?range=4w&by=time"), ("//evil.example", None)):
        browser = new_browser()
        opened = browser.get(f"{path}?next={wanted.replace('&', '%26').replace('?', '%3F')}")
        assert "evil.example" not in opened.text
        if path == "/auth/sign-in":
            went = browser.post(path, {**fields, "next": wanted}).headers["location"]
        else:
            went = browser.register(f"p{len(wanted)}@example.org", next=wanted).headers["location"]
        assert went == (reached or {"/auth/sign-in": "/overview", "/auth/register": "/import"}[path])


def test_the_session_cookie_is_opaque_and_kept_from_scripts(browser: Browser) -> None:
    cookie = SimpleCookie()
    for line in browser.register().headers.get_list("set-cookie"):
        cookie.load(line)
    session = cookie["rw_session"]
    assert len(session.value) >= 43
    assert (session["httponly"], session["samesite"], session["path"], session["secure"]) == (True, "lax", "/", "")


def test_over_https_cookies_are_secure_and_tied_to_the_host(new_browser: NewBrowser) -> None:
    browser = new_browser(base_url="https://music.example.org")
    lines = browser.register().headers.get_list("set-cookie")
    assert lines
    for line in lines:
        assert line.startswith("__Host-rw_")
        assert "Secure" in line
        assert "HttpOnly" in line
    assert browser.get("/auth/delete").status_code == 200  # and they come back


def test_signing_in_gives_a_new_token_and_ends_the_one_before(browser: Browser, deps: Deps) -> None:
    browser.register()
    before = browser.client.cookies["rw_session"]
    fields = {"email": "jane@example.org", "password": PASSWORD, "csrf": browser.csrf()}
    browser.post("/auth/sign-in", fields)
    assert browser.client.cookies["rw_session"] != before
    assert sessions.visitor(deps, before) == Visitor()


def test_a_token_planted_before_signing_in_is_worth_nothing_after(browser: Browser, deps: Deps) -> None:
    browser.client.cookies.set("rw_session", "planted-by-somebody-else-0123456789abcdefgh")
    browser.register()
    assert sessions.visitor(deps, "planted-by-somebody-else-0123456789abcdefgh") == Visitor()


def test_a_wrong_password_is_told_on_the_form_and_the_address_is_kept(browser: Browser) -> None:
    browser.register()
    browser.post("/auth/sign-out")
    response = browser.post(
        "/auth/sign-in", {"email": "jane@example.org", "password": "something else", "next": "/tops"}
    )
    assert response.status_code == 400
    assert "don&#39;t fit together" in response.text
    assert 'value="jane@example.org"' in response.text
    assert 'name="next" value="/tops"' in response.text
    assert "something else" not in response.text


def test_what_is_typed_is_shown_as_text(browser: Browser) -> None:
    response = browser.register(email='"><script>alert(1)</script>@x.org')
    assert response.status_code == 400
    assert "<script>alert" not in response.text


def test_a_missing_consent_is_told_and_the_other_stays_ticked(browser: Browser) -> None:
    fields = {"email": "jane@example.org", "password": PASSWORD, "zone": "UTC", "terms_consent": "on"}
    response = browser.post("/auth/register", fields)
    assert response.status_code == 400
    assert "Both boxes" in response.text
    assert response.text.count("checked") == 1


def test_signing_out_ends_this_session_and_everywhere_ends_all(new_browser: NewBrowser, deps: Deps) -> None:
    first, second = new_browser(), new_browser()
    first.register()
    for path, others_live in (("/auth/sign-out", True), ("/auth/sign-out-everywhere", False)):
        for browser in (first, second):
            browser.post("/auth/sign-in", {"email": "jane@example.org", "password": PASSWORD})
        mine, other = first.client.cookies["rw_session"], second.client.cookies["rw_session"]
        assert first.post(path).headers["location"] == "/"
        assert "rw_session" not in first.client.cookies
        assert sessions.visitor(deps, mine) == Visitor()
        assert (sessions.visitor(deps, other).user_id is not None) == others_live


def test_signing_out_is_no_link(browser: Browser) -> None:
    browser.register()
    assert browser.get("/auth/sign-out").status_code == 405
    assert browser.get("/auth/delete").status_code == 200


def test_the_demo_opens_without_an_account_and_keeps_somebody_signed_in_as_they_are(
    browser: Browser, deps: Deps
) -> None:
    assert browser.post("/auth/demo").status_code == 404  # still being made
    listener_id = add_sample(deps)
    assert browser.post("/auth/demo").headers["location"] == "/overview"
    assert sessions.visitor(deps, browser.client.cookies["rw_session"]) == Visitor.demo(listener_id)
    browser.register()
    person = sessions.visitor(deps, browser.client.cookies["rw_session"])
    assert person.user_id
    browser.post("/auth/demo")
    assert sessions.visitor(deps, browser.client.cookies["rw_session"]) == person


def test_nobody_deletes_the_sample_listener(browser: Browser, deps: Deps) -> None:
    listener_id = add_sample(deps)
    browser.post("/auth/demo")
    assert browser.post("/auth/delete", {"password": ""}).headers["location"].startswith("/auth/sign-in")
    with deps.engine.begin() as conn:
        assert people.find_person(conn, listener_id)


def test_leaving_shows_what_goes_asks_for_the_password_and_says_goodbye(browser: Browser, deps: Deps) -> None:
    browser.register()
    token = browser.client.cookies["rw_session"]
    shown = browser.get("/auth/delete").text
    assert "jane@example.org" in shown
    assert "<strong>0</strong> rows" in shown
    assert "promoter" not in shown
    assert browser.post("/auth/delete", {"password": "wrong password"}).status_code == 400
    assert sessions.visitor(deps, token).user_id
    gone = browser.post("/auth/delete", {"password": PASSWORD})
    assert gone.headers["location"] == "/auth/goodbye"
    assert "rw_session" not in browser.client.cookies
    assert "gone" in browser.get("/auth/goodbye").text
    assert sessions.visitor(deps, token) == Visitor()
    assert browser.post("/auth/sign-in", {"email": "jane@example.org", "password": PASSWORD}).status_code == 400


def test_the_first_on_this_machine_is_admin_and_nobody_through_a_proxy(new_browser: NewBrowser, deps: Deps) -> None:
    proxied = new_browser()
    sent = {"csrf": proxied.csrf(), "email": "a@example.org", "password": PASSWORD, "zone": "UTC"}
    sent |= {"history_consent": "on", "terms_consent": "on"}
    headers = {"origin": proxied.origin, "x-forwarded-for": "203.0.113.1"}
    assert proxied.client.post("/auth/register", data=sent, headers=headers, follow_redirects=False).status_code == 303
    assert role_of(deps, "a@example.org") is Role.REGULAR


@pytest.mark.parametrize(
    ("base_url", "role"), [("http://127.0.0.1:8501", Role.ADMIN), ("https://music.example.org", Role.REGULAR)]
)
def test_being_first_makes_an_admin_at_a_loopback_address_alone(
    new_browser: NewBrowser, deps: Deps, base_url: str, role: Role
) -> None:
    new_browser(base_url=base_url).register()
    assert role_of(deps, "jane@example.org") is role


def test_the_first_person_under_another_loopback_name_is_led_to_the_sites_own(
    new_browser: NewBrowser, deps: Deps
) -> None:
    browser = new_browser()
    browser.client.base_url = "http://localhost:8501"  # the base URL says 127.0.0.1
    led = browser.get("/auth/register?next=/import")
    assert (led.status_code, led.headers["location"]) == (307, "http://127.0.0.1:8501/auth/register?next=/import")
    browser.client.base_url = browser.origin
    assert browser.register().status_code == 303
    assert role_of(deps, "jane@example.org") is Role.ADMIN


def test_being_first_through_a_forwarded_port_makes_no_admin(new_browser: NewBrowser, deps: Deps) -> None:
    browser = new_browser()
    browser.client.base_url = browser.origin = "http://localhost:9000"
    assert browser.register().status_code == 303
    assert role_of(deps, "jane@example.org") is Role.REGULAR


def test_an_invitation_opens_a_closed_site_once(new_browser: NewBrowser, deps: Deps) -> None:
    browser = new_browser(registration="invite")
    assert "invitation" in browser.get("/auth/register").text
    assert browser.register().status_code == 403
    link = invitations.invite(running.deps())
    assert "Create my account" in browser.get(link.removeprefix("http://127.0.0.1:8501")).text
    token = link.rpartition("=")[2]
    assert browser.register(invite=token).status_code == 303
    assert new_browser(registration="invite").register("b@example.org", invite=token).status_code == 400


@pytest.mark.parametrize("wrong", ["", "0" * 64, "é", "x" * 5000])
def test_a_form_without_its_token_does_nothing(browser: Browser, deps: Deps, wrong: str) -> None:
    assert browser.register(csrf=wrong).status_code == 403
    with deps.engine.begin() as conn:
        assert not people.is_anyone_registered(conn)


def test_another_browsers_token_does_not_fit(new_browser: NewBrowser) -> None:
    assert new_browser().register(csrf=new_browser().csrf()).status_code == 403


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:9999", "http://127.0.0.1:8501.evil.example"]
)
def test_a_form_sent_from_another_site_does_nothing(browser: Browser, deps: Deps, origin: str) -> None:
    assert browser.post("/auth/sign-in", origin=origin).status_code == 403


def test_a_form_that_does_not_say_where_it_is_from_does_nothing(browser: Browser) -> None:
    response = browser.client.post("/auth/sign-in", data={"csrf": browser.csrf()})
    assert response.status_code == 403


def test_a_megabyte_of_password_is_refused_before_anything_is_done_with_it(browser: Browser) -> None:
    response = browser.register(password="x" * 1024**2)
    assert response.status_code == 413


@pytest.mark.parametrize(
    "content_type", ["application/json", "multipart/form-data", "multipart/form-data; boundary=x", "text/plain"]
)
def test_a_body_of_another_kind_does_nothing(browser: Browser, content_type: str) -> None:
    headers = {"origin": browser.origin, "content-type": content_type}
    response = browser.client.post("/auth/sign-in", content=b'{"csrf": 1', headers=headers)
    assert response.status_code in (400, 403)


def test_too_many_tries_answer_429_with_the_time_to_wait_on_the_form(browser: Browser) -> None:
    browser.register()
    browser.post("/auth/sign-out")
    browser.client.cookies.delete("rw_device")
    for _ in range(6):
        response = browser.post("/auth/sign-in", {"email": "jane@example.org", "password": "some guess here"})
    assert response.status_code == 429
    assert "Please wait" in response.text


def test_signing_in_works_while_redis_is_away(new_browser: NewBrowser, deps: Deps) -> None:
    browser = new_browser()
    browser.register()
    browser.post("/auth/sign-out")
    running.hold(replace(running.deps(), redis=make_redis("redis://127.0.0.1:9")))
    assert browser.post("/auth/sign-in", {"email": "jane@example.org", "password": PASSWORD}).status_code == 303
    assert browser.get("/auth/delete").status_code == 200


def test_the_forms_work_without_scripts(browser: Browser) -> None:
    page = browser.get("/auth/register").text
    assert "<option>Europe/Berlin</option>" in page
    assert page.count("<script") == 1
    assert "onclick" not in page
    assert browser.get("/auth/static/zone.js").status_code == 200
    assert browser.get("/auth/static/forms.css").headers["content-type"].startswith("text/css")
    assert browser.get("/auth/static/../auth.py").status_code == 404


def test_what_goes_with_an_account_is_told_in_the_persons_own_zone(browser: Browser, deps: Deps) -> None:
    browser.register()  # in Berlin
    user_id = sessions.visitor(deps, browser.client.cookies["rw_session"]).signed_in()
    at = datetime(2023, 12, 31, 23, 30, tzinfo=UTC)
    with deps.engine.begin() as conn:
        conn.execute(
            text(
                "INSERT INTO listening_history (user_id, reported_at, ended_at, track_id, ms_played, source, platform,"
                " country, reason_start, reason_end, flags) VALUES (:user_id, :at, :at, 1, 31000, 1, 0, 0, 0, 0, 0)"
            ),
            {"user_id": user_id, "at": at},
        )
    shown = browser.get("/auth/delete").text

    assert "</strong> row of listening history, January 2024, and the sums" in shown
    assert "2023" not in shown


def test_leaving_names_everything_that_goes_with_an_account(browser: Browser, deps: Deps) -> None:
    browser.register()
    visitor = sessions.visitor(deps, browser.client.cookies["rw_session"])
    [event_id] = store(deps, gig("Xenia"))
    keeping.save(deps, visitor, event_id)
    keeping.add_tag(deps, visitor, event_id, "loud")
    keeping.add_tag(deps, visitor, event_id, "late")
    keeping.follow_artist(deps, visitor, "Xenia")
    with deps.engine.begin() as conn:
        conn.execute(insert(imports).values(user_id=visitor.signed_in(), state="done", files=[], folder="none"))

    shown = browser.get("/auth/delete").text

    assert "<strong>1</strong> import, with what was noted of it," in shown
    for said in (
        "<strong>1</strong> saved show<",
        "<strong>2</strong> tags you gave shows<",
        "<strong>1</strong> artist or venue you follow<",
    ):
        assert said in shown
    assert "notebook" not in shown  # what somebody doesn't have isn't named


def test_every_table_that_goes_with_an_account_is_named_before_it_goes() -> None:
    told_as_account = {"sessions", "imports", "user_preferences", "announced_events", "recaps"}
    told_as_listening = {"track_names", "labels", "aggregated_stats", "aggregated_listeners"}
    assert {table.name for table in belongings.tables()} == set(leaving.WORDS) | told_as_account | told_as_listening


def test_demo_sessions_from_one_address_are_limited_whatever_it_says_of_itself(
    new_browser: NewBrowser, deps: Deps
) -> None:
    sample = NewPerson(None, Role.REGULAR, "Europe/Berlin", "Sample", is_demo=True)
    with deps.engine.begin() as conn:
        people.add_person(conn, sample)
    browser = new_browser()
    sent = {"csrf": browser.csrf()}
    statuses = []
    for number in range(42):
        headers = {"origin": browser.origin, "x-forwarded-for": f"198.51.100.{number}"}
        reply = browser.client.post("/auth/demo", data=sent, headers=headers, follow_redirects=False)
        statuses.append(reply.status_code)
    assert statuses[:40] == [303] * 40
    assert 429 in statuses[40:]
