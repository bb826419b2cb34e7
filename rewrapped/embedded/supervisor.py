"""Everything one machine runs: servers that are ours, a current schema, workers, and the site.

`attached` is what the site's own start uses, and `serve` is `attached` with
the site as one more child: `make run` and `streamlit run app.py` share it.
"""

from __future__ import annotations

import base64
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from pydantic import SecretStr

from rewrapped.embedded import home, processes, servers
from rewrapped.embedded.crew import Crew, Tether, stop_processes
from rewrapped.errors import SetupError
from rewrapped.settings import CHECKOUT, Settings, is_loopback
from rewrapped.storage import database

_SITE_STOP_S = 4.0
_STEADY_S = 10.0
_DEFAULT_PORT = 8501


@contextmanager
def connected(settings: Settings, *, alone: bool = False) -> Iterator[Settings]:
    """Start or join the servers that are ours; hand over settings in which no address and no key is missing.

    For the terminal and for workers: it starts no worker and changes no schema.
    `alone`: nobody else uses them meanwhile, and who starts them waits.

    Raises:
        SetupError: they can't run here, or a needed setting is missing.
        Conflict: somebody uses them already, and `alone` is asked for.
    """
    wanted = _wanted(settings)
    if not (wanted.postgres or wanted.valkey):
        yield _with_keys(settings)
        return
    with (servers.running_alone if alone else servers.running)(settings.home, wanted) as urls:
        addresses = {"database_url": urls.database, "redis_url": urls.redis}
        found = {name: SecretStr(url) for name, url in addresses.items() if url is not None}
        yield _with_keys(settings).model_copy(update={**found, "home": settings.home.resolve()})


@contextmanager
def attached(settings: Settings, *, workers: bool | None = None) -> Iterator[Settings]:
    """Do as `connected`, bring the schema up to date, and keep two workers.

    `workers` None: keep them when Redis is ours; a fleet runs its own.

    Raises:
        SetupError: it can't run here; the text says why.
        StoreDown: a database of somebody else doesn't answer.
    """
    with connected(settings) as complete:
        migrate(complete)
        if not (settings.embedded_redis if workers is None else workers):
            yield complete
            return
        crew = _crew(settings, complete)
        crew.start()
        try:
            yield complete
        finally:
            crew.stop()


def _crew(settings: Settings, complete: Settings) -> Crew:
    folder = home.prepare(complete.home)
    ours = servers.described(folder, _wanted(settings))
    return Crew(
        folder,
        address(complete.redis_url),
        revive=lambda: servers.revive(folder, ours),
        requeue=settings.embedded_redis,
    )


def _wanted(settings: Settings) -> servers.Wanted:
    return servers.Wanted(postgres=settings.embedded_postgres, valkey=settings.embedded_redis)


def migrate(complete: Settings) -> None:
    """Bring the database to the schema of this program."""
    engine = database.make_engine(address(complete.database_url), pool_size=1)
    try:
        database.migrate(engine)
    finally:
        engine.dispose()


def address(url: SecretStr | None) -> str:
    """Return an address that `connected` has filled in."""
    if url is None:
        raise SetupError("DATABASE_URL and REDIS_URL are known only while the servers run.")
    return url.get_secret_value()


def site_command(settings: Settings) -> list[str]:
    """Return the module and arguments that run the site."""
    port = own_port(settings.base_url)
    return ["streamlit", "run", str(CHECKOUT / "app.py"), *(["--server.port", str(port)] if port else [])]


def serve(settings: Settings, site: Sequence[str] = ()) -> int:
    """Run everything until Ctrl-C or SIGTERM; return the exit code. `site` is a module and its arguments.

    Raises:
        SetupError: it can't run here, or the site doesn't stay up.
    """
    refuse_taken_port(settings)
    _stop_on_signals()
    try:
        with attached(settings, workers=True) as complete:
            print(f"{settings.product_name}: {settings.base_url} (Ctrl-C stops it)", flush=True)
            _run_site(complete.home, site or site_command(settings))
    except KeyboardInterrupt:
        return 0
    return 0


def _run_site(folder: Path, site: Sequence[str]) -> None:
    """Keep the site running; returns only by an exception."""
    tether = Tether()
    pid = 0
    try:
        while True:
            since = time.monotonic()
            pid = tether.start(*site, home=folder)
            while processes.lives(pid):
                time.sleep(0.2)
            if time.monotonic() - since < _STEADY_S:
                raise SetupError("The site stopped right after its start; what it printed says why.")
    finally:
        _ignore_signals()  # stopping is under way, and isn't to be stopped
        stop_processes([pid] if pid else [], _SITE_STOP_S)
        tether.close()


def own_port(base_url: str) -> int | None:
    """Return the port we listen on: that of an address on this machine, None behind somebody else's name."""
    parts = urlsplit(base_url)
    if not is_loopback(parts.netloc):
        return None
    return parts.port or (80 if parts.scheme == "http" else _DEFAULT_PORT)


def refuse_taken_port(settings: Settings) -> None:
    """Check that nobody listens where the site will.

    Raises:
        SetupError: somebody does. No other port is taken instead: sign-in addresses are exact.
    """
    port = own_port(settings.base_url) or _DEFAULT_PORT
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise SetupError(f"Only root may listen on port {port}: set REWRAPPED_BASE_URL to another one.") from error
        except OSError as error:
            raise SetupError(
                f"Port {port} is taken: stop what uses it, or set REWRAPPED_BASE_URL to an address with another port "
                f"(http://127.0.0.1:{port + 1})."
            ) from error


def _with_keys(settings: Settings) -> Settings:
    """Fill in keys that are missing: made and kept in the home while a server is ours, required otherwise."""
    missing = [name for name in ("secret_key", "token_keys") if getattr(settings, name) is None]
    if not missing:
        return settings
    if not (settings.embedded_postgres or settings.embedded_redis):
        names = " and ".join(f"REWRAPPED_{name.upper()}" for name in missing)
        raise SetupError(f"Set {names} too: with a database and a Redis of your own no key is made for you.")
    folder = home.prepare(settings.home)
    made = {name: home.secret(folder, name) for name in missing}
    if "token_keys" in made:
        made["token_keys"] = base64.urlsafe_b64encode(bytes.fromhex(made["token_keys"])).decode()
    return settings.model_copy(update={name: SecretStr(value) for name, value in made.items()})


def _stop_on_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    _ignore_signals()
    raise KeyboardInterrupt
