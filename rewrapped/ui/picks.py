"""A choice of one of a few words, kept in the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

Word = TypeVar("Word", bound=str)


def pick(label: str, name: str, options: Mapping[Word, str], otherwise: Word | None = None) -> Word:
    """Show the options side by side; return the one chosen.

    Unless the parameter `name` says another, that is `otherwise`, or the first.
    """
    words = {str(word): word for word in options}
    chosen = words.get(st.query_params.get(name, ""), otherwise or next(iter(options)))
    key = f"pick_{name}"
    st.session_state[key] = chosen
    st.segmented_control(
        label,
        list(options),
        format_func=options.__getitem__,
        key=key,
        on_change=_keep,
        args=(name,),
        label_visibility="collapsed",
    )
    return chosen


def _keep(name: str) -> None:
    value = st.session_state[f"pick_{name}"]
    if value is not None:  # pressing what is chosen already leaves it chosen
        st.query_params[name] = str(value)
