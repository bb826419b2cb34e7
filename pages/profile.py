"""Profile: who you are here, how your plays are counted, your password, your sessions, and the way out."""

import streamlit as st

from rewrapped.domain.access import Permission, Role
from rewrapped.services import accounts, profiles
from rewrapped.ui import forms, profiling, scrobbling, session, tokens
from rewrapped.ui.explain import explain_errors

visitor = session.require_signed_in()
deps, person = session.deps(), session.person()

st.title(profiling.headline(person), anchor=False)
st.html(profiling.membership(person))
left, right = st.columns([7, 5], gap="medium")

with left, st.container(key="card_about"), st.form("about", border=False, enter_to_submit=False):
    st.subheader("About you", anchor=False)
    filled = profiling.ask_profile(person)
    if st.form_submit_button("Save", type="primary"):
        with explain_errors():
            profiles.change_profile(deps, visitor, filled)
            st.success("Saved. Every page counts and tells time this way from now on.", icon=":material/check:")

if person.role is Role.GUEST:
    with right, st.container(key="card_password"):
        profiling.offer_registration()
else:
    with right, st.container(key="card_password"), st.form("password", border=False, clear_on_submit=True):
        st.subheader("Change your password", anchor=False)
        old, new = profiling.ask_passwords()
        if visitor.may(Permission.HOLD_TOKENS):
            st.caption(profiling.TOKENS_STAY)
        if st.form_submit_button("Change password"):
            with explain_errors():
                ended = accounts.change_password(deps, visitor, old, new, keep_token=session.token())
                st.success(f"Changed. {profiling.ended(ended)}", icon=":material/check:")

with right, st.container(key="card_sessions"):
    st.subheader("Signed in here", anchor=False)
    st.write("Leaving everywhere ends every sign-in of yours, in all tabs and on all devices, at once.")
    profiling.draw_sign_out(session.csrf_token())

with right:
    scrobbling.draw(visitor)
    tokens.draw(visitor, person)

with left, st.container(key="card_data"), explain_errors():
    st.subheader("Your data", anchor=False)
    belongings = profiles.belongings(deps, visitor)
    st.write(profiling.stored(belongings, person))
    st.caption(profiling.consents(person))
    if belongings.row_count:
        st.html(forms.link("/api/v1/me/history.csv", "Download my history"))
        st.caption("Every row that counts, with all that is known of it, as CSV: in UTC and in your time zone.")
    st.html(forms.link("/auth/delete", "Delete my account…"))
    st.caption(profiling.before_leaving(person))
