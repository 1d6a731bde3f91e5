"""Lets ``requests`` reach the simulator inside the process, with no socket."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse

from simulator.exchange import Answer, ask
from simulator.pretend import Simulator
from simulator.server import create_simulator


class SimulatorTransport(BaseAdapter):
    """Mount it on a ``requests.Session`` for the prefix that should go to the simulator.

    Hosts beginning with ``na.``, ``eu.`` or ``fe.`` choose the region, others ``region``.
    Safe for several threads. Scripted network faults raise what ``requests`` would raise.
    """

    def __init__(self, simulator: Simulator, region: str = "NA") -> None:
        super().__init__()
        self._app = create_simulator(simulator, region)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: object = None,
        verify: object = True,
        cert: object = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Answer a prepared request; raise ``requests`` exceptions for network faults."""
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else bytes(body)
        headers = {name: _text(value) for name, value in request.headers.items()}
        answer = ask(self._app, request.method or "GET", request.url or "", headers, content)
        _fail(answer, request)
        return _response(answer, request)

    def close(self) -> None:
        """Nothing is open."""


def _fail(answer: Answer, request: requests.PreparedRequest) -> None:
    if answer.fault == "timeout":
        raise requests.ReadTimeout("Read timed out.", request=request)
    if answer.fault == "no_connection":
        raise requests.ConnectTimeout("Connection timed out.", request=request)
    if answer.fault == "reset":
        raise requests.ConnectionError("Connection reset by peer", request=request)


def _response(answer: Answer, request: requests.PreparedRequest) -> requests.Response:
    body, fields = answer.body, CaseInsensitiveDict(answer.headers)
    if answer.fault == "cut":
        body = body[: len(body) // 2]
    response = requests.Response()
    response.status_code, response.reason = answer.status, answer.reason
    response.headers = fields
    # urllib3 checks the length, so that a cut body raises as it does on a real socket.
    response.raw = HTTPResponse(
        BytesIO(body),
        headers=fields,
        status=answer.status,
        preload_content=False,
        enforce_content_length=True,
        request_method=request.method,
    )
    response.encoding = requests.utils.get_encoding_from_headers(fields)
    response.request, response.url = request, request.url or ""
    return response


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
