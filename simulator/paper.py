"""Small PDF files, written by hand: enough to print, open and tell apart."""

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
#: Points of a page: A6, as most box labels.
_WIDTH, _HEIGHT, _MARGIN, _LEADING = 298, 420, 24, 18


def pdf(pages: list[list[str]]) -> bytes:
    """Return a PDF with one page for each list of lines; letters outside Latin-1 become ``?``."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(count))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        _FONT,
    ]
    for place, lines in enumerate(pages):
        text = _text(lines)
        parts.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}]"
            f" /Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * place} 0 R >>".encode()
        )
        parts.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text))
    return _file(parts)


def _text(lines: list[str]) -> bytes:
    top = _HEIGHT - _MARGIN - _LEADING
    shown = [f"BT /F1 12 Tf {_LEADING} TL {_MARGIN} {top} Td"]
    for line in lines:
        escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        shown.append(f"({escaped}) Tj T*")
    return "\n".join([*shown, "ET"]).encode("latin-1", "replace")


def _file(parts: list[bytes]) -> bytes:
    """Return the objects with the table of where each begins, as readers want it."""
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, rows)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return body + table + trailer % (size, len(body))
