"""The files of reports: fetched from storage without our headers, checked, read as a table.

The address of a file opens it to anybody, so it is in no message and no log line.
"""

import codecs
import io
import logging
import re
import time
import zlib
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO
from urllib.parse import urlsplit

import requests

from amazon.errors import RejectedError, UnavailableError
from amazon.types import ReportDocument
from amazon.wire import CHUNK_BYTES, TIMEOUT_S, BodyError, check_complete

logger = logging.getLogger(__name__)

OPERATION = "document"
#: Of the file as it is read; a small archive can hold more than a disk.
LIMIT_BYTES = 1024 * 1024 * 1024
IN_MEMORY_BYTES = 8 * 1024 * 1024
DOWNLOAD_TIMEOUT_S = 1800.0

#: Names that senders use, and the wider set they mean.
_CHARSETS = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "windows-1252": "cp1252",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "windows-31j": "cp932",
}


def check_address(url: str, hosts: Sequence[str]) -> None:
    """Raise ``RejectedError`` unless the file lies in Amazon's storage, or on one of ``hosts``.

    Amazon's answer names the address, so it could send us to any machine in our network.
    """
    parts = urlsplit(url)
    plain = re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]+)?", parts.netloc) is not None
    stored = parts.scheme == "https" and (parts.hostname or "").endswith(".amazonaws.com")
    known = parts.scheme in ("http", "https") and parts.netloc in hosts
    if not (plain and (stored or known)):
        raise RejectedError(OPERATION, None, "", "unexpected address")


def download(
    http: requests.Session, document: ReportDocument, user_agent: str
) -> tuple[IO[bytes], str]:
    """Fetch the whole file once, unpacked, into a temporary file; return it and its charset.

    Raises ``UnavailableError`` for a failure, a cut or empty file, or a page of HTML.
    """
    if document.compression not in (None, "GZIP"):
        raise RejectedError(OPERATION, None, "", "unknown compression")
    started = time.monotonic()
    file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115  (the caller closes)
    status, charset, problem = None, "", ""
    try:
        # None takes away what the session would send along; a pre-signed address refuses more.
        headers = {"user-agent": user_agent, "authorization": None}
        with http.get(
            document.url, headers=headers, timeout=TIMEOUT_S, allow_redirects=False, stream=True
        ) as response:
            status = response.status_code
            _save(response, file, unpack=document.compression == "GZIP")
            charset = _charset(response, file)
    except (OSError, zlib.error) as error:
        problem = str(error) if isinstance(error, BodyError) else type(error).__name__
    took_ms = (time.monotonic() - started) * 1000
    logger.info("%s %s %d bytes %d ms", OPERATION, problem or status, file.tell(), took_ms)
    if problem:
        file.close()
        raise UnavailableError(OPERATION, status, "", problem)
    return file, charset


def table(file: IO[bytes], charset: str) -> Iterator[dict[str, str]]:
    """Yield rows as column name (lower case) to text; a short row lacks its last columns."""
    file.seek(0)
    # Lines end at line feeds only: a title may hold what Python else takes for a line end.
    lines = io.TextIOWrapper(file, charset, errors="replace", newline="\n")
    header = [name.strip().lower() for name in next(lines, "").split("\t")]
    for line in lines:
        cells = line.rstrip("\r\n").split("\t")
        if cells != [""]:
            yield dict(zip(header, cells, strict=False))


def _save(response: requests.Response, file: IO[bytes], *, unpack: bool) -> None:
    """Write the body into the file. Raises ``BodyError`` if it is not a whole table."""
    if response.status_code != 200:
        raise BodyError("refused")
    started, received = time.monotonic(), 0
    unpacker = _Gunzip() if unpack and "Content-Encoding" not in response.headers else None
    for chunk in response.iter_content(CHUNK_BYTES):
        received += len(chunk)
        file.write(unpacker.feed(chunk) if unpacker else chunk)
        if file.tell() > LIMIT_BYTES or time.monotonic() - started > DOWNLOAD_TIMEOUT_S:
            raise BodyError("too long")
    check_complete(response, received)
    if unpacker and not unpacker.complete:
        raise BodyError("cut")
    _check_table(response, file)


def _check_table(response: requests.Response, file: IO[bytes]) -> None:
    file.seek(0)
    start = file.read(1024).lstrip()
    file.seek(0, io.SEEK_END)
    if not start:
        raise BodyError("empty")
    if start.startswith(b"<") or "html" in response.headers.get("Content-Type", "").lower():
        raise BodyError("no table")


def _charset(response: requests.Response, file: IO[bytes]) -> str:
    """Return the first charset that fits the whole file: the announced one, UTF-8, cp1252."""
    announced = response.headers.get("Content-Type", "").lower().partition("charset=")[2]
    name = announced.split(";")[0].strip(" \"'")
    for charset in (_CHARSETS.get(name, "utf-8-sig"), "utf-8-sig"):
        if _fits(file, charset):
            return charset
    return "cp1252"


def _fits(file: IO[bytes], charset: str) -> bool:
    file.seek(0)
    try:
        decoder = codecs.getincrementaldecoder(charset)()
        while chunk := file.read(CHUNK_BYTES):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except ValueError:
        return False
    return True


class _Gunzip:
    """Unpacks a gzip file, also one made of several parts, piece by piece."""

    def __init__(self) -> None:
        self._part = zlib.decompressobj(zlib.MAX_WBITS | 16)

    @property
    def complete(self) -> bool:
        return self._part.eof

    def feed(self, packed: bytes) -> bytes:
        plain = []
        while packed:
            if self._part.eof:
                self._part = zlib.decompressobj(zlib.MAX_WBITS | 16)
            plain.append(self._part.decompress(packed))
            packed = self._part.unused_data
        return b"".join(plain)
