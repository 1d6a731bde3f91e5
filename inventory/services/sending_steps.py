"""What the job writes down about a sending: before each call, after it, and what comes of it.

Everything flushes; the job commits. ``key`` is an operation of Amazon's, with ":" and the
shipment where it is of one.
"""

from collections.abc import Sequence
from datetime import datetime

from amazon.problems import Problem as Objection
from extensions import db
from inventory.models import Sending, SendingState, SendingStep
from inventory.rules.sending import LOOKS, Step
from inventory.rules.sending_turns import BINDING, CREATE, KINDS, PREP
from inventory.services import accounts, sending_ends, sending_problems, sending_rows
from inventory.services.sending_rows import taken

#: Who reads it decides when this is over.
LOST = "Unclear: Amazon’s answer was lost. We look what Amazon knows before anything is sent."


def intend(sending_id: int, version: int, key: str, step: Step, at: datetime) -> bool:
    """Write down that a call is about to be made; False if somebody has changed it since."""
    sending = taken(sending_id)
    if sending.version != version:
        return False
    sending.state, sending.step = SendingState.WORKING, SendingStep(step.lower())
    sending.call, sending.called_at, sending.operation_id = key, at, ""
    sending.looks, sending.message = 0, ""
    sending.tries += 1
    db.session.flush()
    return True


def withdraw(sending_id: int) -> None:
    """Take the intent back: it is certain that nothing was done."""
    sending = taken(sending_id)
    _clear(sending)
    db.session.flush()


def answered(sending_id: int, operation_id: str, plan_id: str = "") -> None:
    """Keep what Amazon gave at once: the operation to ask for, and the plan."""
    sending = taken(sending_id)
    sending.operation_id, sending.looks = operation_id, 0
    sending.plan_id = plan_id or sending.plan_id
    db.session.flush()


def lose(sending_id: int) -> None:
    """The answer was lost: nothing is sent before it is known whether Amazon did it."""
    sending = taken(sending_id)
    if sending.state != SendingState.UNCLEAR:
        sending.state, sending.message, sending.operation_id = SendingState.UNCLEAR, LOST, ""
        sending.looks = 0
    db.session.flush()


def looked(sending_id: int, message: str | None = None) -> None:
    """Count a look at an operation, or for what a lost call did."""
    sending = taken(sending_id)
    sending.looks += 1
    if message is not None:
        sending.message = message[:500]
    db.session.flush()


def looked_for_person(sending_id: int) -> None:
    """Note that Amazon shows nothing yet to somebody who asked; the looks that count go on."""
    sending = taken(sending_id)
    facts = {key: value for key, value in sending.call_facts.items() if key != "look_asked"}
    sending.call_facts = facts
    at = accounts.now().astimezone(accounts.timezone())
    sending.message = f"Looked at {at:%H:%M:%S}: Amazon shows nothing of it yet. We go on looking."
    db.session.flush()


def adopt(sending_id: int, plan_id: str, at: datetime) -> None:
    """The plan was found by its marker: it is ours."""
    sending = taken(sending_id)
    sending.plan_id, sending.adopted_at = plan_id, at
    sending.message = "The plan was found at Amazon. We watch whether it holds."
    db.session.flush()


def over(sending_id: int, warnings: Sequence[Objection] = ()) -> Sending:
    """The call under way has succeeded; return the sending. Warnings are kept."""
    sending = taken(sending_id)
    sending_problems.keep(sending, warnings)
    if sending.call and sending.call not in sending.done:
        sending.done = [*sending.done, sending.call]
    _clear(sending)
    sending.state, sending.call_facts = SendingState.WORKING, {}
    db.session.flush()
    return sending


def failed_inside(sending_id: int) -> None:
    """Amazon failed by itself: the call is made again, a few times."""
    sending = taken(sending_id)
    sending.call_facts = {"failures": int(sending.call_facts.get("failures", 0)) + 1}
    _clear(sending)
    sending.state = SendingState.WORKING
    db.session.flush()


def refuse(
    sending_id: int, objections: Sequence[Objection], message: str, *, run_id: int | None
) -> None:
    """Amazon has refused the call under way: all objections are kept, and a person acts.

    Without a plan there is nothing at Amazon, so the order is free again. An owner that
    Amazon does not take of a SKU is replaced by the one it names, once.
    """
    sending = taken(sending_id)
    key = sending.call
    sending_problems.keep(sending, objections)
    _clear(sending)
    if key == CREATE and sending_problems.correct_owners(sending, objections):
        sending.state = SendingState.WORKING
    elif key == CREATE:
        sending.plan_id = ""
        sending_ends.end(sending, SendingState.FAILED, message, run_id=run_id)
    else:
        sending.state, sending.refused, sending.message = SendingState.WAITING, key, message[:500]
        sending.cancel_asked_at = None
        if key in BINDING:
            _take_back_agreement(sending, key)
        if key == PREP:
            for line in sending_rows.lines(sending):
                line.is_prep_wanted = False
    db.session.flush()


def resume(sending_id: int) -> None:
    """A lost call is known not to have been done: it may be sent."""
    sending = taken(sending_id)
    sending.state, sending.message = SendingState.WORKING, ""
    db.session.flush()


def offer(sending_id: int, message: str) -> None:
    """Looks can tell no more: a person decides."""
    sending = taken(sending_id)
    sending.looks, sending.message = len(LOOKS), message[:500]
    db.session.flush()


def halt_call(sending_id: int, message: str) -> None:
    """Amazon does not finish: a person says when to look again, or cancels."""
    sending = taken(sending_id)
    sending.state, sending.message, sending.looks = SendingState.WAITING, message, 0
    db.session.flush()


def expire(sending_id: int, kind: str) -> None:
    """A chosen offer is over: new ones are asked for, and a person looks at the price again."""
    sending = taken(sending_id)
    generate = next(asks for one, asks in KINDS.values() if one == kind)
    _clear(sending)
    sending.state = SendingState.WORKING
    sending.done = [one for one in sending.done if one.split(":")[0] != generate]
    sending.transport_agreed_at = None
    if kind == "placement":
        sending.placement_agreed_at = None
    if kind == "packing":
        sending.packing_option_id = ""
    db.session.flush()


def wait(sending_id: int, version: int, step: Step, message: str) -> bool:
    """Stop until a person has decided; False if somebody just has.

    An earlier, more precise sentence stays where ``message`` is empty.
    """
    sending = taken(sending_id)
    if sending.version != version:
        return False
    if sending.state == SendingState.WORKING:
        sending.message = message or sending.message
    sending.state, sending.step = SendingState.WAITING, SendingStep(step.lower())
    db.session.flush()
    return True


def halt(sending_id: int, message: str) -> None:
    """Something keeps it from going on: say so. A lost call stays unclear."""
    sending = taken(sending_id)
    if sending.ended_at is None:
        if sending.state == SendingState.WORKING and not sending.call:
            sending.state = SendingState.WAITING
        sending.message = message[:500]
    db.session.flush()


def done(sending_id: int, step: Step, message: str, *, run_id: int | None) -> None:
    """Nothing is left to do."""
    sending = taken(sending_id)
    sending.step = SendingStep(step.lower())
    if sending.ended_at is None:
        sending_ends.end(sending, SendingState.DONE, message, run_id=run_id)


def end(sending_id: int, state: SendingState, message: str, *, run_id: int | None) -> None:
    """Amazon has no such plan any more: end with a sentence."""
    sending_ends.end(taken(sending_id), state, message, run_id=run_id)


def note(sending_id: int, message: str) -> None:
    """Say what it waits for; it goes on by itself."""
    sending = taken(sending_id)
    if sending.ended_at is None and not sending.call:
        sending.message = message[:500]
    db.session.flush()


def _take_back_agreement(sending: Sending, key: str) -> None:
    """What was confirmed did not come about: a person confirms what comes instead."""
    sending.transport_agreed_at = None
    if key == "confirmPlacementOption":
        sending.placement_agreed_at = None


def _clear(sending: Sending) -> None:
    sending.call, sending.called_at, sending.operation_id, sending.looks = "", None, "", 0
