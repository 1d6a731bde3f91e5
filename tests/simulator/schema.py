"""Checks the simulator's answers against Amazon's official models (Swagger 2.0)."""

import json
import os
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("SPAPI_MODELS") or ROOT.parent / "shared" / "sp-api-models")
DEVIATIONS = ROOT / "tests" / "amazon" / "known_deviations.json"
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


def needs_models(test: Any) -> Any:
    """Mark a test that reads the official models."""
    reason = "the official models are not here: set SPAPI_MODELS to their folder"
    return pytest.mark.models(pytest.mark.skipif(_SKIP, reason=reason)(test))


@cache
def operations() -> dict[str, dict[str, Any]]:
    """Return operation id -> verb, path, parameters, responses and the file's definitions."""
    found = {}
    for name in FILES:
        model = json.loads((FOLDER / "models" / f"{name}.json").read_text("utf-8-sig"))
        for path, item in model["paths"].items():
            for verb, operation in item.items():
                if isinstance(operation, dict) and "operationId" in operation:
                    found[operation["operationId"]] = {
                        "verb": verb.upper(),
                        "path": path,
                        "definitions": model["definitions"],
                        "responses": operation["responses"],
                        "parameters": [
                            _resolved(one, model)
                            for one in operation.get("parameters", []) + item.get("parameters", [])
                        ],
                    }
    return found


def problems(operation: str, status: int, text: str) -> list[str]:
    """Return what the model and the known deviations do not allow about an answer."""
    response = operations()[operation]["responses"].get(str(status))
    if response is None:
        return [f"status {status} is unknown"]
    if "schema" not in response:
        return ["a body where none belongs"] if text else []
    validator = _validator(operation, str(status))
    found = [
        ("/".join(map(str, error.instance_path)), error.message)
        for error in validator.iter_errors(json.loads(text))
    ]
    return [f"{at}: {message}" for at, message in found if not _is_known(operation, at)]


def _resolved(parameter: dict[str, Any], model: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in parameter:
        return dict(model["parameters"][parameter["$ref"].split("/")[-1]])
    return parameter


@cache
def _validator(operation: str, status: str) -> Any:
    model = operations()[operation]
    whole = {**model["responses"][status]["schema"], "definitions": model["definitions"]}
    return jsonschema_rs.Draft4Validator(whole, validate_formats=True)


@cache
def _known() -> list[dict[str, str]]:
    return json.loads(DEVIATIONS.read_text("utf-8"))["simulator"]


def _is_known(operation: str, at: str) -> bool:
    steps = at.split("/")
    excuses = [entry["at"].split("/") for entry in _known() if entry["operation"] == operation]
    return any(
        len(steps) == len(wanted) and all(map(fnmatchcase, steps, wanted)) for wanted in excuses
    )
