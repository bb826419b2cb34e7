"""Terms: what this site is for, and what it asks of the people who use it."""

import streamlit as st

from rewrapped.domain.accounts import TERMS_VERSION
from rewrapped.ui import session

PRODUCT = session.deps().site.product_name
TERMS = f"""
**What it is.** {PRODUCT} shows you your own listening history, from files you bring. It is free software under the
MIT licence; whoever runs this copy of it is its operator, and is the one to turn to.

**Your account.** One person, one account. Your password is yours to keep: no e-mail is sent from here, so a forgotten
one can only be replaced by the operator. You can delete your account at any time on your profile; it goes at once.

**What you bring.** Import only listening history that is yours. Don't bring files made to harm the site,
don't try to get at other people's data, and don't ask it for more than a person would.

**What you get.** Figures are computed from what the files say, by rules that each page names. Files can have holes, and
so can what is shown. The software comes without warranty, as its licence says.

**Music and names.** Track, album and artist names belong to their owners. {PRODUCT} is not made or endorsed by Spotify.

**When the site closes or changes.** The operator may close the site or an account that breaks these terms. When these
terms change, their date changes.
"""

st.title("Terms", anchor=False)
st.caption(f"Version of {TERMS_VERSION}.")
with st.container(width=760):
    st.markdown(TERMS)
    st.page_link("pages/privacy.py", label="What happens with your data", icon=":material/shield_person:")
