"""The site. Imported by a server this file is the ASGI application; run by Streamlit it is the page router."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

if get_script_run_ctx(suppress_warning=True) is None:
    from rewrapped.web.server import exception_handlers, lifespan, middleware, routes

    app = st.App(
        __file__, routes=routes, middleware=middleware, lifespan=lifespan, exception_handlers=exception_handlers
    )
else:
    from rewrapped.ui.navigation import run

    run()
