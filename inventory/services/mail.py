"""E-mail by the server of ``SMTP_URL``; off when it or ``MAIL_FROM`` is empty.

``smtp://user:password@host:587`` (with STARTTLS where the server offers it) or ``smtps://…``.
"""

import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import localtime, make_msgid, parseaddr
from urllib.parse import unquote, urlsplit

from flask import current_app

TIMEOUT_S = 20.0


class NotSent(Exception):
    """The message reached nobody; the text is a sentence without secrets."""


def is_on() -> bool:
    """Return whether e-mail can be sent at all."""
    return bool(current_app.config["SMTP_URL"] and current_app.config["MAIL_FROM"])


def send(recipients: Sequence[str], subject: str, text: str) -> int:
    """Send one message to each, so that nobody reads the others' addresses; return how many.

    No transaction may be open. Raises ``NotSent`` when none was taken.
    """
    sent, trouble = 0, "nobody to send to"
    try:
        with _server() as server:
            _sign_in(server)
            for recipient in recipients:
                try:
                    server.send_message(_message(recipient, subject, text))
                    sent += 1
                except smtplib.SMTPRecipientsRefused:
                    trouble = "the server refused the recipients"
    except (smtplib.SMTPException, OSError, ValueError) as error:
        trouble = _sentence(error)
    if not sent:
        raise NotSent(trouble)
    return sent


def _server() -> smtplib.SMTP:
    parts = urlsplit(current_app.config["SMTP_URL"])
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("SMTP_URL is no address of a mail server")
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(
            parts.hostname, parts.port or 465, timeout=TIMEOUT_S, context=context
        )
    return smtplib.SMTP(parts.hostname, parts.port or 587, timeout=TIMEOUT_S)


def _sign_in(server: smtplib.SMTP) -> None:
    parts = urlsplit(current_app.config["SMTP_URL"])
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))


def _message(recipient: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = recipient
    message["Subject"] = subject
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=_domain())
    message["Auto-Submitted"] = "auto-generated"  # nobody's absence is answered to it
    message.set_content(text)
    return message


def _domain() -> str:
    """The machine's own name is nobody's business."""
    _, address = parseaddr(current_app.config["MAIL_FROM"])
    return address.rpartition("@")[2] or "localhost"


def _sentence(error: Exception) -> str:
    """The server's own words may repeat what was sent to it: only its code is told."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the mail server answered {error.smtp_code}"
    if isinstance(error, ValueError):
        return "SMTP_URL or an address is not valid"
    return f"the mail server could not be used ({type(error).__name__})"
