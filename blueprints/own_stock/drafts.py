"""A file between its dry run and its storing: its rows, packed into a field of the form.

So nothing is kept for files that nobody stores, and the dry run is the same in any process.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Sequence

from inventory.rules.sheets import Row

#: Below what the server takes as the text of a form (500 kB).
MOST_PACKED = 400_000
MOST_UNPACKED = 8_000_000


def pack(rows: Sequence[Row]) -> str:
    """Return ``rows`` as text for a hidden field."""
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def unpack(packed: str, width: int) -> list[Row] | None:
    """Return the rows, ``None`` for what is none of ours: anybody can write a field."""
    try:
        inflating = zlib.decompressobj()
        raw = inflating.decompress(base64.b64decode(packed, validate=True), MOST_UNPACKED)
        found = json.loads(raw.decode())
        rows = [(number, tuple(values)) for number, values in found]
    except (ValueError, TypeError, RecursionError, binascii.Error, zlib.error):
        return None
    return rows if inflating.eof and all(_is_row(row, width) for row in rows) else None


def _is_row(row: Row, width: int) -> bool:
    number, values = row
    is_text = all(isinstance(value, str) and "\x00" not in value for value in values)
    return type(number) is int and len(values) == width and is_text
