"""The example of docs/notebook.md, run as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from rewrapped.deps import Deps
from rewrapped.domain.access import Role
from rewrapped.embedded.servers import Urls
from rewrapped.services import importing, operators
from rewrapped.services.accounts import Registration
from tests.exports import extended_row, to_json

CHECKOUT = Path(__file__).resolve().parents[2]
DOCS = CHECKOUT / "docs" / "notebook.md"


def test_the_example_of_the_manual_runs_as_it_stands(
    deps: Deps, database_url: str, servers: Urls, tmp_path: Path
) -> None:
    [example] = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    form = Registration("ann@example.org", "horse lamp river", "Europe/Berlin")
    user_id = operators.add_account(deps, form, Role.REGULAR)
    hours = {"Xenia": (10, 10, 10), "Nadir": (11, 12), "Orla": (13,)}
    rows = [
        extended_row(ts=f"2024-05-{1 + at:02d}T{hour:02d}:30:00Z", master_metadata_album_artist_name=artist)
        for artist, of_artist in hours.items()
        for at, hour in enumerate(of_artist)
    ]
    path = tmp_path / "Streaming_History_Audio_2024_0.json"
    path.write_bytes(to_json([{**row, "spotify_track_uri": f"spotify:track:{n}"} for n, row in enumerate(rows)]))
    importing.import_files(deps, user_id, [path])
    settings = {
        "DATABASE_URL": database_url,
        "REDIS_URL": servers.redis or "",
        "REWRAPPED_HOME": str(tmp_path / "home"),
        "REWRAPPED_SECRET_KEY": "a secret of the tests, 32 bytes!",
        "REWRAPPED_TOKEN_KEYS": "t" * 43 + "=",
    }

    ran = subprocess.run(
        [sys.executable, "-c", example],
        cwd=CHECKOUT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == ["1 Xenia 3", "2 Nadir 2", "3 Orla 1", "12"]  # 10:30 UTC is 12:30 in Berlin
