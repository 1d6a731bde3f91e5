"""Brings up to date how a shared pool is spread over its countries: a part of the stock sync.

Only a report tells that. Whatever goes wrong with it, the pool's own figures are there.
"""

import logging
from datetime import datetime, timedelta

from amazon.errors import RejectedError, ThrottledError, UnavailableError
from inventory.models import SyncKind
from inventory.rules.stock import split
from inventory.services import changes, listing_rows, local_stock, second_looks
from inventory.services import reports as asked
from jobs import reports
from jobs.job import Job

logger = logging.getLogger(__name__)

REPORT = "GET_AFN_INVENTORY_DATA_BY_COUNTRY"
#: Amazon makes it anew so often; asked sooner it is FATAL.
EVERY = timedelta(hours=4)
#: Where second looks keep that the last report was empty.
_PLACE = "by country"


def read_split(job: Job, started: datetime) -> None:
    """Read the report of all marketplaces that share a pool, if there are any and it is time.

    One that is not ready, fails or is refused changes nothing; a later stock sync goes on.
    """
    marketplaces = local_stock.marketplaces(job.connection.id)
    key = (job.connection.id, REPORT, ",".join(marketplaces))
    is_due = bool(marketplaces) and asked.is_due(*key, EVERY)
    job.commit()
    if not is_due:
        return
    try:
        fetched = reports.fetch(job, REPORT, *marketplaces)
        found = _read(job, fetched) if fetched else {}
    except (ThrottledError, UnavailableError) as error:
        logger.warning("stock by country put off: %s", error)
        job.commit(stage="Stock by country is not ready at Amazon: a later sync reads it")
    except RejectedError as error:
        logger.warning("stock by country left out: %s", error)
        asked.give_up(*key)
        job.commit(stage="Amazon refused the report of stock by country")
    else:
        _judge(job, found, started)
        if fetched:
            reports.applied(fetched)
        job.commit()


def _read(job: Job, fetched: reports.Fetched) -> local_stock.Split:
    rows = job.client.download_local_stock(fetched.document)
    return split((one.seller_sku, one.country, one.units) for one in rows)


def _judge(job: Job, found: local_stock.Split, started: datetime) -> None:
    """Store what the report says; it is empty where Amazon says that there is nothing.

    Believe an empty report only when the next one is empty too."""
    connection_id = job.connection.id
    key = (connection_id, SyncKind.STOCK, _PLACE)
    whole = local_stock.with_letters(connection_id, found)
    skus = local_stock.concerned(connection_id, whole)
    if whole:
        second_looks.forget(*key)
    elif skus and not second_looks.agrees(*key, started):
        sentence = "Amazon's report of stock by country was empty. It counts if it is so again"
        changes.record("connection", connection_id, sentence, cause="amazon", run_id=job.run_id)
        job.commit(stage=sentence)
        return
    for chunk in listing_rows.chunks(skus):
        counts = local_stock.apply(connection_id, whole, chunk)
        job.commit(stage="Stock by country", counts={"changed": counts.changed})
