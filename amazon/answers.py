"""Judges an answer of Amazon: the strict body of a success, or the right kind of error."""

import json
import logging
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

import requests

from amazon import fields
from amazon.errors import (
    AmazonError,
    AuthorizationError,
    MissingRoleError,
    NotFoundError,
    RejectedError,
    ThrottledError,
    UnavailableError,
)
from amazon.fields import Json, NamelessError, UnreadableError
from amazon.operations import Operation
from amazon.problems import Problem

logger = logging.getLogger(__name__)

T = TypeVar("T")


class TokenExpiredError(AuthorizationError):
    """The access token was refused: a new one may do. Only if not, the seller must act."""


def request_id(response: requests.Response) -> str:
    """Return Amazon's id of the request; gateways leave it out."""
    return response.headers.get("x-amzn-RequestId", "")


def read(
    operation: Operation, response: requests.Response, body: bytes, reader: Callable[[Json], T]
) -> T:
    """Return what ``reader`` makes of a success body, or raise the fitting ``AmazonError``.

    A success whose body is empty, cut, no JSON, no object, holds errors, or lacks what
    ``reader`` needs is an outage (``UnavailableError``), never "no data". Only 204, to a call
    that changes something, has no body.
    """
    if not 200 <= response.status_code < 300:
        raise failure(operation, response, body)
    is_done = response.status_code == 204 and operation.verb != "GET"
    try:
        return reader({} if is_done else _object(body))
    except UnreadableError as error:
        detail = str(error)
    raise UnavailableError(operation.name, response.status_code, request_id(response), detail)


def records(kind: Callable[[Json], T], found: Sequence[Json]) -> list[T]:
    """Turn rows into values. A row without a name is left out, since nobody could find it;
    rows that are all nameless are an unreadable answer."""
    values = []
    problem = ""
    for row in found:
        try:
            values.append(kind(row))
        except NamelessError as error:
            problem = str(error)
    if found and not values:
        raise UnreadableError(problem)
    if problem:
        logger.warning("%d rows left out: %s", len(found) - len(values), problem)
    return values


def required(data: Json, name: str) -> Any:
    """Return a field that must be there: its absence is a broken answer, not "nothing"."""
    if data.get(name) is None:
        raise UnreadableError(f"no {name}")
    return data[name]


def payload(body: Json) -> Json:
    """Return the envelope of the older APIs."""
    return fields.as_mapping(required(body, "payload"), "payload")


def listed(data: Json, name: str) -> list[Json]:
    """Return a list of rows that must be there, perhaps empty."""
    required(data, name)
    return fields.rows(data, name)


def failure(operation: Operation, response: requests.Response, body: bytes) -> AmazonError:
    """Return the error for a status that is no success. Amazon's error codes are spelled
    differently by each API, so the status decides and the code is only quoted."""
    status, request = response.status_code, request_id(response)
    problem, problems = _problem(body), _problems(body)
    code = "no JSON" if problem is None else str(problem.get("code", ""))
    where = (operation.name, status, request, code)
    if status == 429:
        return ThrottledError(*where)
    if status in (401, 403) and problem is not None:
        return _refusal(operation, where, problem)
    if status == 404:
        return NotFoundError(*where, problems=problems)
    # A 403 that is no JSON comes from a gateway on the way, and says nothing about roles.
    if 400 <= status < 500 and status not in (401, 403, 408, 425):
        return RejectedError(*where, problems=problems)
    return UnavailableError(*where)


def _refusal(operation: Operation, where: tuple[Any, ...], problem: Json) -> AmazonError:
    """Only the prose tells the reasons of a 403 apart; what speaks of no token is the role."""
    words = f"{problem.get('message', '')} {problem.get('details', '')}".lower()
    if where[1] == 403 and "token" not in words:
        return MissingRoleError(*where, role=operation.role)
    malformed = "malformed" in words and "revoked" not in words
    return TokenExpiredError(*where, reason="token_malformed" if malformed else "token_revoked")


def _object(body: bytes) -> Json:
    if not body.strip():
        raise UnreadableError("empty body")
    data = fields.as_mapping(decoded(body), "body")
    if data.get("errors"):
        raise UnreadableError("errors in a success")
    return data


def decoded(body: bytes) -> Any:
    """Return JSON with exact decimals; raises ``UnreadableError`` for anything else."""
    try:
        return json.loads(body, parse_float=fields.money, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        detail = "no JSON"
    raise UnreadableError(detail)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _problem(body: bytes) -> Json | None:
    """Return the first error of an error body; empty if it lists none, None if it is no JSON."""
    found = _errors(body)
    return found if found is None else (found or [{}])[0]


def _problems(body: bytes) -> tuple[Problem, ...]:
    try:
        return tuple(Problem.from_json(row) for row in _errors(body) or ())
    except UnreadableError:
        return ()


def _errors(body: bytes) -> list[Json] | None:
    try:
        return fields.rows(fields.as_mapping(decoded(body), "body"), "errors")
    except UnreadableError:
        return None
