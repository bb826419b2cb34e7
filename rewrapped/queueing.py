"""Background jobs on RQ: named by string, so that whoever queues imports none of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from redis import Redis
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisSlow
from rq import Queue
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer
from rq.utils import as_text

from rewrapped.errors import InvalidInput, StoreDown

#: In the order in which a worker looks at them.
QUEUES = ("imports", "default")

_FAILED_KEPT_S = 300
_OPEN = frozenset({JobStatus.QUEUED, JobStatus.STARTED, JobStatus.DEFERRED, JobStatus.SCHEDULED, JobStatus.CREATED})
_KEY = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)


@contextmanager
def reaching_redis() -> Iterator[None]:
    """Tell troubles of reaching Redis as StoreDown.

    Raises:
        StoreDown: Redis doesn't answer, or doesn't take writes.
    """
    try:
        yield
    except (RedisAway, RedisSlow, RedisError) as error:
        raise StoreDown("The queue doesn't answer just now. Please try again in a moment.") from error


class RqQueue:
    """The queue of background jobs. A key names one piece of work: it waits or runs at most once at a time."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def enqueue(self, job: str, *ids: int, key: str, queue: str = "default", timeout_s: int = 300) -> bool:
        """Queue `workers.jobs.<job>` with ids unless one with this key waits or runs; return whether it was queued.

        Raises:
            InvalidInput: the key has other signs than letters, digits, `-` and `_`, or there is no such queue.
            StoreDown: Redis doesn't answer.
        """
        if not _KEY.fullmatch(key) or queue not in QUEUES:
            raise InvalidInput(f"A job can't be called {key!r} in a queue called {queue!r}.")
        with reaching_redis():
            self._forget_ended(key)
            try:
                self._queue(queue).enqueue_call(
                    job if "." in job else f"workers.jobs.{job}",
                    args=ids,
                    job_id=key,
                    unique=True,
                    timeout=timeout_s,
                    result_ttl=0,
                    failure_ttl=_FAILED_KEPT_S,
                )
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
                job.delete()

    def requeue_started(self) -> int:
        """Put back every job that is marked as running; return how many. Only while no worker lives.

        Raises:
            StoreDown: Redis doesn't answer.
        """
        with reaching_redis():
            return sum(self._requeue(self._queue(name)) for name in QUEUES)

    def figures(self) -> Sequence[dict[str, int | str]]:
        """Return waiting, running and failed counts per queue.

        Raises:
            StoreDown: Redis doesn't answer.
        """
        with reaching_redis():
            return [self._figures(self._queue(name)) for name in QUEUES]

    def _figures(self, queue: Queue) -> dict[str, int | str]:
        return {
            "queue": queue.name,
            "waiting": queue.count,
            "running": queue.started_job_registry.get_job_count(cleanup=False),
            "failed": queue.failed_job_registry.get_job_count(cleanup=False),
        }

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
            job.delete()

    def _requeue(self, queue: Queue) -> int:
        running = queue.started_job_registry.get_job_ids(cleanup=False)
        taken = [as_text(name) for name in self._redis.lrange(queue.intermediate_queue_key, 0, -1)]
        back = [job for key in dict.fromkeys([*running, *taken]) if (job := self._find(key)) is not None]
        for job in back:
            name, ids, seconds = job.func_name, job.args, int(job.timeout or 300)
            job.delete()
            self.enqueue(str(name), *ids, key=job.id, queue=queue.name, timeout_s=seconds)
        self._redis.delete(queue.started_job_registry.key, queue.intermediate_queue_key)
        return len(back)
