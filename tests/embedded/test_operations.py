"""The operator's commands: exit codes, one sentence for every refusal, and backups that come back whole."""

from __future__ import annotations

import shlex
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest
from redis import Redis

from rewrapped.embedded import binaries
from rewrapped.embedded.servers import described, running
from rewrapped.storage import database
from tests.embedded.program import a_user, environment, everything_of, leave, run, until

COMMAND = ("-m", "rewrapped")


def ask(home: Path, statement: str) -> list[tuple[object, ...]]:
    """Run a statement on a home's database, with the schema in it."""
    with running(home) as urls:
        engine = database.make_engine(urls.database)
        database.migrate(engine)
        engine.dispose()
        connection = psycopg2.connect(urls.database)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


def add_person(home: Path, email: str) -> None:
    """Put somebody into the database."""
    ask(home, f"INSERT INTO users (email, role) VALUES ('{email}', 'regular')")


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one sentence of a refusal."""
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("words", [(), ("nonsense",), ("backup",), ("restore", "a", "b")])
def test_a_call_that_is_not_understood_is_told_how_with_code_2(home: Path, words: tuple[str, ...]) -> None:
    done = run(home, *COMMAND, *words)
    assert done.returncode == 2
    assert done.stderr.startswith("usage:")
    assert not home.exists()


def test_env_prints_addresses_that_other_programs_take(home: Path) -> None:
    with running(home):
        done = run(home, *COMMAND, "env")
        assert done.returncode == 0, done.stderr
        psql = str(binaries.find_postgres_tool("psql"))
        script = 'eval "$1"; "$2" "$DATABASE_URL" -Atc "SELECT 6 * 7"; echo "$REDIS_URL"'
        said = subprocess.run(["sh", "-c", script, "sh", done.stdout, psql], capture_output=True, text=True, check=True)
    answer, redis_url = said.stdout.split()
    assert answer == "42"
    assert redis_url.startswith("redis://:")


def test_env_passes_on_addresses_of_somebody_else_without_our_drivers_name(home: Path) -> None:
    theirs = environment(home) | {"DATABASE_URL": "postgresql+psycopg2://u:p%27@h/d", "REDIS_URL": "redis://h/1"}
    done = subprocess.run([sys.executable, *COMMAND, "env"], env=theirs, capture_output=True, text=True, check=True)
    assert shlex.split(done.stdout) == ["export", "DATABASE_URL=postgresql://u:p%27@h/d", "REDIS_URL=redis://h/1"]
    assert not home.exists()


def test_env_and_doctor_start_nothing(home: Path) -> None:
    assert "aren't running" in refused(run(home, *COMMAND, "env"))
    done = run(home, *COMMAND, "doctor")
    assert done.returncode == 0
    assert "not running" in done.stdout
    assert not home.exists()


def test_doctor_tells_what_runs_and_shows_no_secret(home: Path) -> None:
    with running(home) as urls:
        [(newest,)] = ask(home, "SELECT version_num FROM alembic_version")
        done = run(home, *COMMAND, "doctor")
        pids = [str(server.pid) for server in described(home)]
    assert done.returncode == 0, done.stdout
    assert all(pid in done.stdout for pid in pids)
    for word in ("version 18", "Valkey", f"revision {newest}, needed {newest}", "GB free", "SPOTIFY_CLIENT_ID"):
        assert word in done.stdout
    secrets = [path.read_text() for path in home.glob("secrets/*")]
    assert not any(secret in done.stdout for secret in secrets)
    assert urls.database not in done.stdout


def test_doctor_says_which_of_somebody_elses_servers_is_away_and_fails(home: Path) -> None:
    away = {"DATABASE_URL": "postgresql://someone:secret@127.0.0.1:9/x", "REDIS_URL": "redis://:secret@127.0.0.1:9/0"}
    done = subprocess.run(
        [sys.executable, *COMMAND, "doctor"], env=environment(home) | away, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout.count("doesn't answer") == 2
    assert "secret" not in done.stdout


def test_a_backup_brings_everybody_back(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.backup"
    add_person(home, "first@example.org")
    done = run(home, *COMMAND, "backup", str(file))
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    add_person(home, "second@example.org")
    (home / "cache" / "stale").touch()

    assert "--force" in refused(run(home, *COMMAND, "restore", str(file)))
    assert len(ask(home, "SELECT * FROM users")) == 2
    assert run(home, *COMMAND, "restore", "--force", str(file)).returncode == 0
    assert ask(home, "SELECT email FROM users") == [("first@example.org",)]
    assert not list((home / "cache").iterdir())
    assert not everything_of(home)


def test_a_backup_can_be_read_into_another_installation(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.backup"
    add_person(home, "first@example.org")
    assert run(home, *COMMAND, "backup", str(file)).returncode == 0
    other = home.with_name("other")
    assert run(other, *COMMAND, "restore", str(file)).returncode == 0
    assert ask(other, "SELECT email FROM users") == [("first@example.org",)]
    add_person(other, "next@example.org")


def test_a_backup_never_replaces_a_file(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "precious"
    file.write_text("mine")
    assert "there already" in refused(run(home, *COMMAND, "backup", str(file)))
    assert file.read_text() == "mine"


def test_a_backup_into_no_folder_is_refused_and_starts_nothing(home: Path, tmp_path: Path) -> None:
    refused(run(home, *COMMAND, "backup", str(tmp_path / "nowhere" / "file")))
    assert not home.exists()


@pytest.mark.parametrize("content", [b"", b"hello", b"PGDMP\x01\x10garbage" * 50])
def test_what_is_no_backup_changes_nothing(home: Path, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    add_person(home, "first@example.org")
    refused(run(home, *COMMAND, "restore", "--force", str(file)))
    assert len(ask(home, "SELECT * FROM users")) == 1


def test_a_missing_file_is_one_sentence(home: Path, tmp_path: Path) -> None:
    assert "No such file" in refused(run(home, *COMMAND, "restore", str(tmp_path / "nothing")))


def test_nothing_is_restored_under_a_running_site(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.backup"
    assert run(home, *COMMAND, "backup", str(file)).returncode == 0
    with running(home) as urls:
        assert "stop it first" in refused(run(home, *COMMAND, "restore", str(file)))
        with Redis.from_url(urls.redis) as redis:
            assert redis.ping()


def test_a_site_that_starts_during_a_restore_waits_until_it_is_done(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.backup"
    add_person(home, "first@example.org")
    assert run(home, *COMMAND, "backup", str(file)).returncode == 0
    add_person(home, "second@example.org")
    starter = a_user(home)  # leaves servers behind, so that a table can be held while a restore begins
    url = starter.stdout.readline().strip()
    starter.kill()
    starter.communicate()
    holder = psycopg2.connect(url)
    holder.cursor().execute("LOCK TABLE users")
    restoring = subprocess.Popen([sys.executable, *COMMAND, "restore", "--force", str(file)], env=environment(home))
    assert until(lambda: waits_for_a_table(url))
    late = a_user(home)
    assert until(lambda: waits_to_start(late, home))
    holder.close()
    assert restoring.wait(60) == 0
    url = late.stdout.readline().strip()
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT email FROM users")
        assert cursor.fetchall() == [("first@example.org",)]
    leave(late)


def waits_for_a_table(url: str) -> bool:
    """Return whether somebody waits for a lock in the database."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone() != (0,)


def waits_to_start(user: subprocess.Popen[str], home: Path) -> bool:
    """Return whether a process is about to start the servers of a home."""
    return str(home / "start.lock") in {file.path for file in psutil.Process(user.pid).open_files()}


def test_a_setting_that_cannot_be_used_is_one_sentence_without_its_value(home: Path) -> None:
    bad = environment(home) | {"REWRAPPED_SECRET_KEY": "tooshort"}
    done = subprocess.run([sys.executable, *COMMAND, "doctor"], env=bad, capture_output=True, text=True, check=False)
    assert "secret_key" in refused(done).lower()
    assert "tooshort" not in done.stderr


def test_servers_of_somebody_else_need_keys_of_their_own(home: Path, tmp_path: Path) -> None:
    theirs = environment(home) | {"DATABASE_URL": "postgresql://u@127.0.0.1:9/d", "REDIS_URL": "redis://127.0.0.1:9"}
    done = subprocess.run(
        [sys.executable, *COMMAND, "backup", str(tmp_path / "b")],
        env=theirs,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "REWRAPPED_SECRET_KEY and REWRAPPED_TOKEN_KEYS" in refused(done)
