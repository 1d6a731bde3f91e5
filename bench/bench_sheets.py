"""Reading spreadsheets: 20,000 rows with their checks, and the files that must be refused.

Peers, on the same bytes: the csv module bare, and calamine bare (``to_python``). Neither checks a
value, names a row or refuses a bomb. Refusals run in a process of their own, whose largest memory
is measured; the limits are 2 s and 200 MB.
"""

import csv
import io
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import xlsxwriter
from python_calamine import CalamineWorkbook

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.table import ROOT, show
from inventory.rules import sheets, typed
from inventory.rules.sheets import Column, SheetError

ROWS, ROUNDS, FLOOR = 20_000, 5, 20_000
LIMIT_S, LIMIT_MB = 2, 200
KB_IN_MB = 1024
HEADER = ("reference", "destination", "vendor", "sku", "units", "unit_cost", "expected")
COLUMNS = [Column(name, is_needed=name in ("sku", "units")) for name in HEADER]


def main() -> None:
    text, book = as_csv(rows(ROWS)), as_xlsx(rows(ROWS))
    table = [
        line("CSV, read and checked", lambda: read(text), lambda: bare_csv(text), "csv module"),
        line("XLSX, read and checked", lambda: read(book), lambda: bare_xlsx(book), "calamine"),
    ]
    show(
        f"Spreadsheets of {ROWS} rows and {len(HEADER)} columns (floor {FLOOR} rows/s)",
        ("workload", "rows/s", "peer", "peer rows/s", "ratio"),
        table,
    )
    show(
        f"Files refused (limit {LIMIT_S} s, {LIMIT_MB} MB)",
        ("file", "bytes", "s", "MB", "said"),
        [refusal(name) for name in BAD],
    )


def line(name: str, ours: Callable[[], int], peer: Callable[[], int], who: str) -> tuple[str, ...]:
    ours_s, peer_s = timed(ours), timed(peer)
    return (
        name, f"{ROWS / ours_s:,.0f}", who, f"{ROWS / peer_s:,.0f}", f"{peer_s / ours_s:.2f}",
    )  # fmt: skip


def timed(run: Callable[[], int]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        assert run() == ROWS
        times.append(time.perf_counter() - started)
    return median(times)


def read(content: bytes) -> int:
    """What an import does before it asks the database: every value becomes one of ours."""
    sheet = sheets.read(content, COLUMNS)
    for _, (_, _, _, _, units, cost, day) in sheet.rows:
        assert not isinstance(typed.whole(units, least=1), str)
        assert not isinstance(typed.amount(cost, sheet.decimal), str)
        assert not isinstance(typed.day(day), str)
    return len(sheet.rows)


def bare_csv(content: bytes) -> int:
    return len(list(csv.reader(io.StringIO(content.decode(), newline="")))) - 1


def bare_xlsx(content: bytes) -> int:
    return (
        len(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python())
        - 1
    )


def rows(count: int) -> list[tuple[object, ...]]:
    return [
        (f"PO-{n // 20}", "Shop FBA DE", "Kettles", f"SKU-{n:06d}", n % 90 + 1, 4.25, "2026-12-31")
        for n in range(count)
    ]


def as_csv(found: list[tuple[object, ...]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, *found])
    return out.getvalue().encode()


def as_xlsx(found: list[tuple[object, ...]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([HEADER, *found]):
            sheet.write_row(at, 0, row)
    return out.getvalue()


def million_csv() -> bytes:
    return b"sku,units\r\n" + b"".join(b"S%d,5\r\n" % n for n in range(1_000_000))


def million_xlsx() -> bytes:
    return packed(
        b"<worksheet><sheetData>"
        + b"".join(
            b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 1_000_001)
        )
        + b"</sheetData></worksheet>"
    )


def bomb() -> bytes:
    return packed(b"<worksheet>" + b" " * 1_000_000_000)


def lying_bomb() -> bytes:
    """Say in its directory that the part is small."""
    content = bytearray(packed(b"<worksheet>" + b" " * 300_000_000))
    size = (11 + 300_000_000).to_bytes(4, "little")
    return bytes(content.replace(size, (1000).to_bytes(4, "little")))


def far_cell() -> bytes:
    return packed(
        b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="40000"><c r="XFD40000"><v>1</v></c></row></sheetData></worksheet>'
    )


def long_text() -> bytes:
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 40_001)
    )
    texts = b"<sst><si><t>" + b"x" * 1_000_000 + b"</t></si></sst>"
    return packed(b"<worksheet><sheetData>" + cells + b"</sheetData></worksheet>", texts)


def packed(sheet: bytes, texts: bytes | None = None) -> bytes:
    """Return a workbook whose only sheet is ``sheet``."""
    frame = io.BytesIO()
    with xlsxwriter.Workbook(frame) as book:
        book.add_worksheet().write(0, 0, "x")
    out = io.BytesIO()
    with zipfile.ZipFile(frame) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            changed = {"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": texts}.get(name)
            new.writestr(name, old.read(name) if changed is None else changed)
    return out.getvalue()


BAD: dict[str, Callable[[], bytes]] = {
    "1 million rows, CSV": million_csv,
    "1 million rows, XLSX": million_xlsx,
    "zip bomb, 1 GB": bomb,
    "zip bomb with a false directory": lying_bomb,
    "one cell at XFD40000": far_cell,
    "1 MB of text in 40,000 cells": long_text,
}


def refusal(name: str) -> tuple[str, ...]:
    content = BAD[name]()
    command = [sys.executable, "-m", "bench.bench_sheets", "refuse"]
    done = subprocess.run(command, input=content, capture_output=True, check=True, cwd=ROOT)
    seconds, megabytes, said = done.stdout.decode().strip().split("|")
    assert float(seconds) < LIMIT_S, name
    assert float(megabytes) < LIMIT_MB, name
    return name, f"{len(content):,}", seconds, megabytes, said


def refuse() -> None:
    content = sys.stdin.buffer.read()
    started = time.perf_counter()
    try:
        sheets.read(content, [Column("sku", ("A",)), Column("units")])
    except SheetError as error:
        seconds = time.perf_counter() - started
        status = Path("/proc/self/status").read_text()  # its peak begins anew with the process
        used = int(status.split("VmHWM:")[1].split()[0]) / KB_IN_MB
        print(f"{seconds:.3f}|{used:.0f}|{error}")
        return
    raise AssertionError("not refused")


if __name__ == "__main__":
    refuse() if sys.argv[1:] == ["refuse"] else main()
