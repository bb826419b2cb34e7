"""Fetching people's listens from services, page by page, and keeping them fresh.

What a page brings and where the walk goes on are stored in one transaction: a
worker that is killed between two pages loses nothing and brings nothing twice.
No transaction is open while a service is asked. A service that asks everybody
to wait rests until a moment that is stored; whatever is wrong with one name
alone keeps nobody else waiting.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from rewrapped.deps import Deps
from rewrapped.domain.notices import Kind, Notice
from rewrapped.domain.plays import Source
from rewrapped.domain.scrobbling import CALLED, LOOKED_THROUGH, State, Told, after_failures, next_interval
from rewrapped.errors import BadPayload, Conflict, IntegrationError, KeyRefused, NotFound, RateLimited, Unavailable
from rewrapped.importers import scrobbles as columns
from rewrapped.services import asking, intake, notices
from rewrapped.storage import notifications, plays
from rewrapped.storage import scrobbles as rows
from rewrapped.storage.database import Connection
from rewrapped.storage.scrobbles import Account

log = logging.getLogger(__name__)

RUN = timedelta(seconds=50)  # then it is others' turn

_JOB, _JOB_S = "fetch_listens", 300
_AT_ONCE = 50  # jobs a tick queues
_TRIES = 3
_SHORT_S = 10  # a wait that a worker sits out; a longer one frees it
_TROUBLE_S = 1.0
_LOCK_S = 5


@dataclass(slots=True)
class Report:
    """What a run came to; `stopped` says in a sentence why it ended early."""

    pages: int = 0
    new: int = 0
    stopped: str = ""


def fetch(deps: Deps, user_id: int, source: Source) -> Report:
    """Fetch somebody's listens for as long as a run lasts, or until everything is here.

    Raises:
        StoreDown: the database doesn't answer; what was stored stays.
    """
    report, until = Report(), deps.now() + RUN
    while deps.now() < until and _step(deps, user_id, source, report):
        report.pages += 1
    if report.new:
        notices.wake(deps, [user_id])
    return report


def enqueue_due(deps: Deps) -> int:
    """Queue what is to be asked now, of services that may be asked; return how many jobs. For the tick."""
    awake = [source for source in deps.listen_sources if asking.pause(deps, source.word) is None]
    with deps.engine.connect() as conn:
        due = rows.list_due(conn, awake, deps.now(), _AT_ONCE)
    return sum(enqueue(deps, user_id, source) for user_id, source in due)


def enqueue(deps: Deps, user_id: int, source: Source) -> bool:
    """Queue the fetching of somebody's listens; return False when it is queued already."""
    return deps.queue.enqueue(_JOB, user_id, int(source), key=f"listens-{user_id}-{source.word}", timeout_s=_JOB_S)


# One page -----------------------------------------------------------------------------------------


def _step(deps: Deps, user_id: int, source: Source, report: Report) -> bool:
    """Ask for one page and store it; return whether there is more to do at once."""
    account = _due(deps, user_id, source)
    if account is None:
        return False
    try:
        told = _ask(deps, account)
        account, new, is_over = _store(deps, account, told)
    except NotFound as error:  # only its owner can help
        report.stopped = str(error)
        _change(deps, account, state=State.STOPPED, message=str(error))
    except (RateLimited, KeyRefused) as error:
        report.stopped = str(error)
        with deps.engine.begin() as conn:
            asking.rest(deps, conn, source.word, error)
    except IntegrationError as error:
        report.stopped = str(error)
        _fail(deps, account, error)
    except Conflict as error:  # an import holds the history: the next tick comes back
        report.stopped = str(error)
    else:
        report.new += new
        return not is_over
    return False


def _due(deps: Deps, user_id: int, source: Source) -> Account | None:
    """Return an account that is to be asked about now, and may be."""
    with deps.engine.begin() as conn:
        account = rows.find_account(conn, user_id, source)
        is_free = plays.try_lock_listener(conn, user_id)
    is_due = account is not None and account.state is not State.STOPPED and account.due_at <= deps.now()
    is_open = source in deps.listen_sources and asking.pause(deps, source.word) is None
    return account if is_due and is_free and is_open else None


def _ask(deps: Deps, account: Account) -> Told:
    """Return the next page; short waits are sat out, and a slip of the service is tried again."""
    client = deps.listen_sources[account.source]
    below_s = None if account.below_at is None else int(account.below_at.timestamp())
    is_visit = account.floor_at is not None and below_s is None
    for tries_left in reversed(range(_TRIES)):
        try:
            told = (
                client.page(account.name, below_s, LOOKED_THROUGH) if is_visit else client.page(account.name, below_s)
            )
        except (Unavailable, BadPayload) as error:
            wait_s = error.retry_after_s if error.retry_after_s is not None else _TROUBLE_S
            if not tries_left or wait_s > _SHORT_S or (isinstance(error, RateLimited) and error.retry_after_s is None):
                raise
            time.sleep(wait_s)
        else:
            break
    if below_s is not None and told.oldest_s is not None and told.oldest_s > below_s:
        raise BadPayload(CALLED[account.source], "sent a page we didn't ask for")
    return told


def _store(deps: Deps, account: Account, told: Told) -> tuple[Account, int, bool]:
    """Store a page and where the walk goes on; return how the account stands, how many plays are new, if it is over.

    Somebody who disconnected meanwhile, or whose account is gone, gets nothing: then it is over.

    Raises:
        Conflict: an import holds the history.
    """
    now = deps.now()
    page = columns.read(account.source, told.listens, now)
    with deps.engine.begin() as conn:
        plays.lock_listener(conn, account.user_id, wait_s=_LOCK_S)
        found = rows.find_account(conn, account.user_id, account.source)
        if found is None or not found.stands_at(account):
            return account, 0, True
        new, is_changed = intake.store_scrobbles(deps, conn, account.user_id, rows.place(account.source), page)
        after = _walked(account, told, new, now)
        changed = {name: getattr(after, name) for name in _WALKED}
        rows.change_account(conn, account.user_id, account.source, **changed)
        if is_changed:
            plays.raise_history_version(conn, account.user_id)
        if account.floor_at is None and after.floor_at is not None:
            _tell(conn, after, now)
    return after, new, after.below_at is None


_WALKED = (
    *("state", "fetched", "floor_at", "below_at", "top_at", "due_at", "interval_s", "failures", "message"),
    "checked_at",
)


def _walked(account: Account, told: Told, new: int, now: datetime) -> Account:
    """Return how an account stands after a page."""
    newest_s = max((one.listened_s for one in told.listens), default=0)
    top_at = account.top_at or (min(_moment(newest_s), now) if newest_s else account.floor_at or now)
    fetched = account.fetched + (told.row_count if account.floor_at is None else 0)
    walked = replace(account, fetched=fetched, failures=0, message="", due_at=now)
    is_known = account.floor_at is not None and told.oldest_s is not None and _moment(told.oldest_s) <= account.floor_at
    if told.is_last or told.oldest_s is None or is_known:
        interval = next_interval(account.interval, new)
        ended = replace(walked, state=State.FRESH, floor_at=top_at, below_at=None, top_at=None, checked_at=now)
        return replace(ended, interval_s=int(interval.total_seconds()), due_at=now + interval)
    # Listens of one second may lie on two pages: the last second is asked for again, unless it is all a page holds.
    below_at = _moment(told.oldest_s + 1)
    if account.below_at is not None and below_at >= account.below_at:
        below_at = min(_moment(told.oldest_s), account.below_at - timedelta(seconds=1))
    return replace(walked, below_at=below_at, top_at=top_at)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _tell(conn: Connection, account: Account, now: datetime) -> None:
    fetched = min(account.fetched, account.total or account.fetched)  # seconds between two pages are read twice
    listens = "1 listen" if fetched == 1 else f"{fetched:,} listens"
    body = f"Your years from {CALLED[account.source]} are here: {listens} of {account.name}."
    if not account.fetched:
        body = f"{account.name} has no listens at {CALLED[account.source]} yet. New ones come here by themselves."
    key = f"connection-{int(account.source)}-{account.connected_at:%Y%m%d%H%M%S}"
    told = Notice(Kind.IMPORT, body, link="connections", key=key)
    notifications.add_notification(conn, account.user_id, told, now)


def _fail(deps: Deps, account: Account, error: IntegrationError) -> None:
    """Let one account rest, longer after each failure in a row."""
    count = account.failures + 1
    _change(deps, account, failures=count, message=str(error), due_at=deps.now() + after_failures(count))


def _change(deps: Deps, account: Account, **values: object) -> None:
    """Change how an account stands, unless it stands elsewhere by now: another name isn't to blame for an answer."""
    with deps.engine.begin() as conn:
        is_free = plays.try_lock_listener(conn, account.user_id)  # while it isn't, nobody asks again anyway
        found = rows.find_account(conn, account.user_id, account.source)
        if not is_free or found is None or not found.stands_at(account):
            return
        rows.change_account(conn, account.user_id, account.source, **values)
    log.info("listens user_id=%d source=%s: %s", account.user_id, account.source.word, values["message"])
