"""The site. Imported by a server this file is the ASGI application; run by Streamlit it is the page router."""

import streamlit as st  # noqa: TID251 - of what has a layer of its own, a router needs Streamlit alone
from streamlit.runtime.scriptrunner import get_script_run_ctx  # noqa: TID251 - as above

if get_script_run_ctx(suppress_warning=True) is None:
    from streamlit.runtime.pages_manager import PagesManager  # noqa: TID251 - as above

    from rewrapped.ui.explain import on_script_error
    from rewrapped.web.server import exception_handlers, lifespan, middleware, routes

    # Until some run has called st.navigation, Streamlit would run a file of pages/ by itself, without the router:
    # a deep link into a freshly started site would get Streamlit's own menu.
    PagesManager.uses_pages_directory = False
    app = st.App(
        __file__,
        routes=routes,
        middleware=middleware,
        lifespan=lifespan,
        exception_handlers=exception_handlers,
        on_script_error=on_script_error,
    )
else:
    from rewrapped.ui.navigation import run

    run()
