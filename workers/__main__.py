"""A worker process: `python -m workers`. It runs the jobs of all queues, imports first, and the tick."""

from __future__ import annotations

import logging
import sys

from redis import Redis
from rq import Worker
from rq.serializers import JSONSerializer

from rewrapped import settings
from rewrapped.embedded import processes, supervisor
from rewrapped.embedded.locks import FileLock
from rewrapped.errors import RewrappedError
from rewrapped.queueing import QUEUES, make_redis
from rewrapped.settings import Settings
from workers import jobs, tick

_LOOK_AT_JOB_S = 15  # a job whose worker is gone is found after this and a minute
_MAINTENANCE_S = 60

log = logging.getLogger("workers")


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
    worker = Worker(
        QUEUES,
        connection=redis,
        serializer=JSONSerializer,
        maintenance_interval=_MAINTENANCE_S,
        job_monitoring_interval=_LOOK_AT_JOB_S,
    )
    worker.work(logging_level="INFO")


if __name__ == "__main__":
    sys.exit(main())
