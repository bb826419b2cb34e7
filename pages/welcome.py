"""What this is, for somebody who hasn't been here before."""

import streamlit as st

from rewrapped.ui import requesting, showcase
from rewrapped.ui.cards import card

POINTS = (
    (
        "All of it, not a season",
        (
            "Your Spotify export holds every play since your account began. Drop the ZIP here, and each of those years "
            "opens up: any range, any hour, any device."
        ),
    ),
    (
        "Numbers that add up",
        (
            "Every row of your file is accounted for: new, known already, or left out with the reason. Each "
            "figure says what it counts, and a title claims only what the plays bear out."
        ),
    ),
    (
        "Yours alone",
        (
            "Only the files with your plays are opened. Address, messages and payment data in the export are never "
            "read. You can take an import, or your whole account, away again at once."
        ),
    ),
)

left, right = st.columns([6, 6], gap="large", vertical_alignment="center")
with left, st.container(key="hero", gap="medium"):
    st.title("Years of your listening, in one place", anchor=False)
    st.markdown(
        "Music Re-Wrapped turns your own Spotify export into pages you can walk around in: your tops and how they "
        "moved, your hours and seasons, and every single play. Whenever you like, not once a year."
    )
    showcase.actions()
    st.caption("No Spotify login and no key needed. The sample data is an invented listener; looking changes nothing.")
with right:
    showcase.show()

st.header("What it does", anchor=False)
for column, (title, text), number in zip(st.columns(3), POINTS, range(3), strict=True):
    with column, card(f"point_{number}"):
        st.subheader(title, anchor=False)
        st.write(text)

st.header("How to get your export", anchor=False)
with card("steps"):
    st.markdown(requesting.STEPS)
