"""What `doctor` tells: what runs, where, in which version, and what isn't configured. It starts nothing."""

from __future__ import annotations

import platform
import shutil
import socket
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from rewrapped.embedded import servers
from rewrapped.embedded.locks import FileLock
from rewrapped.embedded.postgres import Postgres
from rewrapped.embedded.supervisor import own_port
from rewrapped.embedded.valkey import Valkey
from rewrapped.errors import RewrappedError
from rewrapped.queueing import RqQueue, make_redis, reaching_redis
from rewrapped.settings import Settings
from rewrapped.storage import database

_LITTLE_ROOM = 1024**3
_NAME_WIDTH = 10

_Told = tuple[list[str], bool]  # lines, and whether all is well


def examine(settings: Settings) -> tuple[list[str], bool]:
    """Return lines for a person, and whether everything that should work does."""
    ours = servers.described(settings.home)
    postgres, postgres_fine = _postgres(settings, ours)
    valkey, valkey_fine = _redis(settings, ours)
    lines = [
        _line("program", f"Music Re-Wrapped {_version()}, Python {platform.python_version()}"),
        _line("site", _site(settings)),
        _line("home", _home(settings.home)),
        *postgres,
        *valkey,
        _line("workers", _workers(settings.home)),
        *_not_configured(settings),
    ]
    return lines, postgres_fine and valkey_fine


def _line(name: str, says: str) -> str:
    return f"{name:<{_NAME_WIDTH}}{says}"


def _version() -> str:
    try:
        return version("music-rewrapped")
    except PackageNotFoundError:
        return "(not installed)"


def _site(settings: Settings) -> str:
    port = own_port(settings.base_url)
    if port is None:
        return f"{settings.base_url}, behind a server of your own"
    with socket.socket() as probe:
        probe.settimeout(1)
        runs = probe.connect_ex(("127.0.0.1", port)) == 0
    return f"{settings.base_url}, {'somebody answers there' if runs else 'not running'}"


def _home(home: Path) -> str:
    if not home.exists():
        return f"{home}, not made yet"
    free = shutil.disk_usage(home).free
    warning = "; that is little" if free < _LITTLE_ROOM else ""
    return f"{home}, {free / 1024**3:,.1f} GB free on its disk{warning}"


def _postgres(settings: Settings, ours: list[servers.Server]) -> _Told:
    given = settings.database_url
    return _server("postgres", given, next((one for one in ours if isinstance(one, Postgres)), None), _postgres_told)


def _redis(settings: Settings, ours: list[servers.Server]) -> _Told:
    given = settings.redis_url
    return _server("redis", given, next((one for one in ours if isinstance(one, Valkey)), None), _redis_told)


def _server(
    name: str, given: SecretStr | None, ours: servers.Server | None, tell: Callable[[str, str], _Told]
) -> _Told:
    """Return what there is to say of a server: somebody else's at the given address, else ours when it runs."""
    if given is not None:
        url, where = given.get_secret_value(), _elsewhere(given.get_secret_value())
    elif ours is not None and ours.pid:
        url, where = ours.url, f"ours, process {ours.pid}, data in {ours.data}"
    else:
        return [_line(name, "ours, not running; it starts with the site")], True
    try:
        return tell(url, where)
    except RewrappedError as error:
        return [_line(name, f"{where}: {error}")], False


def _postgres_told(url: str, where: str) -> _Told:
    engine = database.make_engine(url, pool_size=1)
    try:
        told = database.describe(engine)
    finally:
        engine.dispose()
    fits = f"revision {told.schema.found or 'none yet'}, needed {told.schema.needed}"
    size = f"{told.nbytes / 1024**2:,.0f} MB"
    return [_line("postgres", f"{where}, version {told.version}, {size}"), _line("schema", fits)], told.schema.fits


def _redis_told(url: str, where: str) -> _Told:
    redis = make_redis(url, answer_s=5)
    try:
        with reaching_redis():
            info = redis.info("server")
        figures = RqQueue(redis).figures()
    finally:
        redis.close()
    waiting = ", ".join(
        f"{one.queue} {one.waiting} waiting, {one.running} running, {one.failed} failed" for one in figures
    )
    name = f"Valkey {info['valkey_version']}" if "valkey_version" in info else f"Redis {info['redis_version']}"
    return [_line("redis", f"{where}, {name}"), _line("queues", waiting)], True


def _elsewhere(url: str) -> str:
    """Return where a server of somebody else is, without user and password."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'a socket'}{f':{parts.port}' if parts.port else ''}"


def _workers(home: Path) -> str:
    if not (home / "workers.lock").exists():
        return "none has run here yet"
    lock = FileLock(home / "workers.lock")
    try:
        return "none runs here" if lock.own() else "running"
    finally:
        lock.close()


def _not_configured(settings: Settings) -> list[str]:
    missing = []
    if not (settings.spotify_client_id and settings.spotify_client_secret):
        missing.append("Spotify (SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET): no connecting; imported exports work fully")
    if settings.ticketmaster_api_key is None:
        missing.append("Ticketmaster (TICKETMASTER_API_KEY): none of its concerts")
    if settings.jambase_api_key is None:
        missing.append("JamBase (JAMBASE_API_KEY): none of its concerts")
    if not settings.genres_online:
        missing.append("genres from outside (REWRAPPED_GENRES_ONLINE is off): those of the shipped list alone")
    elif settings.lastfm_api_key is None:
        missing.append("Last.fm (LASTFM_API_KEY): no genres of artists whom MusicBrainz doesn't know")
    if own_port(settings.base_url) is not None:
        missing.append("a public address (REWRAPPED_BASE_URL): only this machine reaches the site")
    return [_line("without", one) for one in missing]
