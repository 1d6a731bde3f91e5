"""Files of exchange rates."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from inventory.rules.rate_files import LIMIT, NotRates, read_upload, read_xml
from inventory.rules.rates import DayRate

TODAY = date(2026, 11, 24)
ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>{doctype}
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject>
<Cube>{cubes}</Cube></gesmes:Envelope>"""
DAY = (
    "<Cube time='{0}'><Cube currency='USD' rate='{1}'/><Cube currency='JPY' rate='161.17'/></Cube>"
)
GOOD = DAY.format("2026-11-23", "1.0412")
BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


def xml(cubes: str, doctype: str = "") -> bytes:
    return ENVELOPE.format(cubes=cubes, doctype=doctype).encode()


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name.replace("_", "."), content)
    return packed.getvalue()


def test_reads_the_banks_xml_of_one_day_or_many() -> None:
    two = DAY.format("2026-11-23", "1.0412") + DAY.format("2026-11-20", "1.05")

    found = read_xml(xml(two))

    assert found == [
        DayRate("USD", date(2026, 11, 23), Decimal("1.0412"), "ecb"),
        DayRate("JPY", date(2026, 11, 23), Decimal("161.17"), "ecb"),
        DayRate("USD", date(2026, 11, 20), Decimal("1.05"), "ecb"),
        DayRate("JPY", date(2026, 11, 20), Decimal("161.17"), "ecb"),
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not XML"),
        (b"<html><body>Sign in</body></html>", "no rates"),
        (b"<html><body>Sign in", "not XML"),
        (b"\xff\xfe\x00", "not XML"),
        (xml(GOOD, BOMB), "document type"),
        (xml(GOOD, '<!DOCTYPE x SYSTEM "file:///etc/passwd">'), "doc"),
        (xml(DAY.format("2026-11-23", "1,0412")), "no rate"),
        (xml(DAY.format("2026-11-23", "-1")), "no rate"),
        (xml(DAY.format("2026-11-23", "0")), "no rate"),
        (xml(DAY.format("2026-11-23", "1e5")), "no rate"),
        (xml(DAY.format("2026-02-30", "1")), "no day"),
        (xml("<Cube currency='USD' rate='1'/>"), "before any day"),
        (xml("<Cube time='2026-11-23'><Cube currency='XXQ' rate='1'/></Cube>"), "no currency"),
        (b"<a>" + b" " * LIMIT + b"</a>", "larger than 16 MB"),
    ],
)  # fmt: skip
def test_refuses_what_is_no_file_of_rates(content: bytes, why: str) -> None:
    with pytest.raises(NotRates, match=why):
        read_xml(content)


HISTORY = b"Date,USD,JPY,CYP,\n2026-11-23,1.0412,161.17,N/A,\n2026-11-20,1.05,,N/A,\n"


@pytest.mark.parametrize("content", [HISTORY, zipped(eurofxref_hist_csv=HISTORY)])
def test_reads_the_banks_history(content: bytes) -> None:
    reading = read_upload(content, TODAY)

    assert reading.is_history
    assert reading.bad == []
    assert [(one.currency, one.day.isoformat(), str(one.per_euro)) for one in reading.rates] == [
        ("USD", "2026-11-23", "1.0412"),
        ("JPY", "2026-11-23", "161.17"),
        ("USD", "2026-11-20", "1.05"),
    ]


def test_reads_a_list_of_ones_own_as_spreadsheets_write_it() -> None:
    content = "\ufeffCurrency, Day ,Rate\r\n AED ,2026-11-02, 3.9\r\n\r\nSAR,2026-11-02,4\r\n"

    reading = read_upload(content.encode(), TODAY)

    assert not reading.is_history
    assert reading.rates == [
        DayRate("AED", date(2026, 11, 2), Decimal("3.9"), "file"),
        DayRate("SAR", date(2026, 11, 2), Decimal(4), "file"),
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("USD,2026-11-02", "Three values are needed, here are 2."),
        ("USD,2026-11-02,1,04", "Three values are needed, here are 4."),
        ("usd,2026-11-02,1.04", "usd is no currency code such as USD."),
        (",2026-11-02,1.04", "Nothing is no currency code such as USD."),
        ("EUR,2026-11-02,1", "The euro has no rate: all others are counted from it."),
        ("USD,02.11.2026,1.04", "02.11.2026 is no day such as 2026-11-03."),
        ("USD,20261102,1.04", "20261102 is no day such as 2026-11-03."),
        ("USD,2026-02-30,1.04", "2026-02-30 is no day such as 2026-11-03."),
        ("USD,٢٠٢٦-11-02,1.04", "٢٠٢٦-11-02 is no day such as 2026-11-03."),
        ("USD,1998-12-31,1.04", "There was no euro before 4 January 1999."),
        ("USD,2026-11-25,1.04", "2026-11-25 is in the future."),
        ("USD,2026-11-02,", "Nothing is no rate"),
        ("USD,2026-11-02,0", "0 is no rate"),
        ("USD,2026-11-02,0.000000001", "0.000000001 is no rate"),
        ("USD,2026-11-02,-1.04", "-1.04 is no rate"),
        ("USD,2026-11-02,١.04", "١.04 is no rate"),
        ("USD,2026-11-02,1e3", "1e3 is no rate"),
        ("USD,2026-11-02,NaN", "NaN is no rate"),
        ("USD,2026-11-02,12345678901", "12345678901 is no rate"),
        ("GBP,2026-11-02,0.9", "Line 2 has another rate for GBP on that day."),
    ],
)
def test_tells_each_bad_row_with_its_line(row: str, why: str) -> None:
    content = f"currency,day,rate\nGBP,2026-11-02,0.8\n{row}\nGBP,2026-11-02,0.8\n"

    reading = read_upload(content.encode(), TODAY)

    assert [one.line for one in reading.bad] == [3]
    assert reading.bad[0].why.startswith(why)
    assert reading.bad[0].text == row
    assert len(reading.rates) == 2


def test_tells_the_bad_cells_of_a_history() -> None:
    content = b"Date,USD,QQQ\n2026-11-23,1.0412,3\n2026-11-xx,1.05\n2026-11-20,1,2,3,4\n"

    reading = read_upload(content, TODAY)

    assert [(one.line, one.text) for one in reading.bad] == [
        (2, "2026-11-23 QQQ 3"),
        (3, "2026-11-xx USD 1.05"),
        (4, "2026-11-20,1,2,3,4"),
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"currency;day;rate\nUSD;2026-11-02;1,04\n", "first row must be"),
        (b"Date\n2026-11-02\n", "first row must be"),
        (b"%PDF-1.7 \xe2\xe3\xcf\xd3", "UTF-8"),
        ("currency,day,rate".encode("utf-16"), "UTF-8"),
        (b"currency,day,rate\0\n", "UTF-8"),
        (b"PK\x03\x04 not a zip at all", "cannot be opened"),
        (zipped(a_csv=HISTORY, b_csv=HISTORY), "exactly one"),
        (zipped(read_me=b"no"), "exactly one"),
        (zipped(bomb_csv=b"0" * (LIMIT + 1)), "larger than 16 MB"),
        (zipped(a_csv=HISTORY)[:-40], "cannot be opened"),
        (b"currency,day,rate\n" + b'"' + b"x" * 200_000, "no table"),
    ],
)
def test_refuses_files_that_are_none(content: bytes, why: str) -> None:
    with pytest.raises(NotRates, match=why):
        read_upload(content, TODAY)


def test_a_bomb_is_not_unpacked_whole() -> None:
    bomb = zipped(bomb_csv=b"0" * (LIMIT * 4))

    with pytest.raises(NotRates):
        read_upload(bomb, TODAY)

    assert len(bomb) < LIMIT / 100
