"""`make demo-spotify`: a site beside an invented Spotify, to try what needs keys of the real one without any.

The invented one runs on this machine alone, keeps the real one's rules, and asks who is signing in. Its listeners
play on: a track ends every three minutes.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.simulators.server import serving
from tests.simulators.spotify import Played, SpotifySimulator

PORT = 8520
_CHECKOUT = Path(__file__).resolve().parents[2]
_AHEAD = timedelta(hours=6)  # plays to come, unknown until they end


def evening(seed: int, artists: tuple[str, ...]) -> list[Played]:
    """Return invented plays of the last hours and of those to come."""
    chance, now = random.Random(seed), datetime.now(UTC).replace(microsecond=0)
    songs = [
        (f"{word} {number}", artist) for artist in artists for number, word in enumerate(("Harbour", "Low Sun"), 1)
    ]
    count = int((_AHEAD * 2) / timedelta(minutes=3))
    ends = [now - _AHEAD + timedelta(minutes=3) * number for number in range(count)]
    return [Played(*chance.choice(songs), end, known_at=end) for end in ends]


def main() -> int:
    """Run both until Ctrl-C; return the site's exit code."""
    base_url = os.environ.get("REWRAPPED_BASE_URL", "http://127.0.0.1:8501")
    simulator = SpotifySimulator(f"{base_url}/auth/spotify/callback")
    simulator.is_asking = True
    simulator.add("mira", *evening(1, ("Paper Lanterns", "Noor Almasi", "The Long Tide")))
    simulator.add("jon", *evening(2, ("Kite Weather", "Salt & Signal")), name="Jon")
    simulator.add("lena", name="Lena, who isn't on the list", is_listed=False)
    with serving(simulator, PORT):
        home = os.environ.get("REWRAPPED_HOME", str(_CHECKOUT / ".rewrapped-demo-spotify"))
        environment = {**os.environ, **simulator.settings(), "REWRAPPED_HOME": home}
        site = subprocess.Popen([sys.executable, "-m", "rewrapped", "serve"], cwd=_CHECKOUT, env=environment)
        signal.signal(signal.SIGTERM, lambda *_: site.terminate())
        try:
            return site.wait()
        except KeyboardInterrupt:  # which the site got, too
            return site.wait()


if __name__ == "__main__":
    sys.exit(main())
