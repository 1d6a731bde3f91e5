"""Checks requests and answers against Amazon's official models (Swagger 2.0).

The models are data outside the repository: in the folder ``SPAPI_MODELS``, else beside the
repository in ``shared/sp-api-models``. Tests that need them carry ``needs_models``: without
the models they are skipped with a reason, or fail when ``REQUIRE_MODELS=1``.
"""

import json
import os
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema_rs
import pytest
from requests import PreparedRequest

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("SPAPI_MODELS") or ROOT.parent / "shared" / "sp-api-models")
DEVIATIONS = Path(__file__).with_name("known_deviations.json")
#: Ours, of which only these files are read: others have operations of the same names.
FILES = (
    "sellers",
    "fbaInventory",
    "fbaInbound",
    "listingsItems_2021-08-01",
    "reports_2021-06-30",
    "fulfillmentInboundV0",
    "fulfillmentInbound_2024-03-20",
)

PRESENT = FOLDER.is_dir()
_SKIP = not PRESENT and os.environ.get("REQUIRE_MODELS") != "1"
_REASON = "the official models are not here: set SPAPI_MODELS to their folder"


def needs_models(test: Any) -> Any:
    """Mark a test that reads the official models."""
    return pytest.mark.models(pytest.mark.skipif(_SKIP, reason=_REASON)(test))


@dataclass(frozen=True)
class Model:
    """One operation as its model describes it."""

    operation: str
    verb: str
    path: str
    description: str
    parameters: tuple[dict[str, Any], ...]
    responses: dict[str, dict[str, Any]]
    definitions: dict[str, Any]

    def pairs(self) -> list[tuple[int, dict[str, Any]]]:
        """Return the static sandbox pairs as (status, pair), in the order of the model."""
        return [
            (int(status), pair)
            for status, response in self.responses.items()
            for pair in response.get("x-amzn-api-sandbox", {}).get("static", [])
        ]


@cache
def operations() -> dict[str, Model]:
    """Return the operations of ``FILES`` by operation id."""
    found = {}
    for name in FILES:
        folder = FOLDER / "models" if (FOLDER / "models").is_dir() else FOLDER
        model = json.loads((folder / f"{name}.json").read_text("utf-8-sig"))
        for path, item in model["paths"].items():
            for verb in {"get", "post", "put", "patch", "delete"} & item.keys():
                found[item[verb]["operationId"]] = _operation(model, path, item, verb)
    return found


def find(verb: str, path: str) -> Model | None:
    """Return the operation at a raw (still encoded) path; literal names win over variables."""
    fitting = [
        model for model in operations().values() if model.verb == verb and _fits(model.path, path)
    ]
    return min(fitting, key=lambda model: model.path.count("{"), default=None)


def check_request(request: PreparedRequest) -> None:
    """Raise ``AssertionError`` unless the request is one the model allows."""
    problems = request_problems(request)
    assert problems == [], f"{request.method} {request.url}: {problems}"


def check_response(operation: str, status: int, body: Any) -> None:
    """Raise ``AssertionError`` unless the body fits the schema of its status.

    Departures of Amazon's own, listed in ``known_deviations.json`` with an ``at`` (path of
    the field, ``*`` for any step) and perhaps a ``problem`` (``*`` for any text), are let
    through.
    """
    problems = response_problems(operation, status, body)
    excused = [entry for entry in _deviations() if entry["operation"] == operation]
    left = [
        f"{at}: {problem}"
        for at, problem in problems
        if not any(_excuses(entry, at, problem) for entry in excused)
    ]
    assert left == [], f"{operation} {status}: {left}"


def request_problems(request: PreparedRequest) -> list[str]:
    """Return what the model does not allow about a request."""
    parts = urlsplit(request.url or "")
    model = find(request.method or "", parts.path)
    if model is None:
        return ["no such operation"]
    return [
        *_path_problems(model, parts.path),
        *_query_problems(model, parts.query),
        *_body_problems(model, request),
    ]


def response_problems(operation: str, status: int, body: Any) -> list[tuple[str, str]]:
    """Return (path of the field, problem) for all that breaks the schema of the status."""
    model = operations()[operation]
    response = model.responses.get(str(status))
    if response is None:
        return [("", "a status that the model does not know")]
    if "schema" not in response:
        return [("", "a body where none belongs")] if body else []
    return _problems(response["schema"], body, model)


def _operation(model: Any, path: str, item: Any, verb: str) -> Model:
    return Model(
        operation=item[verb]["operationId"],
        verb=verb.upper(),
        path=path,
        description=item[verb].get("description", ""),
        parameters=tuple(
            model["parameters"][entry["$ref"].split("/")[-1]] if "$ref" in entry else entry
            for entry in [*item.get("parameters", []), *item[verb].get("parameters", [])]
        ),
        responses=item[verb]["responses"],
        definitions=model["definitions"],
    )


def _fits(template: str, path: str) -> bool:
    wanted, given = template.split("/"), path.split("/")
    return len(wanted) == len(given) and all(
        (a.startswith("{") and b != "") or a == b for a, b in zip(wanted, given, strict=True)
    )


def _path_problems(model: Model, path: str) -> list[str]:
    pairs = zip(model.path.split("/"), path.split("/"), strict=True)
    values = {a.strip("{}"): unquote(b) for a, b in pairs if a.startswith("{")}
    return [
        problem
        for parameter in model.parameters
        if parameter["in"] == "path"
        for problem in _value_problems(parameter, [values[parameter["name"]]], model)
    ]


def _query_problems(model: Model, query: str) -> list[str]:
    known = {entry["name"]: entry for entry in model.parameters if entry["in"] == "query"}
    given: dict[str, list[str]] = {}
    for pair in query.split("&") if query else []:
        name, _, value = pair.partition("=")
        given.setdefault(unquote(name), []).append(value.replace("+", "%20"))
    problems = [f"unknown parameter {name}" for name in given.keys() - known.keys()]
    for name, entry in known.items():
        if name in given:
            problems += _value_problems(entry, given[name], model)
        elif entry.get("required"):
            problems.append(f"{name} is missing")
    return problems


def _value_problems(parameter: dict[str, Any], raw: list[str], model: Model) -> list[str]:
    name, kind = parameter["name"], parameter["type"]
    multi = parameter.get("collectionFormat") == "multi"
    if len(raw) > 1 and not multi:
        return [f"{name} is given twice"]
    value: Any = unquote(raw[0])
    if kind == "array":
        # Read as most servers do: decoded first, so a comma always parts two elements.
        value = raw if multi else unquote(raw[0]).split(",")
    elif kind == "integer" and value.isascii() and value.isdigit():
        value = int(value)
    elif kind == "boolean":
        value = {"true": True, "false": False}.get(value, value)
    schema = {
        key: setting
        for key, setting in parameter.items()
        if key not in ("name", "in", "required", "description", "default", "collectionFormat")
    }
    return [f"{name}: {problem}" for _, problem in _problems(schema, value, model)]


def _body_problems(model: Model, request: PreparedRequest) -> list[str]:
    wanted = next((entry for entry in model.parameters if entry["in"] == "body"), None)
    if wanted is None:
        return ["a body where none belongs"] if request.body else []
    if not request.body:
        return ["body is missing"] if wanted.get("required") else []
    if request.headers.get("content-type") != "application/json":
        return ["body is not sent as JSON"]
    found = _problems(wanted["schema"], json.loads(request.body), model)
    return [f"body {at}: {problem}" for at, problem in found]


def _problems(schema: dict[str, Any], value: Any, model: Model) -> list[tuple[str, str]]:
    validator = _validator(json.dumps(schema, sort_keys=True), model.operation)
    return [
        ("/".join(map(str, error.instance_path)), error.message)
        for error in validator.iter_errors(value)
    ]


@cache
def _validator(schema: str, operation: str) -> Any:
    whole = {**json.loads(schema), "definitions": operations()[operation].definitions}
    return jsonschema_rs.Draft4Validator(whole, validate_formats=True)


def _excuses(entry: dict[str, Any], at: str, problem: str) -> bool:
    """``*`` stands for one step of the path, so an excuse for a row excuses none of its fields."""
    if "at" not in entry or not fnmatchcase(problem, entry.get("problem", "*")):
        return False
    steps, wanted = at.split("/"), entry["at"].split("/")
    return len(steps) == len(wanted) and all(map(fnmatchcase, steps, wanted))


@cache
def _deviations() -> list[dict[str, Any]]:
    lists = json.loads(DEVIATIONS.read_text("utf-8")).values()
    return [entry for entries in lists for entry in entries]
