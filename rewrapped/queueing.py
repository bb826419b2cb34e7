"""Background jobs on RQ: named by string, so that whoever queues imports none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.client import Pipeline
from redis.exceptions import ConnectionError as Away
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, Worker
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer
from rq.utils import as_text
from rq.worker import BaseWorker

from rewrapped.domain.jobs import FailedJob, QueueFigures, WorkerFigures
from rewrapped.errors import InvalidInput, SetupError, StoreDown

#: In the order in which a worker looks at them.
QUEUES = ("imports", "default")

_FAILED_KEPT_S = 300
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_OPEN = frozenset({JobStatus.QUEUED, JobStatus.STARTED, JobStatus.DEFERRED, JobStatus.SCHEDULED, JobStatus.CREATED})
_KEY = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)


def make_redis(url: str, answer_s: float = 10) -> Redis:
    """Return a client that gives up after seconds rather than hang.

    Raises:
        SetupError: the address can't be read.
    """
    try:
        return Redis.from_url(
            url, socket_connect_timeout=3, socket_timeout=answer_s, health_check_interval=30, retry=_again()
        )
    except ValueError as error:
        raise SetupError("REDIS_URL can't be read; it looks like redis://:password@host:6379/0.") from error


def _again() -> Retry:
    """Return how a call is tried again: for a second, over a restart of Redis; one that hangs never."""
    return Retry(ExponentialBackoff(cap=0.4, base=0.1), 3, supported_errors=(Away,))


@contextmanager
def reaching_redis() -> Iterator[None]:
    """Tell troubles of reaching Redis as StoreDown.

    Raises:
        StoreDown: Redis doesn't answer, or doesn't take writes.
    """
    try:
        yield
    except RedisError as error:
        raise StoreDown("The queue doesn't answer just now. Please try again in a moment.") from error


class RqQueue:
    """The queue of background jobs. A key names one piece of work: it waits or runs at most once at a time."""

    def __init__(self, redis: Redis, module: str = "workers.jobs") -> None:
        self._redis = redis
        self._module = module  # whose functions the jobs are

    def enqueue(self, job: str, *ids: int, key: str, queue: str = "default", timeout_s: int = 300) -> bool:
        """Queue a function of `workers.jobs` with ids unless one with this key waits or runs; return whether it was.

        Raises:
            InvalidInput: the key has other signs than letters, digits, `-` and `_`, or there is no such queue.
            StoreDown: Redis doesn't answer.
        """
        if not _KEY.fullmatch(key) or queue not in QUEUES:
            raise InvalidInput(f"A job can't be called {key!r} in a queue called {queue!r}.")
        with reaching_redis():
            self._forget_ended(key)
            try:
                _call(self._queue(queue), f"{self._module}.{job}", ids, key=key, timeout_s=timeout_s)
            except DuplicateJobError:
                return False
        return True

    def has(self, key: str) -> bool:
        """Return whether a job with this key waits or runs.

        Raises:
            StoreDown: Redis doesn't answer.
        """
        with reaching_redis():
            job = self._find(key)
            return job is not None and job.get_status() in _OPEN

    def cancel(self, key: str) -> None:
        """Take a waiting job out of its queue; a running one goes on.

        Raises:
            StoreDown: Redis doesn't answer.
        """
        with reaching_redis():
            job = self._find(key)
            if job is not None and job.get_status() != JobStatus.STARTED:
                self._discard(job)

    def drop(self, key: str) -> None:
        """Forget a job, even one that is marked as running: its worker is known to be gone.

        Raises:
            StoreDown: Redis doesn't answer.
        """
        with reaching_redis():
            job = self._find(key)
            if job is not None:
                self._discard(job)

    def requeue_started(self) -> int:
        """Put back every job that is marked as running; return how many. Only while no worker lives.

        Raises:
            StoreDown: Redis doesn't answer.
        """
        with reaching_redis():
            return sum(self._requeue(self._queue(name)) for name in QUEUES)

    def figures(self) -> Sequence[QueueFigures]:
        """Return waiting, running and failed counts per queue.

        Raises:
            StoreDown: Redis doesn't answer.
        """
        with reaching_redis():
            return [self._figures(self._queue(name)) for name in QUEUES]

    def list_failed(self, limit: int) -> Sequence[FailedJob]:
        """Return the jobs that failed lately, newest first; they are kept for five minutes.

        Raises:
            StoreDown: Redis doesn't answer.
        """
        with reaching_redis():
            keys = [key for name in QUEUES for key in self._queue(name).failed_job_registry.get_job_ids(0, limit - 1)]
            jobs = [job for key in keys if (job := self._find(key)) is not None]
            found = [_failed(job) for job in jobs]
        return sorted(found, key=lambda one: one.ended_at or _LONG_AGO, reverse=True)[:limit]

    def list_workers(self) -> Sequence[WorkerFigures]:
        """Return the workers that are known, by name.

        Raises:
            StoreDown: Redis doesn't answer.
        """
        with reaching_redis():
            found = [_worker(one) for one in Worker.all(connection=self._redis, serializer=JSONSerializer)]
        return sorted(found, key=lambda one: one.name)

    def _figures(self, queue: Queue) -> QueueFigures:
        return QueueFigures(
            queue=queue.name,
            waiting=queue.count,
            running=queue.started_job_registry.get_job_count(cleanup=False),
            failed=queue.failed_job_registry.get_job_count(cleanup=False),
        )

    def _queue(self, name: str) -> Queue:
        return Queue(name, connection=self._redis, serializer=JSONSerializer)

    def _find(self, key: str) -> Job | None:
        try:
            return Job.fetch(key, connection=self._redis, serializer=JSONSerializer)
        except NoSuchJobError:
            return None

    def _forget_ended(self, key: str) -> None:
        """Remove a job that failed: it would keep its key until it is forgotten."""
        job = self._find(key)
        if job is not None and job.get_status() not in _OPEN:
            self._discard(job)

    def _discard(self, job: Job, pipeline: Pipeline | None = None) -> None:
        """Delete a job, also one whose worker was killed.

        RQ's own deletion looks up each execution of the job, and raises once one
        of them has expired before the list of them, which is a minute later.
        """
        self._redis.delete(f"rq:executions:{job.id}")
        job.delete(pipeline=pipeline)

    def _requeue(self, queue: Queue) -> int:
        running = queue.started_job_registry.get_job_ids(cleanup=False)
        taken = [as_text(name) for name in self._redis.lrange(queue.intermediate_queue_key, 0, -1)]
        back = [job for key in dict.fromkeys([*running, *taken]) if (job := self._find(key)) is not None]
        with self._redis.pipeline(transaction=True) as at_once:  # whoever is killed meanwhile has lost no job
            at_once.multi()
            for job in back:
                name, ids, seconds = str(job.func_name), job.args, int(job.timeout or 300)
                self._discard(job, at_once)
                _call(queue, name, ids, key=job.id, timeout_s=seconds, pipeline=at_once)
            at_once.delete(queue.started_job_registry.key, queue.intermediate_queue_key)
            at_once.execute()
        return len(back)


def _failed(job: Job) -> FailedJob:
    result = job.latest_result()
    lines = ((result and result.exc_string) or "").strip().splitlines()
    return FailedJob(job.id, str(job.func_name).rpartition(".")[2], _aware(job.ended_at), lines[-1] if lines else "")


def _worker(worker: BaseWorker) -> WorkerFigures:
    job = worker.get_current_job()
    doing = str(job.func_name).rpartition(".")[2] if job else None
    return WorkerFigures(worker.name, str(worker.get_state()), doing, _aware(worker.last_heartbeat))


def _aware(moment: datetime | None) -> datetime | None:
    """Return RQ's moment, which is UTC and sometimes doesn't say so."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _call(
    queue: Queue, name: str, ids: Sequence[int], *, key: str, timeout_s: int, pipeline: Pipeline | None = None
) -> None:
    """Queue a function by its full name; in a pipeline it replaces a job with the same key, else it is refused."""
    queue.enqueue_call(
        name,
        args=tuple(ids),
        job_id=key,
        unique=pipeline is None,
        timeout=timeout_s,
        result_ttl=0,
        failure_ttl=_FAILED_KEPT_S,
        pipeline=pipeline,
    )
