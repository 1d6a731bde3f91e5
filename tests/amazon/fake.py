"""A pretend network: answers from a script, so that no test opens a socket."""

import io
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from amazon.client import SellingPartnerClient
from amazon.throttle import Throttle

ENDPOINT = "https://sellingpartnerapi-eu.amazon.com"
REQUEST_ID = "11111111-2222-3333-4444-555555555555"


class Clock:
    """Time that passes only by sleeping; serves as clock and as sleep."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Answer:
    """One answer; a body that is no bytes is sent as JSON."""

    def __init__(self, status: int = 200, body: Any = b"", **headers: str) -> None:
        self.status = status
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.headers = {"x-amzn-RequestId": REQUEST_ID}
        self.headers.update({name.replace("_", "-"): text for name, text in headers.items()})


def error(status: int, code: str = "Code", message: str = "m", details: str = "") -> Answer:
    problem = {"code": code, "message": message, "details": details}
    return Answer(status, {"errors": [problem]})


class ScriptedAdapter(BaseAdapter):
    """Answers each request with the next entry of the script; an exception is raised.

    The last entry answers for ever, so that a client without bounds is found out.
    """

    def __init__(self, script: Iterable[Answer | Exception]) -> None:
        super().__init__()
        self.script = list(script)
        self.requests: list[requests.PreparedRequest] = []

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        self.requests.append(request)
        assert len(self.requests) < 500, "the client does not stop"
        entry = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(entry, Exception):
            raise entry
        return build(request, entry)

    def close(self) -> None:
        pass

    @property
    def urls(self) -> list[str]:
        return [request.url or "" for request in self.requests]

    @property
    def queries(self) -> list[dict[str, str]]:
        return [dict(parse_qsl(urlsplit(url).query)) for url in self.urls]

    @property
    def paths(self) -> list[str]:
        return [unquote(urlsplit(url).path) for url in self.urls]


def build(request: requests.PreparedRequest, answer: Answer) -> requests.Response:
    """Return the answer as urllib3 would deliver it: unpacked on reading, cuts noticed."""
    response = requests.Response()
    response.status_code = answer.status
    response.headers.update(answer.headers)
    response.raw = HTTPResponse(
        io.BytesIO(answer.body),
        headers=answer.headers,
        status=answer.status,
        preload_content=False,
        request_method=request.method,
    )
    response.request = request
    response.url = request.url or ""
    return response


class Token:
    """A source of access tokens that counts what was refused."""

    def __init__(self) -> None:
        self.refused: list[str | None] = []

    def get(self) -> str:
        return f"Atza-secret-{len(self.refused)}"

    def invalidate(self, refused: str | None = None) -> None:
        self.refused.append(refused)


class World:
    """A client, its pretend network and its clock."""

    def __init__(self, *script: Answer | Exception, **options: Any) -> None:
        self.adapter = ScriptedAdapter(script)
        self.clock = Clock()
        self.token = Token()
        self.waits: list[tuple[str, float]] = []
        self.throttle = Throttle(clock=self.clock)
        http = requests.Session()
        http.mount("https://", self.adapter)
        http.mount("http://", self.adapter)
        settings: dict[str, Any] = {"endpoint": ENDPOINT, "version": "1.2", **options}
        self.client = SellingPartnerClient(
            token=self.token,
            http=http,
            throttle=self.throttle,
            sleep=self.clock.sleep,
            clock=self.clock,
            on_wait=lambda operation, seconds: self.waits.append((operation, seconds)),
            **settings,
        )
