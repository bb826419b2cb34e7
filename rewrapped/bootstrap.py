"""From settings to Deps: the one place where engine, Redis, queue and stores are put together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

from rewrapped import __version__
from rewrapped.clients import jambase, lastfm, listenbrainz, listens, musicbrainz, spotify, ticketmaster
from rewrapped.clients.answers import RedisAnswers
from rewrapped.clients.http import Surroundings
from rewrapped.clients.turns import RedisTurns
from rewrapped.deps import Deps, EventClient, GenreSources, ListenSource, Site, utc_now
from rewrapped.domain.events import EventSource
from rewrapped.domain.plays import Source
from rewrapped.embedded.supervisor import address, connected, migrate
from rewrapped.errors import SetupError
from rewrapped.history.store import Histories
from rewrapped.queueing import RqQueue, make_redis
from rewrapped.services import calls, sealing
from rewrapped.settings import Settings, is_loopback
from rewrapped.signals import RedisSignals
from rewrapped.storage import database


def build(settings: Settings) -> Deps:
    """Return what services need; nothing is started and nothing is connected to yet.

    The settings have to be complete: `embedded.supervisor.attached` and
    `connected` hand over such.

    Raises:
        SetupError: an address can't be read, or one is missing.
    """
    redis = make_redis(address(settings.redis_url), answer_s=3)  # somebody waits
    engine = database.make_engine(address(settings.database_url))
    around = Surroundings(calls.recorder(engine, utc_now), utc_now, RedisAnswers(redis))
    return Deps(
        engine=engine,
        redis=redis,
        queue=RqQueue(redis),
        signals=RedisSignals(redis),
        histories=Histories(),
        site=_site(settings),
        event_clients=_event_clients(settings, around),
        listen_sources=_listen_sources(settings, replace(around, turns=RedisTurns(redis))),
        genre_sources=_genre_sources(settings, replace(around, turns=RedisTurns(redis))),
        spotify=_spotify(settings, around),
    )


def close(deps: Deps) -> None:
    """Let go of every connection."""
    deps.signals.close()
    for client in deps.event_clients.values():
        client.close()
    for source in deps.listen_sources.values():
        source.close()
    if deps.genre_sources is not None:
        deps.genre_sources.close()
    if deps.spotify is not None:
        deps.spotify.close()
    deps.engine.dispose()
    deps.redis.close()


@contextmanager
def opened(settings: Settings) -> Iterator[Deps]:
    """Hand over Deps with servers running and the schema current: what a terminal command and a worker need.

    Raises:
        SetupError: the servers can't run here, or a needed setting is missing.
        StoreDown: a database of somebody else doesn't answer.
    """
    with connected(settings) as complete:
        migrate(complete)
        deps = build(complete)
        try:
            yield deps
        finally:
            close(deps)


def _site(settings: Settings) -> Site:
    if settings.secret_key is None or settings.token_keys is None:
        raise SetupError("REWRAPPED_SECRET_KEY or REWRAPPED_TOKEN_KEYS is missing.")
    token_keys = settings.token_keys.get_secret_value()
    sealing.check(token_keys)
    for folder in (settings.uploads, settings.home / "cache"):
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise SetupError(
                f"{folder} can't be made ({error.strerror}); set REWRAPPED_HOME to a folder of your own."
            ) from error
    return Site(
        base_url=settings.base_url,
        product_name=settings.product_name,
        registration=settings.registration,
        secret_key=settings.secret_key.get_secret_value().encode(),
        uploads=settings.uploads,
        cache=settings.home / "cache",
        upload_limit_bytes=settings.upload_limit_bytes,
        is_local=is_loopback(urlsplit(settings.base_url).netloc),
        token_keys=token_keys,
    )


def _event_clients(settings: Settings, around: Surroundings) -> dict[EventSource, EventClient]:
    """Return a client for each source of events that there is a key for."""
    clients: dict[EventSource, EventClient] = {}
    if settings.ticketmaster_api_key:
        service = ticketmaster.v2(settings.ticketmaster_api_key.get_secret_value(), settings.ticketmaster_url)
        clients[EventSource.TICKETMASTER] = ticketmaster.Ticketmaster(service, around)
    if settings.jambase_api_key:
        key = settings.jambase_api_key.get_secret_value()
        is_old = settings.jambase_version == "v1"
        service = jambase.v1(key, settings.jambase_v1_url) if is_old else jambase.v3(key, settings.jambase_url)
        clients[EventSource.JAMBASE] = jambase.JamBase(service, around)
    return clients


def _listen_sources(settings: Settings, around: Surroundings) -> dict[Source, ListenSource]:
    """Return a client for each service that people's listens can be asked of."""
    around = replace(around, user_agent=_user_agent(settings))
    service = listens.listenbrainz(settings.listenbrainz_url)
    clients: dict[Source, ListenSource] = {Source.LISTENBRAINZ: listens.ListenBrainzListens(service, around)}
    if settings.lastfm_api_key:
        service = listens.lastfm(settings.lastfm_api_key.get_secret_value(), settings.lastfm_url)
        clients[Source.LASTFM] = listens.LastFmListens(service, around)
    return clients


def _genre_sources(settings: Settings, around: Surroundings) -> GenreSources | None:
    """Return whom artists' genres are learned from, None where that is switched off."""
    if not settings.genres_online:
        return None
    around = replace(around, user_agent=_user_agent(settings))
    key = settings.lastfm_api_key
    return GenreSources(
        musicbrainz=musicbrainz.MusicBrainz(musicbrainz.service(settings.musicbrainz_url), around),
        listenbrainz=listenbrainz.ListenBrainz(listenbrainz.service(settings.listenbrainz_url), around),
        lastfm=lastfm.LastFm(lastfm.service(key.get_secret_value(), settings.lastfm_url), around) if key else None,
    )


def _spotify(settings: Settings, around: Surroundings) -> spotify.Spotify | None:
    """Return Spotify, None where there is no client id for it."""
    if not settings.spotify_client_id:
        return None
    secret = settings.spotify_client_secret.get_secret_value() if settings.spotify_client_secret else None
    service = spotify.Service(
        settings.spotify_client_id, secret, settings.spotify_api_url, settings.spotify_accounts_url
    )
    return spotify.Spotify(service, around)


def _user_agent(settings: Settings) -> str:
    """Return who asks, in the form MusicBrainz wants: a name, a version, and where to turn to."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", settings.product_name).strip("-") or "Music-Re-Wrapped"
    return f"{name}/{__version__} ( {re.sub(r'[^!-~]', '', settings.base_url)} )"
