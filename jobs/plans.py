"""Walk of the inbound plans for dates, carriers and quotes: hourly, in full nightly."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from amazon.errors import MissingRoleError, NotFoundError, RejectedError
from amazon.plans import PLAN_STATUSES
from amazon.types import InboundPlan, TransportationOption
from inventory.models import SyncKind
from inventory.rules import reading
from inventory.rules.sending import SKEW
from inventory.services import (
    first_seen,
    orders,
    plan_reading,
    plans,
    sending_news,
    shipment_reading,
    staleness,
    syncs,
)
from inventory.services.plan_reading import Known
from inventory.services.plans import Told
from jobs.job import Job

A_SECOND = timedelta(seconds=1)


def sync_plans(job: Job) -> None:
    """Join what version 2024-03-20 knows onto the shipments, and let their orders follow.

    Lists the plans of each status, newest first, then opens those that are new or changed, one
    plan per transaction, then looks again at open shipments without a chosen carrier (scope
    "full": at all open ones). A run that had to wait goes on where it was: what was opened
    is stored.
    """
    connection_id, is_full = job.connection.id, job.scope == syncs.FULL
    started = job.started()
    is_first = syncs.read_at(connection_id, SyncKind.PLANS) is None
    awaited = sending_news.awaited_since(connection_id)
    job.commit(stage="Plans", done=0)
    _list(job, awaited, stops_early=not is_first and not is_full)
    plan_ids = plan_reading.to_open(connection_id, full=is_full)
    _open_all(job, _rest(job, plan_ids))
    again = plan_reading.to_reopen(connection_id, started)
    _open_all(job, again, again=True)
    _look_again(job, {*plan_ids, *again}, full=is_full)
    moved = plans.place_guessed(connection_id, job.run_id)
    unknown = shipment_reading.mark_unknown_skus(connection_id)
    _follow(job, [*moved, *unknown])
    if is_first or is_full:
        _date(job)
    sending_news.hear(connection_id, job.run_id)
    staleness.evaluate(connection_id, run_id=job.run_id)
    syncs.mark(connection_id, SyncKind.PLANS, "", started)
    if is_full:
        syncs.mark(connection_id, SyncKind.PLANS, job.scope, started)
    job.commit(stage="")


def _list(job: Job, awaited: datetime | None, *, stops_early: bool) -> None:
    """Without a status Amazon lists ACTIVE plans only. There is no filter by time.

    A plan sent from here that was cancelled in Seller Central need not be on top of the VOIDED
    ones, for "last updated" lags: they are listed back to when the oldest of ours was sent.
    """
    done = 0
    for status in PLAN_STATUSES:
        for page in job.client.list_inbound_plans(status=status):
            result = plans.import_page(job.connection.id, page)
            done += len(page)
            job.commit(stage="Plans", done=done, counts=result.counts)
            is_hidden = status == "VOIDED" and _may_hide(page, awaited)
            if stops_early and result.all_known and not is_hidden:
                break


def _may_hide(page: Sequence[InboundPlan], since: datetime | None) -> bool:
    """Whether a plan made since then can still be on a later page: none is updated earlier."""
    times = [plan.updated_at for plan in page if plan.updated_at]
    return since is not None and (not times or min(times) >= since - SKEW)


def _rest(job: Job, plan_ids: list[str]) -> list[str]:
    """What a run that had to wait has not opened; new ones in front come with the next run."""
    last = job.cursor.get("opened")
    return plan_ids[plan_ids.index(last) + 1 :] if last in plan_ids else plan_ids


def _open_all(job: Job, plan_ids: Sequence[str], *, again: bool = False) -> None:
    known = plan_reading.known_shipments(job.connection.id)
    job.commit(stage="Plans", done=0, expected=len(plan_ids) or None)
    for done, plan_id in enumerate(plan_ids, 1):
        told = _open(job, plan_id, known)
        if not again:
            job.cursor["opened"] = plan_id
        if told is None:
            plans.mark_unreadable(job.connection.id, plan_id, job.now())
            job.commit(done=done, expected=len(plan_ids))
        else:
            _store(job, plan_id, told, done, len(plan_ids), again=again)


def _open(job: Job, plan_id: str, known: dict[str, Known]) -> list[Told] | None:
    """Return what a plan tells of its new and open shipments; None when it cannot be opened."""
    try:
        detail = job.client.get_inbound_plan(plan_id=plan_id)
    except MissingRoleError:
        raise
    except RejectedError:
        # Plans of Amazon Global Logistics are listed all the same (models #4419).
        return None
    return [
        _ask(job, plan_id, ref.shipment_id, known.get(ref.shipment_id))
        for ref in detail.shipments
        if ref.shipment_id not in known or known[ref.shipment_id].is_open
    ]


def _look_again(job: Job, opened: set[str], *, full: bool) -> None:
    """Open shipments whose plan was not opened now: their dates and carrier may have changed."""
    after = job.cursor.get("after", 0)
    known = plan_reading.known_shipments(job.connection.id)
    job.commit()
    waiting = [
        one
        for one in known.values()
        if one.is_open and one.id > after and one.plan_id not in opened
        if full or not one.option_id
    ]
    for done, one in enumerate(waiting, 1):
        try:
            told = [_ask(job, one.plan_id, one.plan_shipment_id, one)]
        except NotFoundError:
            told = []
        job.cursor["after"] = one.id
        _store(job, one.plan_id, told, done, len(waiting), stage="Dates")


def _ask(job: Job, plan_id: str, shipment_id: str, known: Known | None) -> Told:
    """The chosen option is looked up once: when there is one and it is not the stored one."""
    shipment = job.client.get_shipment(plan_id=plan_id, shipment_id=shipment_id)
    wanted = shipment.selected_option_id
    if wanted is None:
        return Told(shipment)
    if known and known.option_id == wanted:
        return Told(shipment, keeps_option=True)
    pages = job.client.list_transportation_options(plan_id=plan_id, shipment_id=shipment_id)
    return Told(shipment, _chosen(pages, wanted))


def _chosen(
    pages: Iterable[list[TransportationOption]], option_id: str
) -> TransportationOption | None:
    return next(
        (option for page in pages for option in page if option.option_id == option_id), None
    )


def _store(
    job: Job,
    plan_id: str,
    told: Sequence[Told],
    done: int,
    expected: int,
    *,
    again: bool = False,
    stage: str = "Plans",
) -> None:
    changed = plans.join(
        job.connection.id, plan_id, told, job.run_id, opened_at=job.now(), again=again
    )
    followed = orders.follow(job.connection.id, changed, job.run_id)
    job.commit(stage=stage, done=done, expected=expected, counts=followed.counts)


def _follow(job: Job, shipment_ids: Sequence[int]) -> None:
    followed = orders.follow(job.connection.id, shipment_ids, job.run_id)
    job.commit(counts=followed.counts)


def _date(job: Job) -> None:
    """Date what neither a plan nor a name dates, by the newest window that still has it."""
    undated = first_seen.undated(job.connection.id)
    job.commit(stage="First seen", done=0, expected=len(undated) or None)
    found: dict[str, datetime] = {}
    ids = undated
    for since, until in reading.halves(job.now() + A_SECOND):
        if not ids:
            break
        pages = job.client.get_shipments(
            marketplace_id=job.connection.primary_marketplace_id,
            shipment_ids=ids,
            updated_after=since,
            updated_before=until,
        )
        ids = [
            remote.shipment_id for page in pages for remote in page if remote.shipment_id in undated
        ]
        found |= dict.fromkeys(ids, since)
    _follow(job, first_seen.store(job.connection.id, found, job.run_id))
