"""Every deliberate error. The text of each is fit for a person to read.

A class stands for what its reader can do about it: fix the input, sign in,
wait, or call the operator. Pages show the text; the CLI prints it on stderr
and exits with 1; the API sends it with `http_status`.
"""

from __future__ import annotations


class RewrappedError(Exception):
    """Something we expected to be able to go wrong, told in one sentence."""

    http_status = 400


class InvalidInput(RewrappedError):
    """What a person typed or sent can't be used; the text says what to change."""


class NotFound(RewrappedError):
    """There is no such thing, or this visitor may not know of it: the same answer for both."""

    http_status = 404


class AccessDenied(RewrappedError):
    """The visitor is known, and may not do this."""

    http_status = 403


class SignInNeeded(RewrappedError):
    """Only a signed-in person can do this."""

    http_status = 401


class Conflict(RewrappedError):
    """What was asked can't be done beside what is there already (a second import, a taken address)."""

    http_status = 409


class TooMany(RewrappedError):
    """Asked too often; `retry_after_s` says when to try again, in seconds."""

    http_status = 429

    def __init__(self, text: str, *, retry_after_s: int) -> None:
        super().__init__(text)
        self.retry_after_s = retry_after_s


class UnreadableFile(RewrappedError):
    """An uploaded file can't be read; nothing of it was stored."""


class TooLarge(UnreadableFile):
    """An uploaded file passes a limit; the text names it."""

    http_status = 413


class QueryFailed(RewrappedError):
    """A person's own query gave no result; the text says why, with the line where that is known."""


class DrawingFailed(RewrappedError):
    """A picture of ours couldn't be drawn; trying again may help."""

    http_status = 503


class Cancelled(RewrappedError):
    """A person stopped the work; nothing of it was kept."""


class StoreDown(RewrappedError):
    """The database or the queue does not answer; waiting may help."""

    http_status = 503


class SetupError(RewrappedError):
    """The program can't start here; the text says what the operator should do."""

    http_status = 500


class IntegrationError(RewrappedError):
    """An outside service failed us. `retryable` says whether waiting may help."""

    http_status = 502
    retryable = False

    def __init__(self, integration: str, reason: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(f"{integration} {reason}.")
        self.retry_after_s = retry_after_s


class Unavailable(IntegrationError):
    """The service can't be reached, takes too long, or has troubles of its own."""

    http_status = 503
    retryable = True


class RateLimited(Unavailable):
    """We asked too often; `retry_after_s` is what the service says, None when it says nothing."""


class BadPayload(IntegrationError):
    """The service answered with something we can't read."""


class KeyRefused(IntegrationError):
    """The service doesn't take our key; the operator has to see to it."""


class RequestRefused(IntegrationError):
    """The service doesn't answer this question; `code` is its own word for why, "" when it has none.

    `status` is HTTP's, 0 where the refusal stood in an answer like any other.
    """

    def __init__(self, integration: str, reason: str, *, code: str = "", status: int = 0) -> None:
        super().__init__(integration, reason)
        self.code = code
        self.status = status


class TokenRefused(IntegrationError):
    """The service doesn't take this access token (any more); a fresh one may help."""

    retryable = True


class ReconnectNeeded(IntegrationError):
    """Only that the person connects their account anew helps; the text says why."""

    http_status = 403


class AccountRefused(IntegrationError):
    """The service lets us in, but not for this person or not from this site; the text says who can change it."""

    http_status = 403


class QuotaUsedUp(RateLimited):
    """The service has told us enough for today; `retry_after_s` is what it says, None when it says nothing."""
