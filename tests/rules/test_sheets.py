import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
import xlsxwriter

from bench import bench_sheets as bad
from inventory.rules import sheets
from inventory.rules.sheets import Column, Problem, SheetError

COLUMNS = [
    Column("sku", ("seller sku", "MSKU"), is_needed=True),
    Column("units", ("qty",), is_needed=True),
    Column("note"),
]


def rows(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return sheets.read(content, COLUMNS).rows


def book(*found: tuple[object, ...], second: bool = False) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"}) as made:
        sheet = made.add_worksheet("Lines")
        for at, row in enumerate(found):
            sheet.write_row(at, 0, row)
        if second:
            made.add_worksheet("Other")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"sku,units,note\nA,5,x\n",
        b"sku,units,note\r\nA,5,x",
        b"\xef\xbb\xbfsku,units,note\nA,5,x\n",
        "sku,units,note\nA,5,x\n".encode("utf-16"),
        "\ufeffsku,units,note\nA,5,x\n".encode("utf-16-be"),
        b"sku;units;note\nA;5;x\n",
        b"sku\tunits\tnote\nA\t5\tx\n",
        b"sep=;\nsku;units;note\nA;5;x\n",
        b" SKU , Units,NOTE\n A , 5 ,x\n",
        b"MSKU,Qty,note\nA,5,x\n",
        b"Seller-SKU,qty,note\nA,5,x\n",
        b"note,units,sku\nx,5,A\n",
        b'sku,units,note\n"=""A""",5,x\n',
    ],
)
def test_it_reads(content: bytes) -> None:
    assert [values for _, values in rows(content)] == [("A", "5", "x")]


def test_a_workbook_is_read_as_people_see_it() -> None:
    found = rows(book(("sku", "units", "note"), ("A", 5, "x"), (12345678901234, 5.5, True)))

    assert found == [(2, ("A", "5", "x")), (3, ("12345678901234", "5.5", "TRUE"))]


def test_dates_of_a_workbook_are_iso_dates() -> None:
    found = rows(book(("sku", "units", "note"), ("A", 1, date(2026, 12, 31))))

    assert found == [(2, ("A", "1", "2026-12-31"))]


def test_rows_keep_their_numbers_past_blank_ones_and_quoted_lines() -> None:
    content = b'\nsku,units,note\nA,1,"two\nlines"\n\n,,\nB,2,\n'

    assert rows(content) == [(2 + 1, ("A", "1", "two\nlines")), (6, ("B", "2", ""))]


def test_short_rows_are_filled_and_long_ones_told() -> None:
    sheet = sheets.read(b"sku,units,note\nA,1\nB,2,x,y\nC,3,x,,\n", COLUMNS)

    assert [values for _, values in sheet.rows] == [
        ("A", "1", ""),
        ("B", "2", "x"),
        ("C", "3", "x"),
    ]
    assert [(one.row, "4 cells" in one.sentence) for one in sheet.problems] == [(3, True)]


def test_windows_1252_is_read_and_said() -> None:
    sheet = sheets.read("sku,units,note\nA,1,Käse €\n".encode("cp1252"), COLUMNS)

    assert sheet.rows[0][1][2] == "Käse €"
    assert "Windows-1252" in sheet.notes[0]


def test_semicolons_come_with_decimal_commas() -> None:
    assert sheets.read(b"sku;units\nA;1\n", COLUMNS).decimal == ","
    assert sheets.read(b"sku,units\nA,1\n", COLUMNS).decimal == "."


def test_other_columns_and_sheets_are_said() -> None:
    sheet = sheets.read(book(("sku", "units", "colour"), ("A", 1, "red"), second=True), COLUMNS)

    assert sheet.names == ("sku", "units")
    assert sheet.notes == [
        "Only the first of 2 sheets was read: “Lines”.",
        "Columns not used: colour.",
    ]


def test_a_formula_in_csv_is_a_problem_and_the_guard_of_our_files_comes_off() -> None:
    sheet = sheets.read(b"sku,units,note\n=1+1,1,\n'=B,2,\n'-C,3,'tis\n", COLUMNS)

    assert [values[0] for _, values in sheet.rows] == ["=1+1", "=B", "-C"]
    assert sheet.rows[2][1][2] == "'tis"
    assert sheet.problems == [Problem(2, "sku", "“=1+1” is a formula: put its value there.")]


def test_a_formula_in_a_workbook_counts_by_the_value_saved_with_it() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ("sku", "units"))
        sheet.write(1, 0, "A")
        sheet.write_formula(1, 1, "=2+3", None, 5)

    found = sheets.read(out.getvalue(), COLUMNS)

    assert found.rows == [(2, ("A", "5", ""))]
    assert "not computed" in found.notes[0]


def test_a_cell_too_long_is_a_problem() -> None:
    sheet = sheets.read(b"sku,units,note\nA,1," + b"x" * 6000 + b"\n", COLUMNS)

    assert [(one.row, one.column) for one in sheet.problems] == [(2, "note")]


def test_as_many_rows_as_allowed_are_read() -> None:
    content = b"sku,units\n" + b"A,1\n" * sheets.MOST_ROWS

    assert len(rows(content)) == sheets.MOST_ROWS


def encrypted() -> bytes:
    content = bytearray(book(("sku", "units"), ("A", 1)))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def other_zip(name: str = "word/document.xml", twice: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(name, "x")
    return out.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty"),
    "blank": (lambda: b" \r\n\t\n", "empty"),
    "bom alone": (lambda: b"\xef\xbb\xbf", "no rows"),
    "header alone": (lambda: b"sku,units\n", "no rows under it"),
    "blank rows": (lambda: b"sku,units\n,\n,\n", "no rows under it"),
    "wrong columns": (lambda: b"name,units\nA,1\n", "Missing: “sku”. Found: “name”"),
    "no header": (lambda: b"A,1\nB,2\n", "Missing: “sku”, “units”"),
    "two of one": (lambda: b"sku,MSKU,units\nA,A,1\n", "Two columns of the file are “sku”"),
    "NUL": (lambda: b"sku,units\nA\x00,1\n", "no text"),
    "binary": (lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "no text"),
    "UTF-16, no mark": (lambda: "sku,units\nA,1\n".encode("utf-16-le"), "no text"),
    "UTF-16, cut": (lambda: b"\xff\xfes\x00k\x00u", "UTF-16"),
    "odd bytes": (lambda: b"sku,units\nA\x81,1\n", "Line 2"),
    "open quote": (lambda: b'sku,units\n"A,1\nB,2\n', "cannot be read as CSV"),
    "huge field": (lambda: b'sku,units\n"' + b"x" * 200_000 + b'",1\n', "cannot be read as CSV"),
    "too many rows": (lambda: b"sku,units\n" + b"A,1\n" * 50_001, "more than 50000 rows"),
    "too large": (lambda: b"x" * (sheets.MOST_BYTES + 1), "larger than 20 MB"),
    "a million rows": (bad.million_csv, "more than 50000 rows"),
    "a million rows, XLSX": (bad.million_xlsx, "more than 50000 rows"),
    "no zip": (lambda: b"PK\x03\x04 and then something else", "no XLSX workbook"),
    "cut zip": (lambda: book(("sku", "units"), ("A", 1))[:-300], "no XLSX workbook"),
    "other zip": (other_zip, "no XLSX workbook"),
    "not a workbook inside": (lambda: other_zip("xl/workbook.xml"), "no XLSX workbook"),
    "broken sheet": (lambda: bad.packed(b"<worksheet><sheetData><row"), "no XLSX workbook"),
    "old Excel": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "password"),
    "password": (encrypted, "password"),
    "bomb": (lambda: bad.packed(b" " * 90_000_000), "unpacks to more than"),
    "far cell": (bad.far_cell, "far from the rows"),
    "long text": (bad.long_text, "texts too long"),
    "empty workbook": (book, "no rows"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_with_a_sentence(name: str) -> None:
    make, said = BAD[name]

    with pytest.raises(SheetError) as caught:
        rows(make())

    assert said in caught.value.sentence
    assert caught.value.sentence.endswith(".")


def test_a_directory_that_lies_about_sizes_helps_nobody() -> None:
    content = bad.packed(b"<worksheet>" + b" " * 5_000_000)
    false = content.replace((5_000_011).to_bytes(4, "little"), (1000).to_bytes(4, "little"))

    assert false != content
    with pytest.raises(SheetError, match="unpacks to more than"):
        rows(false)
