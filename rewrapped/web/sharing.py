"""`/share/{token}`: a public card, for whoever has its address; `/share/{token}/{size}.png` is its picture."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from rewrapped import running
from rewrapped.charts.sharecard import Size
from rewrapped.errors import NotFound
from rewrapped.services import cardpictures, shares, throttle
from rewrapped.web import answers, callers
from rewrapped.web.policy import current

_SIZES = {size.word: size for size in Size}
_SHORTLY = "public, max-age=300"  # what is taken back is gone everywhere within minutes
_HEADERS = {"x-robots-tag": "noindex, nofollow", "referrer-policy": "no-referrer"}


def show(request: Request) -> Response:
    """Show a card, with what other sites need to show it in small.

    Raises:
        NotFound: there is no such card, or it was taken back.
    """
    share = shares.find(running.deps(), request.path_params["token"])
    base = running.deps().site.base_url
    answer = answers.page(request, "share.html", card=share.card, path=share.path, address=f"{base}{share.path}")
    answer.headers.update({**_HEADERS, "cache-control": "no-store"})  # it hands over a cookie of one's own
    return answer


def picture(request: Request) -> Response:
    """Answer with a card's picture.

    Raises:
        NotFound: there is no such card or size.
        TooMany: too many pictures are to be drawn at once, or too often from one network.
        DrawingFailed: it can't be drawn.
    """
    size = _SIZES.get(request.path_params["size"])
    if size is None:
        raise NotFound("A card comes in other sizes.")
    deps = running.deps()
    share = shares.find(deps, request.path_params["token"])
    data = cardpictures.picture(deps, share, size, throttle.network(callers.address(request, current())))
    return Response(data, media_type="image/png", headers={**_HEADERS, "cache-control": _SHORTLY})


routes = Mount("/share", routes=[Route("/{token}", show), Route("/{token}/{size}.png", picture)])
