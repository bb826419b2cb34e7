"""`user add`, `user password`, `user role`: by an operator who needs no site."""

from __future__ import annotations

from rewrapped.deps import Deps
from rewrapped.services import passwords, sessions
from rewrapped.storage import people
from rewrapped.storage.people import Person
from tests.cli.conftest import Python, called_wrongly, refused, told

ANN = "ann@example.org"
FIRST, SECOND = "horse lamp river", "six brass kettles"


def person(deps: Deps) -> Person:
    with deps.engine.begin() as conn:
        found = people.find_by_email(conn, ANN)
    assert found is not None
    return found


def opens(deps: Deps, password: str) -> bool:
    """Return whether a password is Ann's."""
    with deps.engine.begin() as conn:
        stored = conn.exec_driver_sql("SELECT password_hash FROM users").scalar_one()
    return passwords.is_right(password, stored)


def test_an_account_is_added_once_with_its_zone_its_role_and_the_operators_consent(deps: Deps, command: Python) -> None:
    words = ("user", "add", " Ann@Example.org", "--zone", "Asia/Calcutta", "--role", "analyst", "--password-stdin")

    said = told(command(*words, says=f"{FIRST}\r\nnot this\n"))

    ann = person(deps)
    assert (ann.zone, ann.role, ann.consent_given_by) == ("Asia/Calcutta", "analyst", "operator")
    assert ann.history_consent_at is not None
    assert ann.terms_consent_at is not None
    assert opens(deps, FIRST)
    assert f"number {ann.id}, analyst" in said
    assert "has an account already" in refused(command(*words, says=SECOND))
    assert opens(deps, FIRST)


def test_an_account_that_cannot_be_added_is_refused_in_a_sentence_or_shown_how(deps: Deps, command: Python) -> None:
    assert "--password-stdin" in refused(command("user", "add", ANN, says=FIRST))
    assert "No password" in refused(command("user", "add", ANN, "--password-stdin"))
    assert "10 characters" in refused(command("user", "add", ANN, "--password-stdin", says="short"))
    assert "zone" in refused(command("user", "add", ANN, "--zone", "Mars/Base", "--password-stdin", says=FIRST))
    with deps.engine.begin() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM users").scalar_one() == 0


def test_a_new_password_ends_every_sign_in_and_a_role_holds_at_once(deps: Deps, command: Python) -> None:
    told(command("user", "add", ANN, "--password-stdin", says=FIRST))
    token = sessions.start(deps, person(deps).id)

    told(command("user", "role", ANN, "promoter"))
    assert sessions.visitor(deps, token).role == "promoter"
    told(command("user", "password", ANN, "--password-stdin", says=f"{SECOND}\n"))

    assert sessions.visitor(deps, token).user_id is None
    assert (opens(deps, FIRST), opens(deps, SECOND)) == (False, True)
    assert "Nobody has the address" in refused(command("user", "password", "joe@example.org", says=FIRST))
    assert "promoter" in called_wrongly(command("user", "role", ANN, "guest"))
