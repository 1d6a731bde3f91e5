"""What Amazon and the pre-flight object to, kept with the lines it is about, over all tries.

Everything flushes; the job commits.
"""

from collections.abc import Iterable, Sequence

from amazon.problems import Problem as Objection
from extensions import db
from inventory.models import Sending, SendingProblem, SendingState, SendingStep
from inventory.rules import preflight
from inventory.rules.objections import accepted_owner, lines_of
from inventory.services import accounts, sending_rows
from inventory.services.sending_rows import taken


def keep_preflight(sending_id: int, found: Iterable[preflight.Problem]) -> bool:
    """Keep what the pre-flight found; return whether it stops the sending."""
    sending = taken(sending_id)
    sending.tries += 1
    rows = list(found)
    for one in rows:
        words = {"code": one.code, "message": one.reason, "details": one.fix}
        _add(sending, one.sku, one.severity.upper(), **words)
    is_stopped = bool(preflight.errors(rows))
    if is_stopped:
        sending.state, sending.step = SendingState.WAITING, SendingStep.PLAN
        sending.message = "Amazon would refuse this, so nothing was sent. See each line."
    db.session.flush()
    return is_stopped


def refuse_check(sending_id: int, objections: Sequence[Objection], message: str) -> None:
    """Amazon would not even answer about these SKUs: nothing was sent, a person looks."""
    sending = taken(sending_id)
    sending.tries += 1
    keep(sending, objections)
    sending.state, sending.step = SendingState.WAITING, SendingStep.PLAN
    sending.message = message[:500]
    db.session.flush()


def correct_owners(sending: Sending, objections: Sequence[Objection]) -> bool:
    """Give lines the owners that Amazon names; False where that is not all that is wrong."""
    by_sku = {line.seller_sku: line for line in sending_rows.lines(sending)}
    fixes = []
    for one in objections:
        text = f"{one.message} {one.details}"
        accepted, skus = accepted_owner(text), lines_of(text, by_sku)
        if accepted is None or len(skus) != 1 or accepted.field in by_sku[skus[0]].corrected:
            return False
        fixes.append((by_sku[skus[0]], accepted))
    for line, accepted in fixes:
        line.corrected = [*line.corrected, accepted.field]
        if accepted.field == "prepOwner":
            line.prep_owner = accepted.owner
        else:
            line.label_owner = accepted.owner
    return bool(fixes)


def keep(sending: Sending, objections: Sequence[Objection]) -> None:
    """Keep objections, each with the line it names if it is one."""
    skus = [line.seller_sku for line in sending_rows.lines(sending)]
    for one in objections:
        named = lines_of(f"{one.message} {one.details}", skus)
        sku = named[0] if len(named) == 1 else ""
        words = {"code": one.code, "message": one.message, "details": one.details}
        _add(sending, sku, one.severity, **words)


def _add(sending: Sending, sku: str, severity: str, **words: str) -> None:
    db.session.add(
        SendingProblem(
            sending_id=sending.id,
            step=sending.step,
            try_number=sending.tries,
            seller_sku=sku,
            code=words["code"][:64],
            message=words["message"][:1000],
            details=words["details"][:1000],
            severity=severity[:16],
            seen_at=accounts.now(),
        )
    )
