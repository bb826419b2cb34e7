"""Servers of our own: shared, joined after a kill, and never at the cost of a committed row."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import threading
import time
from functools import partial
from pathlib import Path

import psutil
import psycopg2
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from rewrapped.embedded import account
from rewrapped.embedded.home import refuse_full_disk
from rewrapped.embedded.postgres import Postgres
from rewrapped.embedded.servers import Wanted, described, revive, running
from rewrapped.embedded.valkey import Valkey
from rewrapped.errors import SetupError
from tests.embedded.program import USER, a_user, everything_of, kill_everything, leave, run, temporary_home, until

AS_ROOT = os.geteuid() == 0


def pids(home: Path) -> list[int | None]:
    """Return the servers' pids."""
    return [server.pid for server in described(home)]


def counted(url: str) -> int:
    """Return how many rows the table of these tests has."""
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM kept")
            return cursor.fetchone()[0]
    finally:
        connection.close()


def execute(url: str, statement: str) -> None:
    """Run a statement in a transaction of its own."""
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def test_servers_run_while_they_are_used_and_stop_afterwards(home: Path) -> None:
    with running(home) as urls:
        execute(urls.database, "CREATE TABLE kept AS SELECT 1 AS one")
        with Redis.from_url(urls.redis) as redis:
            assert redis.set("a", "b")
        assert all(pids(home))
    assert pids(home) == [None, None]
    assert not everything_of(home)
    with running(home) as urls:
        assert counted(urls.database) == 1
        with Redis.from_url(urls.redis) as redis:
            assert redis.get("a") == b"b"


def test_nothing_listens_on_the_network_but_valkey_with_a_password_on_this_machine(home: Path) -> None:
    with running(home) as urls:
        heard = {}
        for server in described(home):
            listening = [one for one in psutil.Process(server.pid).net_connections("inet") if one.status == "LISTEN"]
            heard[type(server)] = [one.laddr.ip for one in listening]
        assert heard == {Postgres: [], Valkey: ["127.0.0.1"]}
        wrong = "redis://:wrong@" + urls.redis.partition("@")[2]
        with Redis.from_url(wrong) as stranger, pytest.raises(AuthenticationError):
            stranger.ping()
        password = urls.redis.partition(":")[2][3:20]
        assert not any(password in words for words in everything_of(home).values())


def test_the_home_is_its_owners_alone_and_secrets_are_files_only_they_can_read(home: Path) -> None:
    with running(home):
        modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [home, *home.glob("secrets/*")]}
    assert modes.pop(home) == 0o700
    assert len(modes) == 2
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((home / "valkey" / "valkey.conf").stat().st_mode) == 0o600


def test_a_home_at_the_end_of_a_very_long_path_works(home: Path) -> None:
    deep = home / ("a folder with a name of some length/" * 5) / "home"
    with running(deep) as urls:
        assert len(str(deep)) > 107
        execute(urls.database, "SELECT 1")


def test_two_that_start_at_the_same_moment_share_one_pair_of_servers(home: Path) -> None:
    users = [a_user(home) for _ in range(3)]
    assert len({user.stdout.readline() for user in users}) == 1
    first = pids(home)
    leave(users[0])
    leave(users[1])
    assert pids(home) == first
    assert all(first)
    leave(users[2])
    assert pids(home) == [None, None]


def test_servers_left_by_a_killed_process_are_joined_and_stopped_by_the_next(home: Path) -> None:
    user = a_user(home)
    user.stdout.readline()
    before = pids(home)
    user.kill()
    user.communicate()
    with running(home):
        assert pids(home) == before
    assert pids(home) == [None, None]


@pytest.mark.parametrize("moment", range(4))
def test_what_was_committed_survives_when_everything_is_killed(home: Path, moment: int) -> None:
    user = a_user(home)
    url = user.stdout.readline().strip()
    execute(url, "CREATE TABLE kept (n int)")
    committed = 0
    end = time.monotonic() + random.Random(moment).uniform(0.05, 0.6)
    while time.monotonic() < end:
        execute(url, "INSERT INTO kept SELECT generate_series(1, 500)")
        committed += 500
    kill_everything(home)
    user.communicate()
    with running(home) as urls:
        assert counted(urls.database) == committed


def test_a_transaction_under_way_when_everything_is_killed_leaves_nothing(home: Path) -> None:
    user = a_user(home)
    url = user.stdout.readline().strip()
    execute(url, "CREATE TABLE kept (n int)")
    connection = psycopg2.connect(url)
    connection.cursor().execute("INSERT INTO kept SELECT generate_series(1, 100000)")
    kill_everything(home)
    user.communicate()
    connection.close()
    with running(home) as urls:
        assert counted(urls.database) == 0


def test_servers_nobody_uses_any_more_are_not_revived(home: Path) -> None:
    with running(home):
        servers = described(home)
        servers[1].stop()
        revive(home, servers)
        assert all(pids(home))
    revive(home, servers)
    assert pids(home) == [None, None]


def test_a_pid_file_that_names_a_living_stranger_does_not_stop_the_start(home: Path) -> None:
    with running(home):
        server = described(home)[0]
        text = (server.place.data / "postmaster.pid").read_text()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        lines = text.splitlines(keepends=True)
        (server.place.data / "postmaster.pid").write_text("".join([f"{stranger.pid}\n", *lines[1:]]))
        (home / "valkey" / "valkey.pid").write_text(str(stranger.pid))
        with running(home) as urls:
            execute(urls.database, "SELECT 1")
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_killed_server_that_nobody_has_reaped_yet_does_not_stop_the_start(home: Path) -> None:
    starter = a_user(home)
    starter.stdout.readline()
    postmaster = pids(home)[0]
    os.kill(starter.pid, signal.SIGSTOP)  # so that it can't reap its child
    os.kill(postmaster, signal.SIGKILL)
    assert until(lambda: psutil.Process(postmaster).status() == psutil.STATUS_ZOMBIE)
    try:
        with running(home) as urls:
            execute(urls.database, "SELECT 1")
            assert pids(home)[0] not in (None, postmaster)
    finally:
        os.kill(starter.pid, signal.SIGCONT)
        leave(starter)


def test_a_recovery_is_waited_for(home: Path) -> None:
    user = a_user(home)
    url = user.stdout.readline().strip()
    execute(url, "CREATE TABLE kept AS SELECT generate_series(1, 10) AS n")
    execute(url, "CREATE TABLE much AS SELECT n, repeat('x', 100) AS words FROM generate_series(1, 600000) AS n")
    kill_everything(home)
    user.communicate()
    with running(home) as urls:
        assert counted(urls.database) == 10
    assert "automatic recovery in progress" in (home / "logs" / "postgres.log").read_text()


def test_data_of_another_major_version_is_refused_with_what_to_do(home: Path) -> None:
    with running(home):
        data = described(home)[0].place.data
    (data / "PG_VERSION").write_text("15\n")
    with pytest.raises(SetupError, match=r"Postgres 15.*backup FILE.*restore FILE"), running(home):
        pass
    assert pids(home) == [None, None]


def test_a_start_that_fails_leaves_nothing_running(home: Path) -> None:
    with running(home):
        pass
    (home / "valkey" / "appendonlydir" / "appendonly.aof.manifest").write_text("this is no manifest\n")
    with pytest.raises(SetupError, match="Valkey didn't start"), running(home):
        pass
    assert not everything_of(home)


def test_a_start_that_fails_leaves_the_servers_of_another_home_alone(home: Path) -> None:
    with temporary_home() as other, running(other):
        before = pids(other)
        home.mkdir()
        (home / "valkey").mkdir()
        (home / "valkey" / "appendonlydir").mkdir()
        (home / "valkey" / "appendonlydir" / "appendonly.aof.manifest").write_text("this is no manifest\n")
        with pytest.raises(SetupError, match="Valkey didn't start"), running(home):
            pass
        assert not everything_of(home)
        assert pids(other) == before


def test_a_half_made_database_is_made_again(home: Path) -> None:
    (home / "postgres" / "data.new" / "base").mkdir(parents=True)
    (home / "postgres" / "data.new" / "PG_VERSION").write_text("18\n")
    with running(home, Wanted(valkey=False)) as urls:
        execute(urls.database, "SELECT 1")


def test_a_lost_password_file_is_one_sentence(home: Path) -> None:
    with running(home):
        pass
    (home / "secrets" / "postgres").unlink()
    with pytest.raises(SetupError, match=r"password.*secrets/postgres"), running(home):
        pass
    assert not everything_of(home)


def test_a_home_of_somebody_else_is_one_sentence(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    if AS_ROOT:
        os.chown(theirs, 65534, 65534)
    else:
        theirs = Path("/usr")
    with pytest.raises(SetupError, match="belongs to"), running(theirs):
        pass


def test_a_home_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="REWRAPPED_HOME"), running(tmp_path / "file" / "home"):
        pass


def test_a_full_disk_is_told_before_anything_is_made() -> None:
    with pytest.raises(SetupError, match="disk is full"):
        refuse_full_disk(Path("/proc"))


def test_servers_keep_their_place_when_one_of_many_threads_leaves(home: Path) -> None:
    failures = []

    def use() -> None:
        with running(home) as urls:
            for _ in range(3):
                try:
                    execute(urls.database, "SELECT 1")
                except psycopg2.Error as error:
                    failures.append(error)

    with running(home):
        threads = [threading.Thread(target=use) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(pids(home))
    assert failures == []


if AS_ROOT:
    _AS_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    _READING = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")  # Python may be in root's home
    _TRY = USER.replace("sys.stdin.read()", "pass")

    @pytest.mark.usefixtures("reachable")
    def test_an_ordinary_user_needs_nothing_special(home: Path) -> None:
        os.chown(home.parent, 65534, 65534)
        done = run(home, "-c", _TRY, str(home), prefix=(*_AS_NOBODY, *_READING))
        assert done.stdout.startswith("postgresql://"), done.stderr
        assert (home / "postgres" / "data").stat().st_uid == 65534
        assert not everything_of(home)

    @pytest.mark.usefixtures("reachable")
    def test_a_user_without_a_name_is_enough(home: Path) -> None:
        os.chown(home.parent, 54321, 54321)
        nameless = ("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups", *_READING)
        done = run(home, "-c", _TRY, str(home), prefix=nameless)
        assert done.stdout.startswith("postgresql://"), done.stderr

    @pytest.mark.usefixtures("reachable")
    @pytest.mark.parametrize("name", ["in_user_namespace", "as_nobody", "elsewhere"])
    def test_every_way_past_the_refusal_of_root_works(home: Path, name: str) -> None:
        home.parent.chmod(0o711)
        way = getattr(account, name)
        wanted = Wanted(
            valkey=False, ways=(partial(way, root=home.parent / "elsewhere") if name == "elsewhere" else way,)
        )
        for rows in (1, 2):
            with running(home, wanted) as urls:
                execute(urls.database, "CREATE TABLE IF NOT EXISTS kept (n int)")
                execute(urls.database, "INSERT INTO kept VALUES (1)")
                assert counted(urls.database) == rows
        assert not (home.parent / "elsewhere").exists() or name == "elsewhere"

    @pytest.mark.usefixtures("reachable")
    def test_data_made_in_one_way_is_found_by_another(home: Path) -> None:
        home.parent.chmod(0o711)
        for way in (account.in_user_namespace, account.as_nobody, account.in_user_namespace):
            with running(home, Wanted(valkey=False, ways=(way,))) as urls:
                execute(urls.database, "CREATE TABLE IF NOT EXISTS kept (n int)")
                execute(urls.database, "INSERT INTO kept VALUES (1)")
        with running(home, Wanted(valkey=False)) as urls:
            assert counted(urls.database) == 3

    def test_a_disk_that_fills_up_is_one_sentence_and_costs_no_committed_row(home: Path) -> None:
        home.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=420m", "tmpfs", str(home)], check=True)
        try:
            with running(home) as urls:
                execute(urls.database, "CREATE TABLE kept AS SELECT 1 AS one")
            (home / "filler").write_bytes(b"x" * (os.statvfs(home).f_bavail * os.statvfs(home).f_frsize))
            with pytest.raises(SetupError, match="disk is full"), running(home):
                pass
            assert not everything_of(home)
            (home / "filler").unlink()
            with running(home) as urls:
                assert counted(urls.database) == 1
        finally:
            kill_everything(home)
            subprocess.run(["umount", str(home)], check=True)
