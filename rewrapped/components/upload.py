"""Files from a person's disk to `POST /api/v1/imports`, with progress, without passing through Streamlit."""

from __future__ import annotations

from rewrapped.components.packaged import mount
from rewrapped.domain.importing import size_words


def upload(*, key: str, csrf_token: str, limit_bytes: int, include_incognito: bool = False) -> int | None:
    """Show the drop zone; return the import's id in the one run after an upload was taken, else None.

    The request is `multipart/form-data` with `csrf_token`, `include_incognito`
    (`true` or `false`) and one `files` part per file, in this order; the token
    is in the header `X-CSRF-Token` too. A refusal's sentence is `error` of the
    JSON answer, and an id is its `import_id`.
    """
    data = {
        "url": "/api/v1/imports",
        "csrf_token": csrf_token,
        "limit_bytes": limit_bytes,
        "limit": size_words(limit_bytes),
        "include_incognito": include_incognito,
    }
    state = mount("upload", key=key, data=data, on_import_id_change=lambda: None)
    return int(state.import_id) if state.import_id is not None else None
