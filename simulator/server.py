"""The Flask app that speaks Amazon's paths and JSON over a ``Simulator``."""

import json
import logging
from functools import partial
from typing import Any
from uuid import uuid4

from flask import Flask, Response, request

from simulator import (
    authorization,
    buckets,
    eligibility,
    faults,
    inbound_2024,
    inbound_v0,
    inventory,
    listings,
    report_files,
    reports,
    seller_central,
    sellers,
    sending,
    sending_packing,
    sending_papers,
    sending_placement,
    sending_transport,
    sending_windows,
    works,
)
from simulator.faults import Canned
from simulator.geography import REGIONS
from simulator.journal import count_call
from simulator.operations import Call, Operation, Refused, parse_query
from simulator.pretend import CREDENTIALS, Simulator

#: Header by which a view tells the transport or the socket what to do to the answer.
FAULT_HEADER = "X-Simulator-Fault"

OPERATIONS: tuple[Operation, ...] = (
    *sellers.OPERATIONS,
    *inventory.OPERATIONS,
    *listings.OPERATIONS,
    *reports.OPERATIONS,
    *inbound_v0.OPERATIONS,
    *inbound_2024.OPERATIONS,
    *eligibility.OPERATIONS,
    *works.OPERATIONS,
    *sending.OPERATIONS,
    *sending_packing.OPERATIONS,
    *sending_placement.OPERATIONS,
    *sending_transport.OPERATIONS,
    *sending_windows.OPERATIONS,
    *sending_papers.OPERATIONS,
)
logger = logging.getLogger(__name__)

#: The rate told while limits are off, calls a second: a client that listens stops waiting.
UNLIMITED = 1000.0


def create_simulator(simulator: Simulator, region: str = "NA") -> Flask:
    """Return the WSGI app: API, token endpoint, consent page, downloads and control page.

    The first label of the host (``na.``, ``eu.``, ``fe.``) tells the region, ``region`` where
    it tells none.
    """
    app = Flask("simulator", static_folder=None, template_folder=None)
    for operation in OPERATIONS:
        app.add_url_rule(
            operation.path,
            operation.name,
            partial(_serve, simulator, region, operation),
            methods=[operation.verb],
            provide_automatic_options=False,
        )
    app.add_url_rule("/auth/o2/token", "token", partial(_serve_token, simulator), methods=["POST"])
    app.add_url_rule("/apps/authorize/consent", "consent", authorization.consent_page)
    app.add_url_rule(
        "/apps/authorize/consent/approve",
        "approve",
        partial(authorization.approve_consent, simulator),
    )
    app.add_url_rule("/documents/report.txt", "download", partial(_download, simulator, region))
    app.add_url_rule("/documents/paper.pdf", "paper", partial(_paper, simulator))
    app.add_url_rule(
        "/simulator/control", "control", partial(_control, simulator), methods=["GET", "POST"]
    )
    app.register_error_handler(404, _no_such_path)
    app.register_error_handler(405, _no_such_path)
    return app


def _serve(simulator: Simulator, region: str, operation: Operation, **path: str) -> Response:
    call = Call(simulator, _region(region), request.url_root.rstrip("/"), simulator.clock())
    token = request.headers.get("x-amz-access-token")
    refusal = authorization.refusal(simulator, token)
    has_limits = simulator.limits
    is_allowed = True
    with simulator.journal.writing() as db:
        call.word = count_call(db, operation.name)
        works.settle(db, call)
        if has_limits and refusal is None:
            owner = f"{CREDENTIALS.seller_id}/{call.region}"
            is_allowed = buckets.take(db, owner, operation.name, call.now)
    canned = faults.canned(call.word) or refusal
    if canned is None and not is_allowed:
        canned = faults.THROTTLED
    if canned is None and call.word in faults.UNREACHED:
        canned = faults.errors(503, "ServiceUnavailable", "Nobody hears this.")
    answer = _canned(canned) if canned else _answer(operation, call, path)
    if call.word.startswith(faults.ACTED) and canned is None:
        instead = faults.canned(call.word.removeprefix(faults.ACTED))
        answer = _canned(instead) if instead else answer
    if call.word in (*faults.NETWORK, *faults.UNREACHED):
        answer.headers[FAULT_HEADER] = call.word
    rate = buckets.USAGE_PLANS[operation.name][0] if has_limits else UNLIMITED
    return _with_amazon_headers(answer, rate)


def _answer(operation: Operation, call: Call, path: dict[str, str]) -> Response:
    try:
        call.query = parse_query(operation, request.query_string.decode())
        if operation.verb in ("POST", "PUT"):
            call.body = request.get_json(silent=True)
        body = operation.answer(call, **path)
    except Refused as refused:
        logger.info("%s refused: %s", operation.name, refused.message)
        code = refused.code or operation.refusal_code
        return _canned(faults.errors(refused.status, code, refused.message, *refused.more))
    text = "" if body is None else json.dumps(body, separators=(",", ":"))
    return Response(text, status=operation.status, mimetype="application/json")


def _canned(canned: Canned) -> Response:
    return Response(canned.body, status=canned.status, content_type=canned.content_type)


def _with_amazon_headers(answer: Response, rate: float) -> Response:
    request_id = uuid4()
    answer.headers["x-amzn-RequestId"] = str(request_id)
    # Amazon leaves the rate out now and then, on refusals more often than not.
    odds = 8 if answer.status_code < 400 else 2
    if request_id.int % odds:
        answer.headers["x-amzn-RateLimit-Limit"] = str(rate)
    return answer


def _region(default: str) -> str:
    label = request.host.partition(".")[0].upper()
    return label if label in REGIONS else default


def _serve_token(simulator: Simulator) -> Response:
    with simulator.journal.writing() as db:
        word = count_call(db, "token")
    answer = faults.canned(word) or authorization.answer_token(simulator)
    if isinstance(answer, Canned):
        response = _canned(answer)
    else:
        response = Response(json.dumps(answer), mimetype="application/json")
    if word in faults.NETWORK:
        response.headers[FAULT_HEADER] = word
    return response


def _download(simulator: Simulator, region: str) -> Response:
    call = Call(simulator, _region(region), request.url_root.rstrip("/"), simulator.clock())
    with simulator.journal.writing() as db:
        word = count_call(db, "download")
    if "x-amz-access-token" in request.headers:
        # Storage knows nothing of the API's tokens; sending one there would leak it.
        return Response("<Error><Code>InvalidArgument</Code></Error>", 400)
    report = reports.report_of_signature(call, request.args.get("X-Amz-Signature", ""))
    if report is None:
        return Response("<Error><Code>AccessDenied</Code></Error>", 403)
    moment = simulator.moment(call.region, at=report["created"])
    file = report_files.write(moment, report["type"], report["marketplaces"].split(","))
    body = file.body[: len(file.body) // 2] if word == "bad_gzip" else file.body
    canned = faults.canned(word)
    answer = _canned(canned) if canned else Response(body, content_type=file.content_type)
    if word in faults.NETWORK:
        answer.headers[FAULT_HEADER] = word
    return answer


def _paper(simulator: Simulator) -> Response:
    """Labels lie in the same storage as reports: no tokens, and gone after seconds."""
    with simulator.journal.writing() as db:
        word = count_call(db, "paper")
    signature = request.args.get("X-Amz-Signature", "")
    file = sending_papers.file_of_signature(signature, simulator.clock())
    if "x-amz-access-token" in request.headers:
        return Response("<Error><Code>InvalidArgument</Code></Error>", 400)
    if file is None:
        return Response("<Error><Code>AccessDenied</Code></Error>", 403)
    canned = faults.canned(word)
    answer = _canned(canned) if canned else Response(file, content_type="application/pdf")
    if word in faults.NETWORK:
        answer.headers[FAULT_HEADER] = word
    return answer


def _control(simulator: Simulator) -> tuple[dict[str, Any], int]:
    """Show the counters; POST JSON to script answers, pass days, switch the limits, or act
    as the seller in Seller Central (``seller_central``: the arguments of its ``act``)."""
    wish = request.get_json(silent=True) or {}
    try:
        if "operation" in wish:
            simulator.will_answer(wish["operation"], *wish.get("answers", ()))
        if "pass_days" in wish:
            simulator.pass_days(int(wish["pass_days"]))
        if "limits" in wish:
            simulator.limits = bool(wish["limits"])
        if wish.get("reset_calls"):
            simulator.reset_calls()
        if "seller_central" in wish:
            seller_central.act(simulator, **wish["seller_central"])
    except (ValueError, TypeError) as error:
        return {"error": str(error)}, 400
    return {
        "calls": dict(simulator.calls),
        "hour": simulator.calendar().hour(simulator.clock()),
        "limits": simulator.limits,
        "scenario": simulator.scenario.name,
    }, 200


def _no_such_path(_error: Exception) -> Response:
    return _canned(faults.errors(404, "NotFound", "The requested resource does not exist."))
