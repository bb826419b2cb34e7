"""The committed scripts of components are what their sources build."""

from __future__ import annotations

import json

from rewrapped.components import build

ASSETS = build.STAMP.parent


def test_what_is_built_is_as_new_as_its_sources() -> None:
    assert build.STAMP.read_text("utf-8") == f"sources {build.fingerprint()}\n", "run make components"


def test_every_source_with_a_component_is_built() -> None:
    words = json.loads((build.SOURCES / "package.json").read_text("utf-8"))["scripts"]["build"].split()
    entries = [word for word in words if word.endswith(".js")]
    assert entries == ["stream.js", "chord.js", "bubbles.js"]
    for entry in entries:
        script = (ASSETS / entry).read_text("utf-8")
        assert "export{" in script
        assert "https:" not in script.replace("http://www.w3.org", "")


def test_the_lock_names_no_address() -> None:
    lock = (build.SOURCES / "package-lock.json").read_text("utf-8")
    assert "resolved" not in lock
    assert "://" not in lock
