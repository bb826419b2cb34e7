"""What the site lets in and tells browsers to allow; worked out once from the settings, when the site starts."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from rewrapped.errors import SetupError
from rewrapped.settings import Settings, is_loopback

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_FORMS = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@dataclass(frozen=True, slots=True)
class Policy:
    """Hosts, proxies and Content-Security-Policies of this site.

    `host` is the base URL's host with its port; `pages_csp` is for Streamlit's
    documents and what they load, `forms_csp` for the pages that we render ourselves.
    """

    host: str
    is_https: bool
    is_loopback: bool
    proxies: tuple[Network, ...]
    pages_csp: str
    forms_csp: str = _FORMS

    @classmethod
    def of(cls, settings: Settings) -> Policy:
        """Work it out.

        Raises:
            SetupError: the base URL or the list of proxies can't be read.
        """
        parts = urlsplit(settings.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SetupError("REWRAPPED_BASE_URL has to look like https://music.example.org.")
        hosts = ["https://i.scdn.co"] if settings.spotify_client_id else []
        return cls(
            host=parts.netloc.lower(),
            is_https=parts.scheme == "https",
            is_loopback=is_loopback(parts.netloc.lower()),
            proxies=_networks(settings.trusted_proxies),
            pages_csp=pages_csp(parts.netloc.lower(), hosts),
        )

    def lets_in(self, host: str) -> bool:
        """Return whether a request for this Host is for us."""
        return host.lower() == self.host or (self.is_loopback and is_loopback(host.lower()))

    @property
    def scheme(self) -> str:
        """Return the base URL's scheme."""
        return "https" if self.is_https else "http"

    def is_nickname(self, host: str) -> bool:
        """Return whether this Host is another name of this machine at the base URL's port."""
        host = host.lower()
        same_port = host.removeprefix(_name(host)) == self.host.removeprefix(_name(self.host))
        return host != self.host and same_port and self.lets_in(host)

    def trusts(self, address: str) -> bool:
        """Return whether this peer is a proxy whose forwarding headers are believed."""
        try:
            return any(ipaddress.ip_address(address) in network for network in self.proxies)
        except ValueError:
            return False

    def address(self, peer: str, forwarded_for: str) -> str:
        """Return the network address a request came from; what a trusted proxy says of it is believed."""
        if not self.trusts(peer):
            return peer
        for hop in reversed(forwarded_for.split(",")):
            if hop.strip() and not self.trusts(hop.strip()):
                return hop.strip()[:100]
        return peer


_held: list[Policy] = []


def hold(policy: Policy | None) -> None:
    """Make this the process's policy; None forgets it."""
    _held[:] = [] if policy is None else [policy]


def current() -> Policy | None:
    """Return the process's policy, None while the site starts."""
    return _held[0] if _held else None


def pages_csp(host: str, image_hosts: list[str]) -> str:
    """Return the strictest policy under which every part of our pages works.

    `blob:` is for the scripts of our components, `wasm-unsafe-eval` for a
    WebAssembly module of Streamlit's, the digest for the one inline script of
    its index page. Nothing may be evaluated, and no script of a page's text runs.
    """
    scripts = " ".join(f"'sha256-{digest}'" for digest in _inline_script_digests())
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' blob: 'wasm-unsafe-eval' {scripts}".strip(),
            "style-src 'self' 'unsafe-inline'",
            " ".join(["img-src 'self' data: blob:", *image_hosts]),
            "font-src 'self' data:",
            f"connect-src 'self' data: blob: ws://{host} wss://{host}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        ]
    )


@cache
def streamlit_files() -> frozenset[str]:
    """Return the paths of the files Streamlit serves at the top of the site and under /static."""
    top = _streamlit_static()
    return frozenset(path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file())


@cache
def _inline_script_digests() -> tuple[str, ...]:
    index = (_streamlit_static() / "index.html").read_bytes()
    digests = (hashlib.sha256(script).digest() for script in _INLINE_SCRIPT.findall(index))
    return tuple(base64.b64encode(digest).decode() for digest in digests)


def _streamlit_static() -> Path:
    spec = find_spec("streamlit")
    if spec is None or spec.origin is None:
        raise SetupError("Streamlit isn't installed: install what requirements.txt lists.")
    return Path(spec.origin).parent / "static"


def _name(host: str) -> str:
    return re.sub(r":[0-9]+$", "", host)


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(word, strict=False) for word in text.replace(",", " ").split())
    except ValueError as error:
        raise SetupError("REWRAPPED_TRUSTED_PROXIES is a list of addresses or networks, such as 10.0.0.0/8.") from error
