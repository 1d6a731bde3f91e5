"""What people type into a cell: a quantity, an amount, a day. Each is a value or a sentence.

A sentence says what is wrong, begins with what was typed and has no name of the column in it.
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

MOST_UNITS = 10_000_000
MOST_MONEY = Decimal(10) ** 9
FIRST_YEAR, LAST_YEAR = 2000, 2100
#: Digits in groups of three: "1,234,567".
GROUPED = re.compile(r"\d{1,3}(?:([.,' \u00a0\u202f\u2019])\d{3})(?:\1\d{3})*", re.ASCII)
ISO_DAY = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII
)
LOCAL_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", re.ASCII)


def whole(text: str, *, least: int = 0, most: int = MOST_UNITS) -> int | str:
    """Return ``text`` as a number of units, or a sentence.

    Only the digits 0 to 9 count; "12.0" is 12 (a spreadsheet's way to keep it), "1,200" is not.
    """
    digits = text
    if not (digits.isascii() and digits.isdigit()):
        digits = re.sub(r"[.,]0+$", "", text) if text.isascii() else ""
        if not digits.isdigit():
            return _no_whole(text)
    value = int(digits[:12]) if len(digits) > 12 else int(digits)
    if value > most:
        return f"“{cut(text)}” is more than {most}."
    return value if value >= least else f"“{cut(text)}” is less than {least}."


@lru_cache(maxsize=4096)  # a column of costs has few different ones
def amount(text: str, decimal: str = ".", *, places: int = 4) -> Decimal | str:
    """Return ``text`` as an amount of money, zero or more, or a sentence.

    ``decimal`` is the sign of the file ("." or ","). The other sign is read too where it can
    only mean one thing: "1.234,50" and "2,5" are, "1,234" in a file with "." is asked back.
    """
    plain = text.strip()
    if not plain.isascii() and not GROUPED.match(plain):
        return _no_amount(text)
    plain = re.sub(r"[' \u00a0\u202f\u2019](?=\d{3})", "", plain)
    if not re.fullmatch(r"[0-9][0-9.,]*", plain):
        return f"“{cut(text)}” is negative." if plain[:1] == "-" else _no_amount(text)
    signs = [sign for sign in ".," if sign in plain]
    if len(signs) == 2:
        last = max(signs, key=plain.rindex)
        return _with_decimal(text, plain, last, places)
    if signs and plain.count(signs[0]) > 1:
        return _grouped(text, plain)
    if signs and signs[0] != decimal and re.fullmatch(r"\d{1,3}[.,]\d{3}", plain):
        joined = plain.replace(signs[0], "")
        return f"“{cut(text)}” may mean {joined}: write it without a separator of thousands."
    return _with_decimal(text, plain, signs[0] if signs else decimal, places)


@lru_cache(maxsize=4096)
def day(text: str) -> date | str:
    """Return ``text`` as a date, or a sentence: 2026-12-31, or 31.12.2026 where it is clear."""
    if found := ISO_DAY.fullmatch(text):
        year, month, of_month = map(int, found.groups())
    elif found := LOCAL_DAY.fullmatch(text):
        first, second, year = map(int, found.groups())
        if first <= 12 and second <= 12 and first != second and "." not in text:
            return f"“{cut(text)}” may be two dates: write it as 2026-12-31."
        is_american = second > 12
        month, of_month = (first, second) if is_american else (second, first)
    else:
        return f"“{cut(text)}” is no date: write it as 2026-12-31."
    try:
        value = date(year, month, of_month)
    except ValueError:
        return f"“{cut(text)}” is no day of the calendar."
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        return f"“{cut(text)}” is not between the years {FIRST_YEAR} and {LAST_YEAR}."
    return value


def cut(text: str, limit: int = 40) -> str:
    """Return ``text`` short enough for a sentence."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _no_whole(text: str) -> str:
    if re.fullmatch(r"[-\u2212\u2013]\s*\d+(?:[.,]\d+)?", text):
        return f"“{cut(text)}” is negative."
    if re.fullmatch(r"\d+[.,]\d+", text, re.ASCII):
        return f"“{cut(text)}” is no whole number of units."
    return f"“{cut(text)}” is no number: use the digits 0 to 9."


def _no_amount(text: str) -> str:
    return f"“{cut(text)}” is no amount: write it as 1234.50."


def _with_decimal(text: str, plain: str, sign: str, places: int) -> Decimal | str:
    before, _, after = plain.partition(sign)
    if not after.isdigit() and (after or plain.endswith(sign)):
        return _no_amount(text)
    if not before.isdigit():
        if not GROUPED.fullmatch(before):
            return _no_amount(text)
        before = re.sub(r"\D", "", before)
    if len(after.rstrip("0")) > places:
        return f"“{cut(text)}” has more than {places} decimal places."
    value = Decimal(f"{before}.{after}" if after else before)
    return value if value < MOST_MONEY else f"“{cut(text)}” is too large."


def _grouped(text: str, plain: str) -> Decimal | str:
    if not GROUPED.fullmatch(plain):
        return _no_amount(text)
    value = Decimal(re.sub(r"\D", "", plain))
    return value if value < MOST_MONEY else f"“{cut(text)}” is too large."
