"""A worker process: `python -m workers`. It runs the jobs of all queues, imports first, and the tick."""

from __future__ import annotations

import logging
import sys
from threading import Thread

from redis import Redis
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from rewrapped import settings
from rewrapped.domain.jobs import HEARD_EVERY
from rewrapped.embedded import processes, supervisor
from rewrapped.embedded.locks import FileLock
from rewrapped.errors import RewrappedError
from rewrapped.queueing import QUEUES, make_redis
from rewrapped.settings import Settings
from workers import jobs, tick

_LOOK_AT_JOB_S = 15  # a job whose worker is gone is found after this and a minute
_MAINTENANCE_S = 60
_WAIT_ENDS_S = 15  # before a worker would count as gone, it stops waiting for work and shows that it lives

log = logging.getLogger("workers")


class _Worker(Worker):
    """A worker that excuses the job it is in the middle of when it is asked to stop."""

    _job: Job | None = None

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Remember what is being done, and do it."""
        self._job = job
        super().execute_job(job, queue)
        self._job = None

    def handle_warm_shutdown_request(self) -> None:
        """Excuse the job in a thread: this is a signal's handler, and the database may take its time."""
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]
        if self._job is not None:
            Thread(target=jobs.excuse, args=(self._job.func_name, self._job.args), name="excuse").start()


def main() -> int:
    """Work until asked to stop; return the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        read = settings.load()
        with supervisor.connected(read) as complete:
            supervisor.migrate(complete)
            _run(complete, beside_site=read.embedded_redis)
    except RewrappedError as error:
        log.error("%s", error)  # noqa: TRY400 - one sentence is all there is to say
        return 1
    return 0


def _run(complete: Settings, *, beside_site: bool) -> None:
    here = FileLock(complete.home / "workers.lock") if beside_site else None
    jobs.use(complete)
    redis = make_redis(supervisor.address(complete.redis_url))
    try:
        if here is not None:
            processes.wait_until(here.share, 10)
        with tick.running(jobs.deps()):
            _work(redis)
    finally:
        redis.close()
        if here is not None:
            here.close()


def _work(redis: Redis) -> None:
    worker = _Worker(
        QUEUES,
        connection=redis,
        serializer=JSONSerializer,
        worker_ttl=int(HEARD_EVERY.total_seconds()) + _WAIT_ENDS_S,
        maintenance_interval=_MAINTENANCE_S,
        job_monitoring_interval=_LOOK_AT_JOB_S,
    )
    worker.work(logging_level="INFO")


if __name__ == "__main__":
    sys.exit(main())
