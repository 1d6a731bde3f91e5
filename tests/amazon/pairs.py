"""A small Amazon sandbox: answers only from the static pairs of the official models."""

from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter

from amazon.operations import OPERATIONS
from tests.amazon import models
from tests.amazon.fake import Answer, build, error


class PairsAdapter(BaseAdapter):
    """Answers with the pair whose parameters are all in the request, as the sandbox does.

    ``problems`` are what the official model does not allow about the requests it saw.
    """

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        self.problems += models.request_problems(request)
        path = urlsplit(request.url or "").path
        model = models.find(request.method or "", path)
        assert model, f"no operation at {path}"
        given = _parameters(model, request)
        fitting = [
            (len(_wanted(pair)), status, pair)
            for status, pair in model.pairs()
            if all(given.get(name) == value for name, value in _wanted(pair).items())
        ]
        if not fitting:
            return build(request, error(400, "InvalidInput", "Could not match input arguments"))
        _, status, pair = max(fitting, key=lambda found: found[0])
        return build(request, Answer(status, pair.get("response", b"")))

    def close(self) -> None:
        pass


def cases() -> list[tuple[str, int, int, dict[str, Any]]]:
    """Return (operation, index, status, pair) of every pair of the operations we call."""
    if not models.PRESENT:
        return []
    return [
        (name, index, status, pair)
        for name in OPERATIONS
        for index, (status, pair) in enumerate(models.operations()[name].pairs())
    ]


def values(pair: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a pair by name, lists and numbers as they are."""
    parameters = pair.get("request", {}).get("parameters", {})
    return {name: given["value"] for name, given in parameters.items() if "value" in given}


def _wanted(pair: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a pair as they look on the way."""
    return {
        name: value if name == "body" else _as_text(value) for name, value in values(pair).items()
    }


def _as_text(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def _parameters(model: models.Model, request: requests.PreparedRequest) -> dict[str, Any]:
    parts = urlsplit(request.url or "")
    names = zip(model.path.split("/"), parts.path.split("/"), strict=True)
    given: dict[str, Any] = {a.strip("{}"): unquote(b) for a, b in names if a.startswith("{")}
    for pair in filter(None, parts.query.split("&")):
        name, _, value = pair.partition("=")
        name, value = unquote(name), unquote(value)
        given[name] = f"{given[name]},{value}" if name in given else value
    if request.body:
        given["body"] = requests.models.complexjson.loads(request.body)
    return given
