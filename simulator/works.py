"""Asynchronous operations: begun with 202, done a few looks or seconds later, or never."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from simulator import dice, drafts
from simulator.drafts import Draft
from simulator.operations import Call, Operation, Refused

#: A look too many, or as many seconds, and the operation is done.
LOOKS, SECONDS = 2, 6.0

Problem = dict[str, str]


def problem(code: str, message: str, details: str = "", severity: str = "ERROR") -> Problem:
    """Return one entry of operationProblems."""
    return {"code": code, "message": message, "details": details, "severity": severity}


def start(
    call: Call,
    db: sqlite3.Connection,
    operation: str,
    draft: Draft | None = None,
    changes: Mapping[str, Any] | None = None,
    *,
    problems: Sequence[Problem] = (),
    on_failure: Mapping[str, Any] | None = None,
) -> str:
    """Begin an operation; return its id. ``changes`` come true when it succeeds: of the plan,
    or without one ``prep``, which maps a SKU to country, category and types.

    A problem of severity ERROR makes it fail, as do scripted words; ``on_failure`` are the
    changes then. Must be inside a transaction.
    """
    found = [*problems, *_scripted(call.word)]
    is_failing = any(one["severity"] == "ERROR" for one in found)
    fate = "FAILED" if is_failing else "SUCCESS"
    count = db.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM work").fetchone()[0]
    name = dice.long_id("", call.simulator.seed, call.region, "work", count)
    db.execute(
        "INSERT INTO work (region, plan, name, operation, created, fate, problems, changes)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            call.region,
            draft.id if draft else "",
            name,
            operation,
            call.now,
            "ENDLESS" if call.word == "endless" else fate,
            json.dumps(found),
            json.dumps(dict((on_failure if is_failing else changes) or {})),
        ),
    )
    return name


def settle(db: sqlite3.Connection, call: Call) -> None:
    """Finish what is due. Called before each answer, inside its transaction."""
    rows = db.execute(
        "SELECT id, region, plan, changes FROM work"
        " WHERE settled IS NULL AND created <= ? AND fate <> 'ENDLESS' ORDER BY id",
        (call.now - SECONDS,),
    ).fetchall()
    for row in rows:
        _finish(db, call, *row)


def get_inbound_operation_status(call: Call, operationId: str) -> dict[str, Any]:
    """Answer getInboundOperationStatus. Each look brings the operation a step on."""
    if len(operationId) != 36:
        raise Refused(400, "The operationId is malformed.")
    with call.simulator.journal.writing() as db:
        row = db.execute(
            "SELECT id, region, plan, changes, operation, fate, problems, polls, settled"
            " FROM work WHERE region = ? AND name = ?",
            (call.region, operationId),
        ).fetchone()
        if row is None:
            raise Refused(404, f"Operation {operationId} does not exist", "NotFound")
        operation, fate, problems, polls, settled = row[4:]
        is_done = settled is not None or (polls >= LOOKS and fate != "ENDLESS")
        if is_done and settled is None:
            _finish(db, call, *row[:4])
        db.execute("UPDATE work SET polls = polls + 1 WHERE id = ?", (row[0],))
    return {
        "operation": operation,
        "operationId": operationId,
        "operationStatus": fate if is_done else "IN_PROGRESS",
        "operationProblems": json.loads(problems) if is_done else [],
    }


def _finish(
    db: sqlite3.Connection, call: Call, number: int, region: str, plan: str, changes: str
) -> None:
    db.execute("UPDATE work SET settled = ? WHERE id = ?", (call.now, number))
    wanted = json.loads(changes)
    draft = drafts.find(db, region, plan) if plan and wanted else None
    if draft is not None:
        drafts.change(db, draft, wanted, call.stamp)
    for sku, (country, category, types) in wanted.get("prep", {}).items():
        db.execute(
            "INSERT OR REPLACE INTO prep VALUES (?, ?, ?, ?, ?)",
            (region, country, sku, category, json.dumps(types)),
        )


def _scripted(word: str) -> list[Problem]:
    if word == "failed":
        return [problem("InternalServerError", "An internal error occurred. Try again.")]
    if word == "warnings":
        text = "The dimension does not match what is expected."
        return [problem("DimensionMismatch", text, severity="WARNING")]
    return []


OPERATIONS = (
    Operation(
        "getInboundOperationStatus",
        "GET",
        "/inbound/fba/2024-03-20/operations/<operationId>",
        get_inbound_operation_status,
        refusal_code="BadRequest",
    ),
)
