"""A call of a sending whose answer was lost: looked for, adopted, or offered to a person."""

from datetime import timedelta

from inventory.models import SendingState
from inventory.rules.sending import LOOKS, Verdict, verdict
from inventory.rules.sending_turns import BINDING, CREATE
from inventory.services import sending_steps
from inventory.services.sending_facts import Here
from jobs import sending_ends, sending_looks
from jobs.job import Job, Later

#: Longer waits let other work of the connection go on.
PATIENCE_S = 30
#: Amazon tells no operation of a plan that was found, so it is watched for a while.
SETTLE = timedelta(seconds=60)
#: Looks after which a call that changes nothing when done twice is sent again.
ENOUGH_LOOKS = 2


def look(job: Job, here: Here) -> bool:
    """A call without an answer: see what Amazon shows of it, at growing intervals."""
    if here.state != SendingState.UNCLEAR:
        sending_steps.lose(here.id)
        job.commit()
        return True
    assert here.called_at is not None
    if here.operation == CREATE and here.plan_id:
        return _watch(job, here)
    if here.looks < len(LOOKS) and not here.is_look_asked:
        due = here.called_at + LOOKS[here.looks]
        wait(job, (due - job.now()).total_seconds(), sending_steps.LOST)
    if here.operation == CREATE:
        return _look_for_plan(job, here)
    if sending_looks.is_done(job.client, here, here.operation, here.shipment_id):
        sending_ends.succeed(job, here, ())
        return True
    is_enough = here.looks + 1 >= ENOUGH_LOOKS and not here.is_look_asked
    if here.operation not in BINDING and is_enough:
        # Done twice these change nothing: the same is set, asked for, or refused by Amazon.
        sending_steps.withdraw(here.id)
        sending_steps.resume(here.id)
        job.commit()
        return True
    return _count_look(job, here)


def _look_for_plan(job: Job, here: Here) -> bool:
    assert here.called_at is not None
    found = sending_looks.marked(job.client, here, here.called_at)
    match verdict(len(found), here.looks + 1):
        case Verdict.ADOPT:
            sending_steps.adopt(here.id, found[0].plan_id, job.now())
        case Verdict.ALERT:
            message = (
                f"Amazon shows {len(found)} plans named {here.plan_name}. Cancel all but one in "
                "Seller Central, then look again."
            )
            sending_steps.offer(here.id, message)
            job.commit()
            return False
        case _:
            return _count_look(job, here)
    job.commit()
    return True


def _count_look(job: Job, here: Here) -> bool:
    if here.is_look_asked:
        # It comes before its time: five of these would be no quarter of an hour.
        sending_steps.looked_for_person(here.id)
        job.commit()
        return here.looks < len(LOOKS)
    is_last = here.looks + 1 >= len(LOOKS)
    what = f"plan named {here.plan_name}" if here.operation == CREATE else "sign of it"
    message = f"Amazon shows no {what}. Send it again, or look once more."
    sending_steps.looked(here.id, message if is_last else None)
    job.commit()
    return not is_last


def _watch(job: Job, here: Here) -> bool:
    """A plan that was found has no operation to ask for: see whether it holds for a while."""
    assert here.called_at is not None
    plan = job.client.get_inbound_plan(plan_id=here.plan_id)
    is_bad = plan.status == "ERRORED" or sending_looks.is_gone(plan)
    if not is_bad:
        left = here.called_at + SETTLE - job.now()
        if left > timedelta():
            wait(job, left.total_seconds(), sending_steps.LOST)
            return True
    sending_ends.settle(job, here, plan.status if is_bad else "")
    return True


def wait(job: Job, seconds: float, message: str) -> None:
    """Wait here if it is short; else let the connection do other work until then."""
    if seconds <= 0:
        return
    if seconds > PATIENCE_S:
        raise Later(job.now() + timedelta(seconds=seconds), message)
    job.client.pause("getInboundOperationStatus", seconds)
