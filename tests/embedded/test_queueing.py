"""The queue: one piece of work per key, nothing lost, and one sentence when Redis is away."""

from __future__ import annotations

import pytest
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import ConnectionError as Away
from rq import Queue, SimpleWorker, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from rewrapped.errors import InvalidInput, StoreDown
from rewrapped.queueing import QUEUES, RqQueue, make_redis


def work(redis: Redis) -> None:
    """Do all jobs that wait, in this process."""
    SimpleWorker(QUEUES, connection=redis, serializer=JSONSerializer).work(burst=True, logging_level="CRITICAL")


def take_and_die(redis: Redis, queue: str) -> None:
    """Do with the next job what a worker does before it runs it, and no more."""
    worker = Worker([queue], connection=redis, serializer=JSONSerializer)
    worker.register_birth()
    job, _ = worker.dequeue_job_and_maintain_ttl(1)
    worker.prepare_execution(job)
    worker.prepare_job_execution(job)


def test_a_key_waits_only_once(redis: Redis) -> None:
    queue = RqQueue(redis, "builtins")
    assert queue.enqueue("abs", 1, key="one")
    assert not queue.enqueue("abs", 1, key="one")
    assert queue.has("one")
    assert queue.figures()[1].waiting == 1


def test_no_job_goes_without_a_time_of_its_own_or_ours(redis: Redis) -> None:
    queue = RqQueue(redis, "builtins")
    queue.enqueue("abs", 1, key="ours")
    queue.enqueue("abs", 1, key="own", timeout_s=77)
    jobs = [Job.fetch(key, connection=redis, serializer=JSONSerializer) for key in ("ours", "own")]
    assert [job.timeout for job in jobs] == [300, 77]


def test_a_key_is_free_again_once_its_job_is_done(redis: Redis) -> None:
    queue = RqQueue(redis, "builtins")
    queue.enqueue("abs", 1, key="one")
    work(redis)
    assert not queue.has("one")
    assert queue.enqueue("abs", 1, key="one")


def test_a_key_is_free_again_once_its_job_has_failed(redis: Redis) -> None:
    queue = RqQueue(redis, "builtins")
    queue.enqueue("divmod", 1, 0, key="one")
    work(redis)
    assert not queue.has("one")
    assert queue.figures()[1].failed == 1
    assert queue.enqueue("abs", 1, key="one")


def test_a_cancelled_job_never_runs(redis: Redis) -> None:
    queue = RqQueue(redis, "builtins")
    queue.enqueue("abs", 1, key="one")
    queue.cancel("one")
    assert not queue.has("one")
    assert [figures.waiting for figures in queue.figures()] == [0, 0]


def test_cancelling_leaves_a_running_job_alone(redis: Redis) -> None:
    queue = RqQueue(redis, "builtins")
    queue.enqueue("abs", 1, key="one")
    take_and_die(redis, "default")
    queue.cancel("one")
    assert queue.has("one")


def test_jobs_of_dead_workers_come_back_with_their_ids_and_time(redis: Redis) -> None:
    queue = RqQueue(redis, "builtins")
    queue.enqueue("divmod", 7, 2, key="started", queue="imports", timeout_s=77)
    take_and_die(redis, "imports")
    queue.enqueue("abs", 1, key="taken", queue="imports")
    redis.lmove("rq:queue:imports", "rq:queue:imports:intermediate", "LEFT", "RIGHT")
    assert queue.requeue_started() == 2
    assert queue.requeue_started() == 0
    back = Job.fetch("started", connection=redis, serializer=JSONSerializer)
    assert (back.func_name, list(back.args), back.timeout) == ("builtins.divmod", [7, 2], 77)
    assert sorted(Queue("imports", connection=redis).job_ids) == ["started", "taken"]
    work(redis)
    assert not queue.has("started")
    assert not queue.has("taken")


def test_a_started_job_that_is_forgotten_does_not_stop_the_others(redis: Redis) -> None:
    queue = RqQueue(redis, "builtins")
    queue.enqueue("abs", 1, key="gone")
    take_and_die(redis, "default")
    redis.delete("rq:job:gone")
    queue.enqueue("abs", 1, key="there")
    take_and_die(redis, "default")
    assert queue.requeue_started() == 1
    assert queue.has("there")


class CutOff(Pipeline):
    """A pipeline whose sender is killed before it sends."""

    def execute(self, raise_on_error: bool = True) -> list[object]:
        raise Away("killed")


class Dying(Redis):
    """A client that dies at its first pipeline."""

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> CutOff:
        return CutOff(self.connection_pool, self.response_callbacks, transaction, shard_hint)


def test_a_kill_in_the_middle_of_putting_jobs_back_loses_none(redis: Redis) -> None:
    queue = RqQueue(redis, "builtins")
    for key in ("first", "second"):
        queue.enqueue("abs", 1, key=key)
        take_and_die(redis, "default")
    with pytest.raises(StoreDown):
        RqQueue(Dying.from_pool(redis.connection_pool)).requeue_started()
    assert queue.has("first")
    assert queue.has("second")
    assert queue.requeue_started() == 2


@pytest.mark.parametrize("key", ["", "a:b", "a b", "é", "x" * 201, "a\nb"])
def test_a_key_rq_would_refuse_is_refused_before(redis: Redis, key: str) -> None:
    with pytest.raises(InvalidInput):
        RqQueue(redis, "builtins").enqueue("abs", 1, key=key)
    assert redis.dbsize() == 0


def test_a_queue_no_worker_looks_at_is_refused(redis: Redis) -> None:
    with pytest.raises(InvalidInput):
        RqQueue(redis, "builtins").enqueue("abs", 1, key="one", queue="other")


def test_every_question_to_a_redis_that_is_away_is_one_sentence() -> None:
    with make_redis("redis://127.0.0.1:9/0") as away:
        queue = RqQueue(away, "builtins")
        questions = (
            lambda: queue.enqueue("abs", 1, key="one"),
            lambda: queue.has("one"),
            lambda: queue.cancel("one"),
            queue.requeue_started,
            queue.figures,
        )
        for ask in questions:
            with pytest.raises(StoreDown, match="doesn't answer"):
                ask()


def test_a_failed_job_is_listed_with_the_last_line_of_its_error(redis: Redis) -> None:
    queue = RqQueue(redis, "builtins")
    queue.enqueue("divmod", 1, 0, key="one")
    queue.enqueue("abs", 1, key="two")
    work(redis)
    [failed] = queue.list_failed(10)
    assert (failed.key, failed.job) == ("one", "divmod")
    assert failed.error.startswith("ZeroDivisionError")
    assert failed.ended_at is not None
    assert failed.ended_at.tzinfo is not None


def test_workers_are_listed_with_what_they_do(redis: Redis) -> None:
    queue = RqQueue(redis, "builtins")
    assert queue.list_workers() == []
    queue.enqueue("abs", 1, key="one", queue="imports")
    take_and_die(redis, "imports")
    [worker] = queue.list_workers()
    assert worker.job == "abs"
    assert worker.heard_at is not None


@pytest.mark.parametrize("mend", ["drop", "requeue_started"])
def test_a_killed_job_can_be_taken_up_after_its_execution_expired(redis: Redis, mend: str) -> None:
    queue = RqQueue(redis, "builtins")
    queue.enqueue("abs", 1, key="one", queue="imports")
    take_and_die(redis, "imports")
    for key in redis.scan_iter("rq:execution:*"):
        redis.delete(key)  # as it expires a minute before the list of a job's executions
    assert redis.exists("rq:executions:one")
    queue.drop("one") if mend == "drop" else queue.requeue_started()
    assert queue.has("one") == (mend == "requeue_started")
    assert queue.enqueue("abs", 1, key="one", queue="imports") == (mend == "drop")
