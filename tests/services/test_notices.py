"""What people are told: once for each thing, in one of their tabs, and never what others are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from rewrapped.deps import Deps
from rewrapped.domain.access import Role, Visitor
from rewrapped.domain.notices import Kind, Notice
from rewrapped.errors import SignInNeeded
from rewrapped.services import notices
from rewrapped.storage import notifications, people
from tests.conftest import Clock


def _person(deps: Deps) -> Visitor:
    with deps.engine.begin() as conn:
        user_id = people.add_person(conn, people.NewPerson(email=None, role=Role.REGULAR, zone="UTC"))
    return Visitor.person(user_id or 0, Role.REGULAR)


def _tell(deps: Deps, visitor: Visitor, body: str, key: str | None = None) -> bool:
    notice = Notice(Kind.IMPORT, body, key=key, link="import")
    with deps.engine.begin() as conn:
        return notifications.add_notification(conn, visitor.signed_in(), notice, deps.now())


def test_one_thing_is_told_once_however_often_a_job_tells_it(deps: Deps) -> None:
    visitor = _person(deps)
    assert _tell(deps, visitor, "done", key="import-1")
    assert not _tell(deps, visitor, "done again", key="import-1")
    assert _tell(deps, _person(deps), "theirs", key="import-1")
    assert [message.body for message in notices.list_messages(deps, visitor)] == ["done"]


def test_of_many_tabs_that_look_at_once_one_gets_each_message(deps: Deps) -> None:
    visitor = _person(deps)
    for number in range(20):
        _tell(deps, visitor, str(number))
    with ThreadPoolExecutor(8) as tabs:
        taken = list(tabs.map(lambda _: notices.take_messages(deps, visitor), range(8)))
    bodies = [message.body for messages in taken for message in messages]
    assert sorted(bodies, key=int) == [str(number) for number in range(20)]
    assert notices.take_messages(deps, visitor) == []


def test_popping_up_leaves_a_message_unread_until_its_list_was_opened(deps: Deps) -> None:
    visitor = _person(deps)
    _tell(deps, visitor, "one")
    notices.take_messages(deps, visitor)
    assert notices.count_unread(deps, visitor) == 1
    [message] = notices.list_messages(deps, visitor)
    assert notices.mark_read(deps, visitor, message.id) == 1
    assert notices.count_unread(deps, visitor) == 0
    assert notices.mark_read(deps, visitor, message.id) == 0


def test_what_came_after_the_list_was_read_stays_unread(deps: Deps) -> None:
    visitor = _person(deps)
    _tell(deps, visitor, "one")
    [seen] = notices.list_messages(deps, visitor)
    _tell(deps, visitor, "two")
    notices.mark_read(deps, visitor, seen.id)
    assert notices.count_unread(deps, visitor) == 1
    assert [message.body for message in notices.take_messages(deps, visitor)] == ["two"]


def test_nobody_sees_counts_or_marks_what_others_are_told(deps: Deps) -> None:
    visitor, other = _person(deps), _person(deps)
    _tell(deps, visitor, "private")
    [message] = notices.list_messages(deps, visitor)
    assert notices.list_messages(deps, other) == []
    assert notices.take_messages(deps, other) == []
    assert notices.mark_read(deps, other, message.id) == 0
    assert notices.count_unread(deps, visitor) == 1


@pytest.mark.parametrize("visitor", [Visitor(), Visitor.demo(1)])
def test_somebody_who_is_not_signed_in_is_told_nothing(deps: Deps, visitor: Visitor) -> None:
    assert notices.take_messages(deps, visitor) == []
    assert notices.count_unread(deps, visitor) == 0
    with pytest.raises(SignInNeeded):
        notices.list_messages(deps, visitor)
    with pytest.raises(SignInNeeded):
        notices.mark_read(deps, visitor, 1)


def test_a_long_list_comes_page_by_page_newest_first(deps: Deps) -> None:
    visitor = _person(deps)
    for number in range(notices.PAGE + 3):
        _tell(deps, visitor, str(number))
    first = notices.list_messages(deps, visitor)
    second = notices.list_messages(deps, visitor, first[-1].id)
    assert [int(message.body) for message in first + second] == list(reversed(range(notices.PAGE + 3)))


def test_messages_go_after_a_year(deps: Deps, clock: Clock) -> None:
    visitor = _person(deps)
    _tell(deps, visitor, "old")
    clock.advance(days=364)
    assert notices.purge_old(deps) == 0
    clock.advance(days=2)
    _tell(deps, visitor, "new")
    assert notices.purge_old(deps) == 1
    assert [message.body for message in notices.list_messages(deps, visitor)] == ["new"]
