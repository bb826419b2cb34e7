"""The only reader of the environment and of .streamlit/secrets.toml; names are the design's, section 9."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from rewrapped.errors import SetupError

CHECKOUT = Path(__file__).resolve().parent.parent
_NEAR = re.compile(r"(localhost|[0-9.]+|\[[0-9a-f:.]+\])(:[0-9]+)?", re.ASCII | re.IGNORECASE)


class _SecretsToml(PydanticBaseSettingsSource):
    """Top-level keys of .streamlit/secrets.toml, as Streamlit hosting writes them."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 - pydantic's
        """Not used: `__call__` reads all fields at once."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return the values found, keyed by field name."""
        path = CHECKOUT / ".streamlit" / "secrets.toml"
        try:
            found = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SetupError(f"{path} can't be read: {error}") from error
        names = {_outside(name): name for name in self.settings_cls.model_fields}
        return {names[key.upper()]: value for key, value in found.items() if key.upper() in names}


class Settings(BaseSettings):
    """Everything the process reads from outside; all optional, the defaults run everything."""

    model_config = SettingsConfigDict(
        env_prefix="REWRAPPED_", frozen=True, extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    database_url: SecretStr | None = Field(None, validation_alias="DATABASE_URL")  # None: embedded
    redis_url: SecretStr | None = Field(None, validation_alias="REDIS_URL")  # None: embedded

    home: Path = CHECKOUT / ".rewrapped"
    upload_dir: Path | None = None  # None: inside home
    upload_limit_bytes: int = Field(1024**3, ge=1024)
    base_url: str = "http://127.0.0.1:8501"
    secret_key: SecretStr | None = Field(None, min_length=32)  # None: generated into home in embedded mode
    token_keys: SecretStr | None = None  # several keys, comma-separated, newest first
    registration: Literal["open", "invite", "closed"] = "open"
    trusted_proxies: str = ""
    product_name: str = "Music Re-Wrapped"

    spotify_client_id: str | None = Field(None, validation_alias="SPOTIFY_CLIENT_ID")
    spotify_client_secret: SecretStr | None = Field(None, validation_alias="SPOTIFY_CLIENT_SECRET")
    spotify_api_url: str = "https://api.spotify.com/v1"
    spotify_accounts_url: str = "https://accounts.spotify.com"

    ticketmaster_api_key: SecretStr | None = Field(None, validation_alias="TICKETMASTER_API_KEY")  # None: not asked
    jambase_api_key: SecretStr | None = Field(None, validation_alias="JAMBASE_API_KEY")  # None: not asked
    jambase_version: Literal["v3", "v1"] = "v3"
    ticketmaster_url: str = "https://app.ticketmaster.com/discovery/v2"
    jambase_url: str = "https://api.data.jambase.com/v3"
    jambase_v1_url: str = "https://www.jambase.com/jb-api/v1"

    genres_online: bool = True  # the worker learns genres of artists from the next three
    musicbrainz_url: str = "https://musicbrainz.org/ws/2"
    listenbrainz_url: str = "https://api.listenbrainz.org"
    lastfm_api_key: SecretStr | None = Field(None, validation_alias="LASTFM_API_KEY")  # None: not asked
    lastfm_url: str = "https://ws.audioscrobbler.com/2.0"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over secrets.toml."""
        return init_settings, env_settings, _SecretsToml(settings_cls)

    @property
    def embedded_postgres(self) -> bool:
        """Return whether Postgres is ours to start."""
        return self.database_url is None

    @property
    def embedded_redis(self) -> bool:
        """Return whether Valkey is ours to start."""
        return self.redis_url is None

    @property
    def uploads(self) -> Path:
        """Return the directory for uploads: shared by site and workers."""
        return self.upload_dir or self.home / "uploads"


def is_loopback(host: str) -> bool:
    """Return whether a host, as an address or a Host header has it (with a port or without), is this machine."""
    found = _NEAR.fullmatch(host)
    if found is None:
        return False
    try:
        return found[1].lower() == "localhost" or ipaddress.ip_address(found[1].strip("[]")).is_loopback
    except ValueError:
        return False


def _outside(name: str) -> str:
    """Return what a setting is called in the environment; pydantic names some by field, some by that already."""
    field = Settings.model_fields.get(name)
    return name if field is None else str(field.validation_alias or f"REWRAPPED_{name}").upper()


def load() -> Settings:
    """Read the settings once.

    Raises:
        SetupError: a value can't be used; all bad ones are named, no value is shown.
    """
    try:
        return Settings()
    except ValidationError as error:
        bad = ", ".join(f"{_outside(str(item['loc'][0]))} ({item['msg']})" for item in error.errors())
        raise SetupError(f"These settings can't be used: {bad}.") from error
