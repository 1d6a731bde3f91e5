"""A mail server of a few lines, for tests: takes what it is told and keeps it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


class _Conversation(socketserver.StreamRequestHandler):
    server: "Mailbox"

    def handle(self) -> None:
        self._say(b"220 stub")
        recipient = b""
        while line := self.rfile.readline():
            word = line.split(b" ")[0].strip().upper()
            self.server.heard.append(line.strip())
            if word == b"EHLO":
                self._say(b"250-stub\r\n250 AUTH PLAIN")
            elif word == b"AUTH":
                self._say(b"235 in" if self.server.takes_login else b"535 secret refused")
            elif word == b"RCPT":
                recipient = line.partition(b"<")[2].partition(b">")[0]
                refused = recipient.decode() in self.server.refuses
                self._say(b"550 no such user" if refused else b"250 ok")
            elif word == b"DATA":
                self._say(b"354 go on")
                self.server.take(recipient.decode(), self._body())
                self._say(b"250 kept")
            elif word == b"QUIT":
                self._say(b"221 bye")
                return
            else:
                self._say(b"250 ok")

    def _body(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")


class Mailbox(socketserver.ThreadingTCPServer):
    """``mails`` are (recipient, message) in the order they came."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mails: list[tuple[str, EmailMessage]] = []
        self.heard: list[bytes] = []
        self.refuses: set[str] = set()
        self.takes_login = True

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def take(self, recipient: str, body: bytes) -> None:
        message: Any = message_from_bytes(body, policy=policy.default)
        self.mails.append((recipient, message))


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
