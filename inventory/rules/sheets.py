"""Tables that people upload, CSV or XLSX, as rows under the names of our own columns."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from inventory.rules import workbooks

MB = 1024 * 1024
MOST_BYTES = 20 * MB
MOST_ROWS = 50_000
#: Characters of a cell.
LONGEST_CELL = 5000
#: Sentences about rows that are kept; more help nobody.
MOST_PROBLEMS = 1000
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
#: What our own files put before a text that a spreadsheet would run (OWASP).
GUARDED = ("'=", "'+", "'-", "'@")
#: A text as a spreadsheet's users protect its leading zeros: ="00123".
QUOTED = re.compile(r'="([^"]*)"')

Row = tuple[int, tuple[str, ...]]


class SheetError(Exception):
    """The file cannot be read as a table; the text is a sentence for people."""

    @property
    def sentence(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of ours: its name, which is also the template's header, and others for it."""

    name: str
    aliases: tuple[str, ...] = ()
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row: its number as a spreadsheet shows it, the column, a sentence."""

    row: int
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table read. Each row is (its number, the values of the columns asked for, in order)."""

    rows: list[Row]
    #: Of the columns asked for, those the file has.
    names: tuple[str, ...]
    #: What a person should know: encoding, sheet, columns not used.
    notes: list[str]
    problems: list[Problem]
    #: The sign of decimals: "," in a file separated by semicolons.
    decimal: str = "."


@dataclass(slots=True)
class _Table:
    """Rows as they stand in the file, the header not yet parted off."""

    rows: Iterator[tuple[int, list[str]]]
    notes: list[str] = field(default_factory=list)
    decimal: str = "."


def read(content: bytes, columns: Sequence[Column]) -> Sheet:
    """Return the rows of a CSV or XLSX file under ``columns``; blank rows are left out.

    Values are trimmed text, "" where there is none. Raises ``SheetError``.
    """
    if len(content) > MOST_BYTES:
        raise SheetError(f"The file is larger than {MOST_BYTES // MB} MB. Split it.")
    if not content.strip():
        raise SheetError("The file is empty.")
    try:
        table = _workbook(content) if _is_packed(content) else _csv(content, columns)
        return _sheet(table, columns)
    except csv.Error as error:
        raise SheetError(f"The file cannot be read as CSV: {error}.") from error
    except workbooks.BadWorkbook as error:
        raise SheetError(str(error)) from error


def template(columns: Iterable[Column], examples: Iterable[Sequence[str]]) -> list[list[str]]:
    """Return the rows of a template file: the header, then examples."""
    return [[column.name for column in columns], *(list(row) for row in examples)]


def _is_packed(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06", workbooks.OLD_EXCEL))


def _workbook(content: bytes) -> _Table:
    book = workbooks.read(content, MOST_ROWS)
    return _Table(book.rows, book.notes)


def _csv(content: bytes, columns: Sequence[Column]) -> _Table:
    text, notes = _decoded(content)
    if "\x00" in text:
        raise SheetError("This is no CSV or XLSX file: it holds bytes that are no text.")
    first, newline, rest = text.partition("\n")
    separator = ""
    if first.lower().startswith("sep=") and len(first.strip("\r")) == 5:
        separator, text = first[4], newline + rest
    separator = separator or _separator(text, columns)
    if separator != ",":
        notes.append(f"Cells are separated by {SEPARATORS.get(separator, separator)}s.")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    numbered = ((number, row) for number, row in enumerate(rows, 1) if row)
    return _Table(numbered, notes, "," if separator == ";" else ".")


def _decoded(content: bytes) -> tuple[str, list[str]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), ["Read as UTF-16."]
        except UnicodeDecodeError:
            raise SheetError("The file begins as UTF-16 but is not. Save it as UTF-8.") from None
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    if b"\x00" in content:
        raise SheetError("This is no CSV or XLSX file: it holds bytes that are no text.")
    try:
        note = "Read as Windows-1252, since it is not UTF-8: check letters with accents."
        return content.decode("cp1252"), [note]
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SheetError(
            f"Line {line} holds bytes that are neither UTF-8 nor Windows-1252. Save it as UTF-8."
        ) from None


def _separator(text: str, columns: Sequence[Column]) -> str:
    """Return the separator under which the header has most of our columns, else most cells."""
    start = text.lstrip("\r\n \ufeff")[:20_000]
    known = _known(columns)

    def worth(separator: str) -> tuple[int, int]:
        try:
            header = next(csv.reader(io.StringIO(start, newline=""), delimiter=separator), [])
        except csv.Error:
            return 0, 0
        return sum(_plain(cell) in known for cell in header), len(header)

    return max(SEPARATORS, key=worth)


def _sheet(table: _Table, columns: Sequence[Column]) -> Sheet:
    header = next((row for _, row in table.rows if any(cell.strip() for cell in row)), None)
    if header is None:
        raise SheetError("The file has no rows.")
    places, notes = _places(header, columns)
    width = max((at + 1 for at, cell in enumerate(header) if cell.strip()), default=0)
    problems: list[Problem] = []
    rows = list(_picked(table.rows, columns, places, width, problems))
    if not rows:
        raise SheetError("The file has a header but no rows under it.")
    names = tuple(one.name for one, at in zip(columns, places, strict=True) if at is not None)
    return Sheet(rows, names, table.notes + notes, problems[:MOST_PROBLEMS], table.decimal)


def _places(header: Sequence[str], columns: Sequence[Column]) -> tuple[list[int | None], list[str]]:
    """Return where each column stands in the file, and what is to be said of the header."""
    known, found, unused = _known(columns), {}, []
    for at, cell in enumerate(header):
        name = known.get(_plain(cell))
        if name is None:
            unused += [cell.strip()[:40]] if cell.strip() else []
        elif name in found:
            raise SheetError(f"Two columns of the file are “{name}”. Delete or rename one.")
        else:
            found[name] = at
    missing = [f"“{one.name}”" for one in columns if one.is_needed and one.name not in found]
    if missing:
        some = ", ".join(f"“{one}”" for one in unused[:8]) or "none that is known here"
        raise SheetError(
            f"The first row must name the columns. Missing: {', '.join(missing)}. Found: {some}."
        )
    notes = [f"Columns not used: {', '.join(unused[:20])}."] if unused else []
    return [found.get(one.name) for one in columns], notes


def _known(columns: Sequence[Column]) -> dict[str, str]:
    return {_plain(name): one.name for one in columns for name in (one.name, *one.aliases)}


def _plain(name: str) -> str:
    """Return a header as it is compared: case, spaces and signs aside."""
    return re.sub(r"[\W_]+", "", name.casefold())


def _picked(
    found: Iterable[tuple[int, list[str]]],
    columns: Sequence[Column],
    places: Sequence[int | None],
    width: int,
    problems: list[Problem],
) -> Iterator[Row]:
    # A column that the file does not have is read from the blank cell behind each row's end.
    wanted = [width if at is None else at for at in places]
    for count, (number, cells) in enumerate(found, 1):
        if count > MOST_ROWS:
            raise SheetError(workbooks.too_many(MOST_ROWS))
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            sentence = f"has {len(cells)} cells, the header {width}: a separator too many?"
            problems.append(Problem(number, "", sentence))
        if len(cells) != width:
            cells = [*cells[:width], *[""] * (width - len(cells))]
        cells.append("")
        values = tuple([cells[at].strip() for at in wanted])
        joined = "".join(values)
        if not joined:
            continue
        if "=" in joined or "'" in joined or len(joined) > LONGEST_CELL:
            values = tuple(_tamed(values, columns, number, problems))
        yield number, values


def _tamed(
    values: Sequence[str], columns: Sequence[Column], number: int, problems: list[Problem]
) -> Iterator[str]:
    for value, column in zip(values, columns, strict=True):
        if len(value) > LONGEST_CELL:
            sentence = f"has more than {LONGEST_CELL} characters."
            problems.append(Problem(number, column.name, sentence))
        elif quoted := QUOTED.fullmatch(value):
            yield quoted[1].strip()
            continue
        elif value.startswith("="):
            sentence = f"“{value[:40]}” is a formula: put its value there."
            problems.append(Problem(number, column.name, sentence))
        yield value[1:] if value.startswith(GUARDED) else value[:LONGEST_CELL]
