"""Lists as XLSX: the rows of the CSV file, as dates, numbers and texts a spreadsheet knows."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import IO, Any

from flask import Response
from xlsxwriter import Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows of a sheet and characters of a cell, both Excel's.
MOST_ROWS, LONGEST_CELL = 1_048_576, 32_767
WIDTHS = (10, 40)
CHUNK = 64 * 1024


def xlsx_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return ``rows`` as the file ``name``.xlsx, in constant memory; ``None`` is an empty cell.

    Texts are written as texts, so that nothing is a formula or a link. Rows beyond what Excel
    takes go on in a further sheet.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the answer
    try:
        _write(file, name, header, rows)
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.xlsx"',
        "Content-Length": str(size),
    }
    answer = Response(_chunks(file), mimetype=XLSX, headers=headers)
    answer.call_on_close(file.close)  # also where nobody reads on, or only the head was asked for
    return answer


def _write(
    file: IO[bytes], name: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    with Workbook(file, {"constant_memory": True, "strings_to_urls": False}) as book:
        formats = {
            "header": book.add_format({"bold": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"}),
        }
        sheet, at = None, 0
        for row in rows:
            if sheet is None or at == MOST_ROWS:
                sheet, at = _sheet(book, name, header, formats), 1
            for column, value in enumerate(row):
                _cell(sheet, at, column, value, formats)
            at += 1
        if sheet is None:
            _sheet(book, name, header, formats)


def _sheet(book: Workbook, name: str, header: Sequence[str], formats: dict[str, Any]) -> Any:
    count = len(book.worksheets())
    title = "".join("-" if letter in r"[]:*?/\'" else letter for letter in name)[:25]
    sheet = book.add_worksheet(f"{title} {count + 1}" if count else title)
    least, most = WIDTHS
    for column, word in enumerate(header):
        sheet.set_column(column, column, most if word == "title" else max(least, len(word) + 3))
        sheet.write_string(0, column, word, formats["header"])
    sheet.freeze_panes(1, 0)
    return sheet


def _cell(sheet: Any, at: int, column: int, value: object, formats: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        sheet.write_string(at, column, value[:LONGEST_CELL])
    elif isinstance(value, bool):
        sheet.write_boolean(at, column, value)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(at, column, value)
    elif isinstance(value, datetime):
        plain = value.astimezone(UTC).replace(tzinfo=None)
        sheet.write_datetime(at, column, plain, formats["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(at, column, value, formats["day"])
    else:
        sheet.write_string(at, column, str(value)[:LONGEST_CELL])


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
