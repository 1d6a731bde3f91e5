"""Which files are kept with orders and shipments: known by their ending and their first bytes."""

MB = 1024 * 1024
MOST_BYTES, MOST_BYTES_TOGETHER = 10 * MB, 50 * MB
#: Ending -> media type, and what such a file begins with; no beginnings: it is text.
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    "webp": ("image/webp", (b"RIFF",)),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        (b"PK\x03\x04",),
    ),
    "csv": ("text/csv", ()),
    "txt": ("text/plain", ()),
    "eml": ("message/rfc822", ()),
}
ENDINGS = ", ".join(sorted(KINDS))


class NotKept(Exception):
    """The file is not taken; the text is a sentence for people."""


def media_type(name: str, content: bytes) -> str:
    """Return the media type of a file by its name and bytes, which must agree.

    Raises ``NotKept``.
    """
    ending = name.rpartition(".")[2].lower()
    if ending not in KINDS or "." not in name:
        raise NotKept(f"Files of this kind are not kept. Kept are: {ENDINGS}.")
    if not content:
        raise NotKept("The file is empty.")
    if len(content) > MOST_BYTES:
        raise NotKept(f"The file is larger than {MOST_BYTES // MB} MB.")
    kind, beginnings = KINDS[ending]
    if not (content.startswith(beginnings) if beginnings else _is_text(content)):
        raise NotKept(f"The file’s name ends in .{ending}, but it is no such file.")
    return kind


def _is_text(content: bytes) -> bool:
    """Return whether no byte is one that only other files have; UTF-16 begins with its mark."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\x00" not in content
