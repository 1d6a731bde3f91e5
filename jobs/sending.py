"""Brings one order on its way to Amazon as far as no person is needed. Scope: the sending's id.

Each call that changes something is written down before it is made, and its answer right
after it. A call whose answer was lost is never repeated blindly: Amazon is asked first.
"""

import logging

from sqlalchemy.exc import SQLAlchemyError

from amazon.errors import (
    AmazonError,
    AuthorizationError,
    MissingRoleError,
    NotFoundError,
    RejectedError,
    ThrottledError,
    UnavailableError,
    UnclearError,
)
from amazon.option_types import OperationStatus
from extensions import db
from inventory.models import SendingState
from inventory.rules.sending import LOOKS, MOST_POLLS, poll_after_s
from inventory.rules.sending_turns import BINDING, CANCEL, CREATE, KINDS, Call, End, Wait, turn
from inventory.services import sending_facts, sending_problems, sending_steps, syncs
from inventory.services.sending_facts import Here
from jobs import sending_calls, sending_ends, sending_lost, sending_reads
from jobs.job import Job, JobStopped, Later
from jobs.sending_lost import wait

logger = logging.getLogger(__name__)

MOST_FAILURES = 3
AT_WORK = "Amazon is still working on it. It goes on by itself."
AMAZON_AWAY = "Amazon does not answer properly at the moment. Nothing is lost; go on later."
OUR_FAULT = "Something went wrong on our side. The log has the details; nothing is lost."


def sync_sending(job: Job) -> None:
    """Go on with a sending until a person must decide, Amazon needs long, or it is over."""
    sending_id = int(job.scope)
    try:
        while _step(job, sending_id):
            pass
    except (Later, ThrottledError, JobStopped, syncs.LostRun, SQLAlchemyError):
        raise
    except UnavailableError:
        if job.fence.attempt + 1 >= syncs.MAX_ATTEMPTS:
            _halt(job, sending_id, AMAZON_AWAY)
        raise
    except AuthorizationError as error:
        # With a new token it goes on by itself.
        sending_steps.note(sending_id, error.user_message)
        job.commit()
        raise
    except AmazonError as error:
        _halt(job, sending_id, error.user_message)
        raise
    except Exception:
        _halt(job, sending_id, OUR_FAULT)
        raise


def _step(job: Job, sending_id: int) -> bool:
    """Do one thing; return whether there may be more to do."""
    here = sending_facts.read(sending_id)
    job.commit()
    if here is None or here.is_over:
        return False
    if here.operation_id and here.facts.is_cancel_asked and here.operation != CANCEL:
        return _abandon(job, here)
    if here.call:
        return _poll(job, here) if here.operation_id else sending_lost.look(job, here)
    if here.state != SendingState.WORKING:
        return False
    found = turn(here.facts)
    job.commit(stage=found.step)
    if isinstance(found, Call):
        return _call(job, here, found)
    return _stop(job, here, found)


def _abandon(job: Job, here: Here) -> bool:
    """The plan is to be cancelled: how the operation would have ended does not matter."""
    sending_steps.withdraw(here.id)
    job.commit()
    return True


def _stop(job: Job, here: Here, found: Wait | End) -> bool:
    """Wait for a person, or be done."""
    if isinstance(found, End):
        sending_steps.done(here.id, found.step, found.message, run_id=job.run_id)
        job.commit()
        return False
    is_waiting = sending_steps.wait(here.id, here.version, found.step, found.message)
    job.commit()
    return not is_waiting


def _call(job: Job, here: Here, call: Call) -> bool:
    kind = KINDS.get(call.operation, ("", ""))[0]
    if kind in here.expired:
        sending_steps.expire(here.id, kind)
        job.commit()
        return True
    if call.operation == CREATE:
        return _create(job, here)
    _begin(job, here, call)
    return True


def _create(job: Job, here: Here) -> bool:
    """The pre-flight with Amazon's own answers, then the plan."""
    try:
        found = sending_reads.check(job.client, here)
    except MissingRoleError:
        raise
    except RejectedError as error:
        sending_problems.refuse_check(here.id, error.problems, error.user_message)
        job.commit()
        return False
    is_stopped = sending_problems.keep_preflight(here.id, found)
    fresh = sending_facts.read(here.id)
    assert fresh is not None
    job.commit()
    if is_stopped:
        return False
    call = turn(fresh.facts)
    if isinstance(call, Call) and call.operation == CREATE:
        _begin(job, fresh, call)
    return True


def _begin(job: Job, here: Here, call: Call) -> None:
    """Write the intent down, then make the call."""
    is_ours = sending_steps.intend(here.id, here.version, call.key, call.step, job.now())
    job.commit()
    if is_ours:
        _send(job, here, call)


def _send(job: Job, here: Here, call: Call) -> None:
    """Make the call that was written down. What is certain not to have left is taken back."""
    try:
        given = sending_calls.make(job.client, here, call.operation, call.shipment_id)
    except UnclearError as error:
        logger.warning("sending %d: %s", here.id, error)
        sending_steps.lose(here.id)
    except (ThrottledError, JobStopped):
        sending_steps.withdraw(here.id)
        job.commit()
        raise
    except RejectedError as error:
        sending_ends.refused(job, here, call, error)
    except AmazonError:
        sending_steps.withdraw(here.id)
        job.commit()
        raise
    else:
        sending_steps.answered(here.id, *given)
    job.commit()


def _poll(job: Job, here: Here) -> bool:
    """Ask how far the operation is, with growing waits."""
    try:
        status = job.client.get_inbound_operation_status(operation_id=here.operation_id)
    except NotFoundError:
        sending_steps.lose(here.id)
        job.commit()
        return True
    if status.is_success:
        sending_ends.succeed(job, here, status.problems)
        return True
    if status.is_failed:
        return _fail(job, here, status)
    sending_steps.looked(here.id, AT_WORK if here.looks > len(LOOKS) else None)
    if here.looks >= MOST_POLLS:
        sending_steps.halt_call(here.id, "Amazon has not finished this for hours. Look again.")
        job.commit()
        return False
    job.commit()
    wait(job, poll_after_s(here.looks), AT_WORK)
    return True


def _fail(job: Job, here: Here, status: OperationStatus) -> bool:
    codes = {one.code for one in status.problems if not one.is_warning}
    is_amazons = codes == {"InternalServerError"} and here.operation not in BINDING
    if is_amazons and here.failures + 1 < MOST_FAILURES:
        sending_steps.failed_inside(here.id)
        job.commit()
        return True
    return sending_ends.failed(job, here, list(status.problems))


def _halt(job: Job, sending_id: int, message: str) -> None:
    db.session.rollback()
    sending_steps.halt(sending_id, message)
    job.commit()
