"""Reads the bank's exchange rates. The leader looks each minute; due once a working day."""

import logging
import time

import requests

from extensions import db, writing
from inventory.rules.rate_files import LIMIT
from inventory.services import rate_reading

logger = logging.getLogger(__name__)

CONNECT_S, READ_S = 5, 20
#: A server that drips is left after so long.
WHOLE_S = 60
CHUNK = 65536


class NoAnswer(Exception):
    """The file could not be fetched; the text is for people, and has no address in it."""


def read_rates() -> bool:
    """Read the file if it is due; return whether it was asked for. Commits."""
    if not _is_due():
        return False
    try:
        content = fetch(rate_reading.url())
    except NoAnswer as problem:
        rate_reading.fail(str(problem))
        logger.warning("exchange rates: %s", problem)
    else:
        stored = rate_reading.take(content)
        logger.info("exchange rates: %d new, %d known", stored.written, stored.unchanged)
    db.session.commit()
    return True


def fetch(url: str) -> bytes:
    """Return what ``url`` answers, at most ``LIMIT`` bytes. Raises ``NoAnswer``."""
    until = time.monotonic() + WHOLE_S
    try:
        with requests.get(url, timeout=(CONNECT_S, READ_S), stream=True) as answer:
            if answer.status_code != 200:
                raise NoAnswer(f"The bank’s server answered {answer.status_code}.")
            found = bytearray()
            for chunk in answer.iter_content(CHUNK):
                found += chunk
                if len(found) > LIMIT:
                    raise NoAnswer("The bank’s server sent more than 16 MB.")
                if time.monotonic() > until:
                    raise NoAnswer("The bank’s server was too slow.")
            return bytes(found)
    except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema):
        raise NoAnswer("RATES_URL is no address.") from None
    except requests.exceptions.InvalidSchema:
        raise NoAnswer("RATES_URL must begin with https:// or http://.") from None
    except requests.Timeout:
        raise NoAnswer("The bank’s server did not answer in time.") from None
    except requests.RequestException:
        raise NoAnswer("The bank’s server cannot be reached.") from None


def _is_due() -> bool:
    """Looks without taking SQLite's lock, and leaves no transaction open for the call."""
    with_writing = writing.set(False)
    try:
        return rate_reading.is_due()
    finally:
        db.session.rollback()
        writing.reset(with_writing)
