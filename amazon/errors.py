"""What can go wrong when talking to Amazon, by what the caller should do about it."""

import re
from typing import ClassVar

from amazon.problems import Problem

#: What of an error code may reach a log: codes are words, never anything token-like.
_NOT_A_CODE = re.compile(r"[^A-Za-z0-9 _.:-]")


class AmazonError(Exception):
    """Base class. ``user_message`` says to people what happens next; ``str(error)`` is for the log.

    ``status`` is Amazon's HTTP status, None without an answer; ``request_id`` is what
    Amazon's support asks for, may be empty; ``detail`` is a short code. None of them, and so
    neither text, holds a body, an address or a token.
    """

    def __init__(
        self,
        operation: str,
        status: int | None = None,
        request_id: str = "",
        detail: str = "",
    ) -> None:
        super().__init__(operation, status, request_id, detail)
        self.operation = operation
        self.status = status
        self.request_id = _NOT_A_CODE.sub("", request_id)[:64]
        self.detail = _NOT_A_CODE.sub("", detail)[:40]

    def __str__(self) -> str:
        parts = [f"{self.operation}: {self.status or 'no answer'}"]
        if self.detail:
            parts.append(self.detail)
        if self.request_id:
            parts.append(f"request {self.request_id}")
        return ", ".join(parts)

    @property
    def user_message(self) -> str:
        """A sentence for people."""
        return "Amazon could not complete the request. The next sync tries again by itself."


class AuthorizationError(AmazonError):
    """The connection as a whole is refused until somebody acts; ``reason`` says on what.

    ``token_revoked``: the seller's refresh token no longer holds. ``client_refused``: the
    application's client id or secret. ``token_malformed``: the text pasted is no token.
    """

    MESSAGES: ClassVar[dict[str, str]] = {
        "token_revoked": (
            "Amazon no longer accepts this connection's refresh token. Authorise the "
            "application again in Seller Central and paste the new token; then the sync goes on."
        ),
        "client_refused": (
            "Amazon refused the application's client ID or client secret; the secret may have "
            "expired. Enter the new secret under Amazon applications; then the sync goes on."
        ),
        "token_malformed": (
            "Amazon could not read this connection's refresh token. Copy the whole token from "
            "Seller Central, from Atzr to its end, and paste it again; then the sync goes on."
        ),
    }

    def __init__(
        self,
        operation: str,
        status: int | None = None,
        request_id: str = "",
        detail: str = "",
        *,
        reason: str = "token_revoked",
    ) -> None:
        super().__init__(operation, status, request_id, detail)
        self.reason = reason

    @property
    def user_message(self) -> str:
        return self.MESSAGES[self.reason]


class ThrottledError(AmazonError):
    """Over the rate limit, still, after our patience; go on after ``retry_after_s`` seconds."""

    def __init__(
        self,
        operation: str,
        status: int | None = 429,
        request_id: str = "",
        detail: str = "",
        *,
        retry_after_s: float = 60.0,
    ) -> None:
        super().__init__(operation, status, request_id, detail)
        self.retry_after_s = retry_after_s

    @property
    def user_message(self) -> str:
        minutes = max(1, round(self.retry_after_s / 60))
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        return f"Amazon asks us to wait. The sync goes on by itself in about {wait}."


class UnavailableError(AmazonError):
    """No answer, a failure of Amazon's, or an answer that cannot be what was asked for."""

    @property
    def user_message(self) -> str:
        return "Amazon does not answer properly at the moment. The next sync tries again by itself."


class UnclearError(UnavailableError):
    """The answer to a call that changes something was lost: Amazon may have done it or not.

    Never repeat the call; read Amazon's state first. A call of which it is certain that it
    never left is a plain ``UnavailableError``.
    """

    @property
    def user_message(self) -> str:
        return (
            "Amazon's answer was lost, so it is unclear whether Amazon did what was asked. "
            "Nothing is sent again before Amazon's own state is known."
        )


class RejectedError(AmazonError):
    """Amazon says this one request is wrong. Repeating it cannot help; others may go on.

    ``problems`` is what Amazon objects to, which may be only the first group of it; they are
    in no text of the error, since they quote what was sent.
    """

    def __init__(
        self,
        operation: str,
        status: int | None = None,
        request_id: str = "",
        detail: str = "",
        *,
        problems: tuple[Problem, ...] = (),
    ) -> None:
        super().__init__(operation, status, request_id, detail)
        self.problems = problems

    @property
    def user_message(self) -> str:
        return (
            f"Amazon refused one request ({self.operation}, {self.status or 'no status'}). "
            "It is left out; everything else goes on. "
            "If it happens at each sync, report it with the text in the log."
        )


class MissingRoleError(RejectedError):
    """One operation is forbidden: ``role`` is not granted. The connection stays usable."""

    def __init__(
        self,
        operation: str,
        status: int | None = 403,
        request_id: str = "",
        detail: str = "",
        *,
        role: str,
    ) -> None:
        super().__init__(operation, status, request_id, detail)
        self.role = role

    @property
    def user_message(self) -> str:
        return (
            f"Amazon has not granted the application the role {self.role}. Tick it for the "
            "application in Seller Central, authorise the application again and paste the new "
            "token. Until then this part is left out; everything else goes on."
        )


class NotFoundError(RejectedError):
    """What was asked for does not exist at Amazon, or no longer."""

    @property
    def user_message(self) -> str:
        return "Amazon no longer knows what was asked for. It is left out; everything else goes on."
