"""Getting a report: ask for it or go on with one asked for, wait for it, find its file."""

from dataclasses import dataclass

from amazon.errors import ThrottledError, UnavailableError
from amazon.types import ReportDocument
from inventory.services import reports
from jobs.job import Job

#: Seconds between looks. After the last the run makes room for others and comes back.
LOOKS_S = (5.0, 10.0, 15.0, 30.0, 30.0, 30.0, 30.0, 30.0)
COME_BACK_S = 120.0


class ReportNotReady(ThrottledError):
    """Amazon is still at it: the run goes on later, with the same report."""

    @property
    def user_message(self) -> str:
        return "Amazon is still preparing the report. The sync goes on by itself."


@dataclass(frozen=True, slots=True)
class Fetched:
    """A report that is done. Note it as applied when its rows are stored."""

    id: int
    document: ReportDocument


def fetch(job: Job, report_type: str, *marketplace_ids: str) -> Fetched | None:
    """Return the file of a report; ``None`` when Amazon says that there is nothing to report.

    Goes on with a report that is under way or not older than 30 minutes. Raises
    ``ReportNotReady`` when it takes long or failed once (Amazon refuses to make some more
    often than every 30 minutes), ``UnavailableError`` when it failed twice. Commits.
    """
    key = (job.connection.id, report_type, ",".join(marketplace_ids))
    asked = reports.usable(*key)
    job.commit(stage="Waiting for a report from Amazon")
    if asked is None:
        amazon_id = job.client.create_report(
            report_type=report_type, marketplace_ids=marketplace_ids
        )
        asked = reports.add(*key, amazon_id)
        job.commit()
    document_id = asked.document_id or _wait(job, asked, key)
    if not document_id:
        return None
    return Fetched(asked.id, job.client.get_report_document(document_id=document_id))


def applied(fetched: Fetched) -> None:
    """Note that the report's rows are stored. Flushes."""
    reports.note(fetched.id, reports.APPLIED)


def _wait(job: Job, asked: reports.Asked, key: tuple[int, str, str]) -> str:
    """Return the document's id, empty if there is none to come."""
    for pause_s in (0.0, *LOOKS_S):
        if pause_s:
            job.client.pause("getReport", pause_s)
        report = job.client.get_report(report_id=asked.amazon_report_id)
        if report.status == "DONE" and report.document_id:
            reports.note(asked.id, reports.DONE, report.document_id)
            job.commit()
            return report.document_id
        if report.status == "CANCELLED":
            reports.note(asked.id, reports.FAILED)
            job.commit()
            return ""
        if report.status == "FATAL":
            _refuse(job, asked, key)
    raise ReportNotReady("getReport", 200, retry_after_s=COME_BACK_S)


def _refuse(job: Job, asked: reports.Asked, key: tuple[int, str, str]) -> None:
    reports.note(asked.id, reports.FAILED)
    is_first = reports.failed_lately(*key) < 2
    job.commit()
    if is_first:
        raise ReportNotReady("getReport", 200, retry_after_s=reports.FRESH.total_seconds())
    raise UnavailableError("getReport", 200, "", "FATAL")
