"""Reading files of exchange rates. Pure: bytes in, rates and refused rows out.

The European Central Bank's XML (eurofxref-daily.xml and its longer sisters), its history as CSV
or zipped (eurofxref-hist.csv), and lists of our own: ``currency,day,rate``.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from xml.parsers import expat

from babel.core import get_global

from inventory.rules.rates import BASE, DayRate

#: Bytes of text; the bank's whole history has about 2 million as CSV, 8 million as XML.
LIMIT = 16 * 1024 * 1024
FIRST_DAY = date(1999, 1, 4)
#: A rate is kept in 1/100,000,000.
NUMBER = re.compile(r"\d{1,9}(\.\d{1,8})?", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
OWN_HEADER = ["currency", "day", "rate"]


class NotRates(ValueError):
    """The file as a whole is none of those that are understood; the text says why."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken: its line in the file, its text, and a sentence."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds. ``is_history``: in the bank's own form, decades long."""

    rates: list[DayRate] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    is_history: bool = False


def read_xml(content: bytes, source: str = "ecb") -> list[DayRate]:
    """Return the rates of the bank's XML. Raises ``NotRates``.

    A document type is refused: with it come entities, and with those files that explode.
    Rates that make no sense are refused with the whole file: it is a machine's.
    """
    if len(content) > LIMIT:
        raise NotRates("The file is larger than 16 MB.")
    found: list[DayRate] = []
    days: list[date] = []

    def begin(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition("|")[2] != "Cube":
            return
        if "time" in attributes:
            days.append(parse_day(attributes["time"]))
        if "currency" in attributes:
            if not days:
                raise NotRates("A rate stands before any day.")
            code = _code(attributes["currency"])
            found.append(DayRate(code, days[-1], parse_rate(attributes.get("rate", "")), source))

    def refuse(*_: object) -> None:
        raise NotRates("The file declares a document type, which rates never need.")

    parser = expat.ParserCreate(namespace_separator="|")
    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise NotRates(f"The file is not XML (line {error.lineno}).") from None
    except ValueError as error:
        raise NotRates(str(error)) from None
    if not found:
        raise NotRates("The file holds no rates.")
    return found


def read_upload(content: bytes, latest: date, source: str = "file") -> Reading:
    """Return what a CSV, or a zip with one CSV in it, holds. Raises ``NotRates``.

    ``latest`` is the last day a rate may be of. Every bad row is in ``bad``; so is each that
    contradicts another row of the file.
    """
    text = _text(_unzipped(content) if content.startswith(b"PK\x03\x04") else content)
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [cell.strip() for cell in next(rows, [])]
        numbered = [(rows.line_num, row) for row in rows if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise NotRates(f"The file is no table ({error}).") from None
    if [cell.lower() for cell in header] == OWN_HEADER:
        return _read(_own_cells(numbered), latest, source, is_history=False)
    if header[:1] == ["Date"] and len(header) > 1:
        return _read(_history_cells(header, numbered), latest, source, is_history=True)
    raise NotRates(
        "The first row must be currency,day,rate – or that of the European Central Bank’s "
        "own file, which begins with Date,USD."
    )


#: Line, text shown when refused, currency, day, rate; or too few or too many cells: why.
Cells = tuple[int, str, str, str, str]


def _read(
    cells: Iterable[Cells | BadRow], latest: date, source: str, *, is_history: bool
) -> Reading:
    reading = Reading(is_history=is_history)
    known: dict[tuple[str, date], tuple[Decimal, int]] = {}
    for one in cells:
        if isinstance(one, BadRow):
            reading.bad.append(one)
            continue
        line, text, code, day, number = one
        try:
            rate = DayRate(_code(code), parse_day(day, latest), parse_rate(number), source)
            _agree(known, rate, line)
        except ValueError as error:
            reading.bad.append(BadRow(line, text, str(error)))
        else:
            reading.rates.append(rate)
    return reading


def _agree(known: dict[tuple[str, date], tuple[Decimal, int]], rate: DayRate, line: int) -> None:
    before, first = known.setdefault((rate.currency, rate.day), (rate.per_euro, line))
    if before != rate.per_euro:
        raise ValueError(f"Line {first} has another rate for {rate.currency} on that day.")


def _own_cells(rows: Sequence[tuple[int, list[str]]]) -> Iterable[Cells | BadRow]:
    for line, row in rows:
        text = ",".join(row)[:120]
        if len(row) != 3:
            yield BadRow(line, text, f"Three values are needed, here are {len(row)}.")
        else:
            code, day, number = (cell.strip() for cell in row)
            yield line, text, code, day, number


def _history_cells(
    header: Sequence[str], rows: Sequence[tuple[int, list[str]]]
) -> Iterable[Cells | BadRow]:
    """Empty cells and N/A are days on which the bank gave none."""
    for line, row in rows:
        if len(row) > len(header):
            yield BadRow(line, ",".join(row)[:120], "More values than the first row has names.")
            continue
        day = row[0].strip()
        for code, cell in zip(header[1:], row[1:], strict=False):
            number = cell.strip()
            if code and number not in ("", "N/A"):
                yield line, f"{day} {code} {number}"[:120], code, day, number


def _code(text: str) -> str:
    if text == BASE:
        raise ValueError("The euro has no rate: all others are counted from it.")
    if text not in CURRENCIES:
        raise ValueError(f"{text[:20] or 'Nothing'} is no currency code such as USD.")
    return text


def parse_day(text: str, latest: date | None = None) -> date:
    """Return the day of a text, not after ``latest``. Raises ``ValueError`` with a sentence."""
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"{text[:20] or 'Nothing'} is no day such as 2026-11-03.")
    if day < FIRST_DAY:
        raise ValueError("There was no euro before 4 January 1999.")
    if latest and day > latest:
        raise ValueError(f"{text} is in the future.")
    return day


def parse_rate(text: str) -> Decimal:
    """Return a rate as it is kept: at most 9 digits, and 8 behind the point.

    Raises ``ValueError`` with a sentence.
    """
    if not NUMBER.fullmatch(text) or not Decimal(text):
        raise ValueError(
            f"{text[:20] or 'Nothing'} is no rate: a number above 0 such as 1.0412, "
            "with at most 8 decimals."
        )
    return Decimal(text)


def _text(content: bytes) -> str:
    if len(content) > LIMIT:
        raise NotRates("The file is larger than 16 MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotRates("The file is no text in UTF-8.") from None
    if not text.strip():
        raise NotRates("The file is empty.")
    if "\0" in text:
        raise NotRates("The file is no text in UTF-8.")
    return text


def _unzipped(content: bytes) -> bytes:
    """Return the one file inside; what unpacks to more than ``LIMIT`` is never read whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = [one for one in packed.namelist() if one.lower().endswith(".csv")]
            if len(names) != 1:
                raise NotRates("The zip must hold exactly one CSV file.")
            with packed.open(names[0]) as file:
                return file.read(LIMIT + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        # Damaged, packed in an unknown way, or locked with a password.
        raise NotRates("The zip cannot be opened.") from None


#: Every ISO 4217 code, old ones too: the bank's history has them.
CURRENCIES: Mapping[str, object] = dict.fromkeys(get_global("all_currencies"))
