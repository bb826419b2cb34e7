"""The site over the pages in the folder beside a copy of this file: app.py in all else, and the same router."""

from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

if get_script_run_ctx(suppress_warning=True) is None:
    from streamlit.runtime.pages_manager import PagesManager

    from rewrapped.web.server import exception_handlers, lifespan, middleware, routes

    PagesManager.uses_pages_directory = False
    app = st.App(
        __file__, routes=routes, middleware=middleware, lifespan=lifespan, exception_handlers=exception_handlers
    )
else:
    from rewrapped.ui.navigation import run

    run(Path(__file__).with_name("pages"))
