"""The schema: migrations and tables say the same; programs that start together migrate once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, text

from rewrapped.embedded.servers import Urls
from rewrapped.errors import SetupError, StoreDown
from rewrapped.storage import database
from rewrapped.storage.tables import metadata
from tests.conftest import truncate_all


def test_migrations_lead_to_exactly_the_tables_the_program_uses(engine: Engine) -> None:
    with engine.connect() as conn:
        context = MigrationContext.configure(
            conn, opts={"compare_type": True, "compare_server_default": True, "target_metadata": metadata}
        )
        assert compare_metadata(context, metadata) == [], "tables.py changed: run `make schema`"


def test_many_programs_that_start_together_migrate_once(servers: Urls, engine: Engine) -> None:
    name = "rewrapped_test_000000000001"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text(f"CREATE DATABASE {name}"))
    try:
        engines = [database.make_engine(servers.database.replace("/rewrapped?", f"/{name}?")) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(database.migrate, engines))
        assert all(database.check(one).fits for one in engines)
        for one in engines:
            one.dispose()
    finally:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def test_a_database_of_a_newer_program_is_refused(engine: Engine) -> None:
    with engine.begin() as conn:
        newest = conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        conn.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    try:
        with pytest.raises(SetupError, match="update it"):
            database.migrate(engine)
    finally:
        with engine.begin() as conn:
            conn.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest})


def test_a_server_that_is_away_is_one_sentence() -> None:
    engine = database.make_engine("postgresql://someone@/nothing?host=/nonexistent")
    with pytest.raises(StoreDown, match="doesn't answer"):
        database.check(engine)


def test_a_statement_the_server_refuses_keeps_its_own_error(engine: Engine) -> None:
    with pytest.raises(Exception, match="no_such_table") as caught, engine.connect() as conn:
        conn.execute(text("SELECT * FROM no_such_table"))
    assert not isinstance(caught.value, StoreDown)


@pytest.mark.parametrize("url", ["mysql://u@h/x", "not an address", "sqlite://"])
def test_an_address_that_is_not_postgres_is_refused(url: str) -> None:
    with pytest.raises(SetupError, match="DATABASE_URL"):
        database.make_engine(url)


def test_only_test_databases_are_ever_emptied(servers: Urls) -> None:
    real = create_engine(servers.database.replace("postgresql://", "postgresql+psycopg2://"))
    with pytest.raises(AssertionError, match="not a test database"):
        truncate_all(real)
    real.dispose()
