"""The colours of both themes, for what is drawn in Python; the same ones stand in .streamlit/config.toml."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme's colours as `#RRGGBB`; handed to whoever draws, never switched at run time.

    `categorical` tells series apart, `sequential` runs from little to much and
    holds ten steps, `up` and `down` never stand without an arrow or a sign.
    """

    name: str
    background: str
    sidebar: str
    card: str
    edge: str
    text: str
    muted: str
    primary: str
    on_primary: str
    up: str
    down: str
    categorical: tuple[str, ...]
    sequential: tuple[str, ...]


DARK = Tokens(
    name="dark",
    background="#130F1A",
    sidebar="#0D0A13",
    card="#1E1829",
    edge="#2B2338",
    text="#F4EEE6",
    muted="#B7ABC4",
    primary="#FFC24B",
    on_primary="#211A2B",
    up="#26E4B0",
    down="#F0607F",
    categorical=(
        *("#FFC24B", "#9D8CFF", "#F0607F", "#35A7B5", "#F28F29"),
        *("#26E4B0", "#CEB6FC", "#C64F2E", "#BCF8FE", "#8766BB"),
    ),
    sequential=(
        *("#261D33", "#42255B", "#6A2C6C", "#982F72", "#B94769"),
        *("#DB5E58", "#F37D4B", "#FCA54B", "#FFCA71", "#FFEDB0"),
    ),
)

LIGHT = Tokens(
    name="light",
    background="#FBF7F0",
    sidebar="#F1EADF",
    card="#FFFDF9",
    edge="#E6DBCB",
    text="#211A2B",
    muted="#655A72",
    primary="#9A4300",
    on_primary="#FFFFFF",
    up="#0A6B52",
    down="#B01F45",
    categorical=(
        *("#B4520A", "#5B45D6", "#C2264F", "#0B7F8C", "#001A91"),
        *("#7B3B9D", "#640021", "#7E6CD9", "#71330C", "#481561"),
    ),
    sequential=(
        *("#F6EBD8", "#FFC977", "#F9A462", "#EF7E4F", "#D56262"),
        *("#BB436D", "#953272", "#692A73", "#47205E", "#2A1640"),
    ),
)


def tokens_for(theme: str | None) -> Tokens:
    """Return the colours of the theme named `light` or `dark`; anything else gets the dark ones."""
    return LIGHT if theme == "light" else DARK


def mixed(colour: str, ground: str, part: float) -> str:
    """Return a colour (`#rrggbb`) of which `part`, 0 to 1, lies over another."""
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(ground[1:]), strict=True)
    return "#" + bytes(round(over * part + under * (1 - part)) for over, under in pairs).hex().upper()
