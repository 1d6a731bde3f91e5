"""How a call of a sending ends: what it brought is read and kept, or what Amazon objects to."""

from collections.abc import Sequence

from amazon.errors import MissingRoleError, RejectedError
from amazon.problems import Problem
from inventory.models import SendingState
from inventory.rules.objections import is_idle
from inventory.rules.sending import Route
from inventory.rules.sending_turns import CANCEL, CREATE, KINDS, PREP, Call
from inventory.services import sending_offers, sending_steps
from inventory.services.sending_facts import Here
from jobs import sending_looks, sending_reads
from jobs.job import Job

GONE = "The plan was canceled at Amazon."
VOIDED = "Amazon took the plan and voided it at once."
EXPIRED = "expired"
REFUSED = "Amazon refused this ({operation}): {reason}"


def succeed(job: Job, here: Here, warnings: Sequence[Problem]) -> None:
    """The call is over: read what it brought, keep it, and go on. Commits."""
    operation, shipment_id = here.operation, here.shipment_id
    is_freight = here.route == Route.FREIGHT
    warnings = [
        one for one in warnings if not is_idle(operation, one.message, is_freight=is_freight)
    ]
    if operation == CREATE:
        plan = job.client.get_inbound_plan(plan_id=here.plan_id)
        is_bad = plan.status == "ERRORED" or sending_looks.is_gone(plan)
        settle(job, here, plan.status if is_bad else "", warnings)
    elif operation == CANCEL:
        sending_steps.over(here.id, warnings)
        _end(job, here, SendingState.CANCELED, "The plan at Amazon is canceled.")
    elif operation in sending_reads.OFFERS:
        kind, read = sending_reads.OFFERS[operation]
        offers = read(job.client, here, shipment_id)
        sending = sending_steps.over(here.id, warnings)
        sending_offers.store(sending, kind, offers, shipment_id)
        job.commit()
    else:
        _become(job, here, warnings)


def settle(job: Job, here: Here, bad: str, warnings: Sequence[Problem] = ()) -> None:
    """The plan is made; or it was voided or failed right after Amazon had taken it. Commits."""
    sending_steps.over(here.id, warnings)
    if bad == "ERRORED":
        _end(job, here, SendingState.FAILED, "Amazon could not make the plan.")
    elif bad:
        _end(job, here, SendingState.VOIDED, VOIDED)
    else:
        job.commit()


def refused(job: Job, here: Here, call: Call, error: RejectedError) -> None:
    """Amazon says no at once. It may be that the plan is gone, or that it was done before."""
    if isinstance(error, MissingRoleError):
        sending_steps.refuse(here.id, (), error.user_message, run_id=job.run_id)
        return
    if call.operation == CREATE:
        _refuse(job, here, call.operation, list(error.problems))
        return
    plan = job.client.get_inbound_plan(plan_id=here.plan_id) if here.plan_id else None
    if plan is not None and sending_looks.is_gone(plan):
        sending_steps.over(here.id)
        _end(job, here, SendingState.CANCELED, GONE)
    elif sending_looks.is_done(job.client, here, call.operation, call.shipment_id) and (
        call.operation not in sending_reads.OFFERS
    ):
        _become(job, here, (), operation=call.operation)
    else:
        _refuse(job, here, call.operation, list(error.problems))


def failed(job: Job, here: Here, problems: list[Problem]) -> bool:
    """The operation has failed: its objections are kept. Commits. False: nothing goes on."""
    _refuse(job, here, here.operation, problems)
    job.commit()
    return True


def _refuse(job: Job, here: Here, operation: str, problems: list[Problem]) -> None:
    texts = [one.message or one.details or one.code for one in problems if not one.is_warning]
    kind = KINDS.get(operation, ("", ""))[0]
    if kind and any(EXPIRED in text.lower() for text in texts):
        sending_steps.expire(here.id, kind)
        return
    reason = texts[0] if texts else "no reason given"
    message = REFUSED.format(operation=operation, reason=reason)
    sending_steps.refuse(here.id, problems, message, run_id=job.run_id)


def _become(job: Job, here: Here, warnings: Sequence[Problem], *, operation: str = "") -> None:
    """Keep what has become real: shipments, boxes, the carrier's price. Commits."""
    operation = operation or here.operation
    if operation == "confirmPlacementOption":
        ids = [leg.shipment_id for leg in here.legs]
        real = [job.client.get_shipment(plan_id=here.plan_id, shipment_id=one) for one in ids]
        boxes = sending_reads.box_ids(job.client, here)
        sending = sending_steps.over(here.id, warnings)
        sending_offers.place(sending, real)
        sending_offers.pack(sending, boxes)
    elif operation == "confirmTransportationOptions":
        confirmed = sending_reads.confirmed(job.client, here)
        boxes = sending_reads.box_ids(job.client, here)
        sending = sending_steps.over(here.id, warnings)
        sending_offers.order(sending, confirmed)
        sending_offers.pack(sending, boxes)
    else:
        sending = sending_steps.over(here.id, warnings)
        if operation == PREP:
            sending_offers.prepared(sending)
    job.commit()


def _end(job: Job, here: Here, state: SendingState, message: str) -> None:
    sending_steps.end(here.id, state, message, run_id=job.run_id)
    job.commit()
