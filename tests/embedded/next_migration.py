"""Write the next migration from what tables.py says now: `make schema NAME=what_changes`. Read it afterwards."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from rewrapped.embedded.servers import Wanted, running
from rewrapped.storage import database


def write(name: str) -> None:
    """Add versions/NNNN_name.py, which leads from the last migration to the tables as they are now."""
    with tempfile.TemporaryDirectory() as home, running(Path(home), Wanted(valkey=False, durable=False)) as urls:
        assert urls.database is not None
        engine = database.make_engine(urls.database)
        database.migrate(engine)
        with engine.connect() as conn:
            _write_revision(conn, name)
        engine.dispose()


def _write_revision(conn: Connection, name: str) -> None:
    number = len(list((database._MIGRATIONS / "versions").glob("[0-9]*.py"))) + 1
    config = database._config()
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = conn
    command.revision(config, message=name, rev_id=f"{number:04d}", autogenerate=True)
    for path in (database._MIGRATIONS / "versions").glob(f"{number:04d}*.py"):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if "###" not in line), "utf-8")


if __name__ == "__main__":
    write(sys.argv[1])
