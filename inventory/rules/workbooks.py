"""XLSX files that strangers made: looked over before anything is unpacked for real.

A workbook is a zip of XML. Its reader builds a full rectangle around the used cells and a copy
of a text for each cell that shows it, so a file of 2 kB can ask for many gigabytes. What is
counted here is what really comes out of the zip, whatever its directory says.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

MB = 1024 * 1024
MOST_UNPACKED = 80 * MB
MOST_PARTS = 1000
#: Rows times columns of a sheet's rectangle, empty cells included.
MOST_CELLS = 500_000
#: Longest shared text times cells: what the reader may have to copy, in bytes.
MOST_COPIED = 100 * MB
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
CHUNK = 256 * 1024
#: What may be cut in two by the end of a chunk.
SEAM = 64
# The bare "r" in front: what begins with a letter is searched for twice as fast.
CELL = re.compile(rb"""r(?<=\br)\s*=\s*["']([A-Za-z]{0,9})(\d{1,20})["']""")
TEXT_END = re.compile(rb"</(?:\w+:)?si\s*>")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
TOO_BIG = "This workbook unpacks to more than 80 MB. Save only the sheet with the rows."
NO_WORKBOOK = "This is no XLSX workbook that can be read. Save it again as XLSX or CSV."


class BadWorkbook(Exception):
    """The file is refused; the text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """The rows of the first visible sheet, with what a person should know of it."""

    #: Row number as the spreadsheet shows it -> its cells as text, for rows with any text.
    rows: Iterator[tuple[int, list[str]]]
    notes: list[str]


@dataclass(slots=True)
class _Look:
    """What has been counted so far."""

    unpacked: int = 0
    longest: int = 0
    cells: int = 0
    has_formulas: bool = False


def read(content: bytes, most_rows: int) -> Workbook:
    """Open an XLSX file; raises ``BadWorkbook`` before it costs more than it may.

    Formulas are never computed: the value that was stored with each counts.
    """
    look = _checked(content, most_rows)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [one for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
        if not visible:
            raise BadWorkbook("This workbook has no visible sheet.")
        sheet = book.get_sheet_by_name(visible[0].name)
    except CalamineError as error:
        raise BadWorkbook(NO_WORKBOOK) from error
    notes = []
    if len(visible) > 1:
        notes.append(f"Only the first of {len(visible)} sheets was read: “{visible[0].name}”.")
    if look.has_formulas:
        notes.append("Formulas are not computed: the value last saved with each was read.")
    return Workbook(_rows(sheet.iter_rows()), notes)


def cell_text(value: Any) -> str:
    """Return a cell's value as text: whole numbers without a point, dates as 2026-12-31."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _rows(found: Iterator[Sequence[Any]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(found, 1):
        cells = [value.strip() if type(value) is str else cell_text(value) for value in row]
        if any(cells):
            yield number, cells


def _checked(content: bytes, most_rows: int) -> _Look:
    if content.startswith(OLD_EXCEL):
        raise BadWorkbook(
            "This is an old Excel file or one with a password. "
            "Save it as XLSX without a password, or as CSV."
        )
    look = _Look()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for part in _parts(packed):
                _look_into(part, content, look, most_rows)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, ValueError) as error:
        raise BadWorkbook(NO_WORKBOOK) from error
    if look.longest * look.cells > MOST_COPIED:
        raise BadWorkbook("This workbook has texts too long for so many cells.")
    return look


def _parts(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    parts = packed.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or len(names) < len(parts) or "xl/workbook.xml" not in names:
        raise BadWorkbook(NO_WORKBOOK)
    if any(part.flag_bits & 1 for part in parts):
        raise BadWorkbook("This workbook has a password. Save it without one.")
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise BadWorkbook(TOO_BIG)
    return parts


def _look_into(part: zipfile.ZipInfo, content: bytes, look: _Look, most_rows: int) -> None:
    is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    is_texts = part.filename == "xl/sharedStrings.xml"
    most_row = most_column = length = 0
    tail = b""
    for chunk in _unpacked(part, content, look):
        piece = tail + chunk
        tail = piece[-SEAM:]
        if is_texts:
            length = _longest(piece, len(chunk), length, look)
        if not is_sheet:
            continue
        if b"\x00" in chunk:
            raise BadWorkbook(NO_WORKBOOK)
        row, column, count = _reach(piece)
        most_row, most_column = max(most_row, row), max(most_column, column)
        look.cells += count
        look.has_formulas = look.has_formulas or _has_formula(piece)
        # One more for the header, and a few blank rows above it.
        if most_row > most_rows + 10:
            raise BadWorkbook(too_many(most_rows))
        if most_row * most_column > MOST_CELLS:
            raise BadWorkbook(
                f"The cells of this workbook reach to row {most_row} and column {most_column}, "
                f"more than {MOST_CELLS} cells. Delete what is far from the rows."
            )


def too_many(most_rows: int) -> str:
    """Return the sentence for a file with too many rows."""
    return f"The file has more than {most_rows} rows. Split it into several files."


def _unpacked(part: zipfile.ZipInfo, content: bytes, look: _Look) -> Iterator[bytes]:
    """Yield what really comes out of ``part``: its directory entry may lie."""
    start = part.header_offset
    name, extra = (
        int.from_bytes(content[start + at : start + at + 2], "little") for at in (26, 28)
    )
    begin = start + 30 + name + extra
    packed = memoryview(content)[begin : begin + part.compress_size]
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadWorkbook(NO_WORKBOOK)
    is_deflated = part.compress_type == zipfile.ZIP_DEFLATED
    size = 0
    for piece in _inflated(packed) if is_deflated else _stored(packed):
        size += len(piece)
        look.unpacked += len(piece)
        if size > part.file_size or look.unpacked > MOST_UNPACKED:
            raise BadWorkbook(TOO_BIG)
        yield piece


def _stored(packed: memoryview) -> Iterator[bytes]:
    return (bytes(packed[at : at + CHUNK]) for at in range(0, len(packed), CHUNK))


def _inflated(packed: memoryview) -> Iterator[bytes]:
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    piece = inflating.decompress(packed, CHUNK)
    while piece:
        yield piece
        piece = inflating.decompress(inflating.unconsumed_tail, CHUNK)


def _reach(piece: bytes) -> tuple[int, int, int]:
    """Return the furthest row and column named in ``piece``, and how many cells it names."""
    found = CELL.findall(piece)
    if not found:
        return 0, 0, piece.count(b"<v")
    columns, rows = {letters for letters, _ in found}, {row for _, row in found}
    return max(map(int, rows)), max(map(_column, columns)), len(found)


def _has_formula(piece: bytes) -> bool:
    """Most sheets have none, which the two plain searches tell sooner."""
    return (b"<f" in piece or b":f" in piece) and bool(FORMULA.search(piece))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _longest(piece: bytes, fresh: int, length: int, look: _Look) -> int:
    """Note the longest shared text up to here; return how long the one under way is."""
    seen = len(piece) - fresh
    start = seen - length
    for match in TEXT_END.finditer(piece):
        if match.end() > seen:
            look.longest = max(look.longest, match.end() - start)
            start = match.end()
    look.longest = max(look.longest, len(piece) - start)
    return len(piece) - start
