"""Reports API 2021-06-30: made slowly, refused when asked too often, downloaded once."""

from typing import Any

from simulator import report_files, tokens
from simulator.operations import Call, Operation, Refused
from simulator.times import iso

DOCUMENT_LIFE_S = 300
IN_QUEUE_S, IN_PROGRESS_S = 2, 5
#: Near-real-time reports: asking again earlier ends in FATAL (models #4032).
NEAR_REAL_TIME_S = 1800
_ROOT = "/reports/2021-06-30"
_COLUMNS = "id, region, type, marketplaces, created, fate, polls"


def create_report(call: Call) -> dict[str, Any]:
    """Answer createReport. What becomes of the report is decided here."""
    body = call.body if isinstance(call.body, dict) else {}
    kind, ids = body.get("reportType"), body.get("marketplaceIds")
    if kind not in report_files.WRITERS:
        raise Refused(400, f"Report type {kind!r} is not supported", "InvalidInput")
    if not isinstance(ids, list) or not 1 <= len(ids) <= 25:
        raise Refused(400, "marketplaceIds must hold 1 to 25 ids", "InvalidInput")
    if not set(ids) <= set(call.moment.world.marketplace_ids):
        raise Refused(403, "Access to requested resource is denied.", "Unauthorized")
    row = (call.region, kind, ",".join(ids))
    with call.simulator.journal.writing() as db:
        too_soon = (
            kind in report_files.NEAR_REAL_TIME
            and db.execute(
                "SELECT 1 FROM report WHERE region = ? AND type = ? AND marketplaces = ?"
                " AND fate = 'DONE' AND created > ?",
                (*row, call.now - NEAR_REAL_TIME_S),
            ).fetchone()
        )
        fate = "FATAL" if too_soon else "DONE"
        scripted = {"report_fatal": "FATAL", "report_cancelled": "CANCELLED"}
        made = db.execute(
            "INSERT INTO report (region, type, marketplaces, created, fate) VALUES (?, ?, ?, ?, ?)",
            (*row, call.now, scripted.get(call.word, fate)),
        )
    return {"reportId": _report_id(int(made.lastrowid or 0))}


def get_report(call: Call, reportId: str) -> dict[str, Any]:
    """Answer getReport. Each look brings the report a step on, as do a few seconds."""
    number = _find(call, reportId)["id"]
    with call.simulator.journal.writing() as db:
        db.execute("UPDATE report SET polls = polls + 1 WHERE id = ?", (number,))
    return _show(call, _find(call, reportId))


def get_reports(call: Call) -> dict[str, Any]:
    """Answer getReports, newest first. A token must come alone."""
    query = call.query
    first = 0
    if "nextToken" in query:
        position = tokens.unseal("rep", query["nextToken"])
        if len(query) > 1 or position is None:
            raise Refused(400, "nextToken must be valid and the only parameter")
        query, first = position["query"], position["first"]
    elif "reportTypes" not in query:
        raise Refused(400, "reportTypes is required")
    found = [_show(call, row) for row in _rows(call) if _is_wanted(row, query)]
    states = query.get("processingStatuses")
    found = [one for one in found if not states or one["processingStatus"] in states]
    size = query.get("pageSize", 10)
    answer: dict[str, Any] = {"reports": found[first : first + size]}
    if first + size < len(found):
        answer["nextToken"] = tokens.seal("rep", query=query, first=first + size)
    return answer


def cancel_report(call: Call, reportId: str) -> None:
    """Answer cancelReport: only while it has not been started."""
    row = _find(call, reportId)
    if _state(call, row) != "IN_QUEUE":
        raise Refused(400, "The report can no longer be cancelled", "InvalidInput")
    with call.simulator.journal.writing() as db:
        db.execute("UPDATE report SET fate = 'CANCELLED', polls = 9 WHERE id = ?", (row["id"],))


def get_report_document(call: Call, reportDocumentId: str) -> dict[str, Any]:
    """Answer getReportDocument: an address that is good for 5 minutes, without our headers."""
    meaning = tokens.unseal("amzn1.spdoc.1.", reportDocumentId)
    if meaning is None:
        raise Refused(404, "The document does not exist", "NotFound")
    signature = tokens.seal("", report=meaning["report"], until=call.now + DOCUMENT_LIFE_S)
    query = f"X-Amz-Expires={DOCUMENT_LIFE_S}&X-Amz-Signature={signature}"
    return {
        "reportDocumentId": reportDocumentId,
        "url": f"{call.base_url}/documents/report.txt?{query}",
        "compressionAlgorithm": "GZIP",
    }


def report_of_signature(call: Call, signature: str) -> dict[str, Any] | None:
    """Return the report a download address stands for; ``None`` when it is over or forged."""
    meaning = tokens.unseal("", signature)
    if meaning is None or meaning.get("until", 0) < call.now:
        return None
    return _find(call, meaning["report"])


def _report_id(number: int) -> str:
    return f"{50000 + number}019323"


def _rows(call: Call) -> list[dict[str, Any]]:
    query = f"SELECT {_COLUMNS} FROM report WHERE region = ? ORDER BY id DESC"  # noqa: S608 - constants
    names = _COLUMNS.split(", ")
    found = call.simulator.journal.rows(query, call.region)
    return [dict(zip(names, row, strict=True)) for row in found]


def _find(call: Call, report_id: str) -> dict[str, Any]:
    for row in _rows(call):
        if _report_id(row["id"]) == report_id:
            return row
    raise Refused(404, f"Report {report_id} does not exist", "NotFound")


def _is_wanted(row: dict[str, Any], query: dict[str, Any]) -> bool:
    ids = query.get("marketplaceIds")
    return (
        row["type"] in query["reportTypes"]
        and (not ids or bool(set(ids) & set(row["marketplaces"].split(","))))
        and query.get("createdSince", 0) <= row["created"]
        and row["created"] <= query.get("createdUntil", float("inf"))
    )


def _state(call: Call, row: dict[str, Any]) -> str:
    age = call.now - row["created"]
    if row["polls"] < 2 and age < IN_QUEUE_S:
        return "IN_QUEUE"
    if row["polls"] < 3 and age < IN_PROGRESS_S:
        return "IN_PROGRESS"
    return str(row["fate"])


def _show(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    state, report_id = _state(call, row), _report_id(row["id"])
    report = {
        "reportId": report_id,
        "reportType": row["type"],
        "marketplaceIds": row["marketplaces"].split(","),
        "createdTime": iso(row["created"]),
        "dataStartTime": iso(row["created"]),
        "dataEndTime": iso(row["created"]),
        "processingStatus": state,
    }
    if state == "DONE":
        report["processingEndTime"] = iso(call.now)
        report["reportDocumentId"] = tokens.seal("amzn1.spdoc.1.", report=report_id)
    return report


OPERATIONS = (
    Operation("createReport", "POST", _ROOT + "/reports", create_report, status=202),
    Operation(
        "getReports",
        "GET",
        _ROOT + "/reports",
        get_reports,
        {
            "reportTypes": ["text"],
            "processingStatuses": [("CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE")],
            "marketplaceIds": ["text"],
            "pageSize": range(1, 101),
            "createdSince": "time",
            "createdUntil": "time",
            "nextToken": "text",
        },
    ),
    Operation("getReport", "GET", _ROOT + "/reports/<reportId>", get_report),
    Operation("cancelReport", "DELETE", _ROOT + "/reports/<reportId>", cancel_report),
    Operation(
        "getReportDocument",
        "GET",
        _ROOT + "/documents/<reportDocumentId>",
        get_report_document,
        {"enableContentEncodingUrlHeader": "flag"},
    ),
)
