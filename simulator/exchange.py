"""Asks the WSGI app directly: what the in-process transport and the server share."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask

from simulator.server import FAULT_HEADER


class Answer(NamedTuple):
    """An HTTP answer and, if scripted, what the network does to it."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes
    fault: str


def ask(app: Flask, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Answer one request. ``url`` is absolute; nothing is opened or sent."""
    captured: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, fields: list[tuple[str, str]], _error: object = None) -> None:
        captured.append((status, fields))

    chunks: Iterable[bytes] = app.wsgi_app(_environ(method, url, headers, body), start_response)  # type: ignore[arg-type]
    try:
        content = b"".join(chunks)
    finally:
        getattr(chunks, "close", lambda: None)()
    status, fields = captured[-1]
    number, _, reason = status.partition(" ")
    fault = next((value for name, value in fields if name == FAULT_HEADER), "")
    kept = [(name, value) for name, value in fields if name != FAULT_HEADER]
    return Answer(int(number), reason, kept, content, fault)


def _environ(method: str, url: str, headers: Mapping[str, str], body: bytes) -> dict[str, object]:
    parts = urlsplit(url)
    environ: dict[str, object] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": parts.netloc,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        if key == "CONTENT_TYPE":
            environ[key] = value
        elif key not in ("CONTENT_LENGTH", "HOST"):
            environ["HTTP_" + key] = value
    return environ
