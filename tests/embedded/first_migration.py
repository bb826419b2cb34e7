"""Write the first migration anew from tables.py: `make schema`. Only until the first release: later ones are added."""

from __future__ import annotations

import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from rewrapped.embedded.servers import Wanted, running
from rewrapped.storage import database


def write() -> None:
    """Replace versions/0001_first.py by what the tables are now."""
    versions = database._MIGRATIONS / "versions"
    for path in versions.glob("[0-9]*.py"):
        path.unlink()
    with tempfile.TemporaryDirectory() as home, running(Path(home), Wanted(valkey=False, durable=False)) as urls:
        assert urls.database is not None
        engine = database.make_engine(urls.database)
        with engine.connect() as conn:
            _write_revision(conn)
        engine.dispose()


def _write_revision(conn: Connection) -> None:
    config = database._config()
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = conn
    command.revision(config, message="first", rev_id="0001", autogenerate=True)
    for path in (database._MIGRATIONS / "versions").glob("0001*.py"):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if "###" not in line), "utf-8")


if __name__ == "__main__":
    write()
