"""How a component of ours is declared: its script and style are files beside this module, cached by the browser."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

_HERE = Path(__file__).resolve().parent


def mount(name: str, *, key: str, data: dict[str, Any], **events: Any) -> Any:
    """Show the component called `name` in the place reached by the script; return its state.

    `data` must be plain JSON. `events` are Streamlit's `on_NAME_change` callbacks.
    """
    _announce()
    return _renderer(name)(key=key, data=data, **events)


def pressed(value: object, known: Iterable[str]) -> str:
    """Return what a browser says was pressed, "" where it is nothing of what was shown."""
    return value if isinstance(value, str) and value in set(known) else ""


@cache
def _renderer(name: str) -> ComponentRenderer:
    return st.components.v2.component(
        f"{_manifest().name}.{name}",
        html=f'<div class="{name}"></div>',
        css=f"{name}.css",
        js=f"{name}.js",
    )


def _announce() -> None:
    """Tell the running Streamlit where our files are.

    It looks for the manifest among installed distributions only, and a checkout
    need not be one. Each runtime is told once.
    """
    manager = get_bidi_component_manager()
    known = manager.get_component_asset_root(f"{_manifest().name}.{_manifest().components[0].name}")
    if known is None:
        manager.register_from_manifest(_manifest(), _HERE)


@cache
def _manifest() -> ComponentManifest:
    found = tomllib.loads((_HERE / "pyproject.toml").read_text("utf-8"))
    entries = found["tool"]["streamlit"]["component"]["components"]
    return ComponentManifest(
        name=found["project"]["name"],
        version=found["project"]["version"],
        components=[ComponentConfig.from_dict(entry) for entry in entries],
    )
