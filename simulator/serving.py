"""Serves the simulator on a port: threads, kept connections, one write per answer."""

import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from flask import Flask

from simulator.exchange import Answer, ask

#: Longer than any client's patience: what "timeout" does on a socket.
SILENCE_S = 90


class SimulatorServer(ThreadingHTTPServer):
    """Serves ``app`` on ``host:port``; port 0 takes a free one. One thread per connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, app: Flask, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__((host, port), _Handler)
        self.app = app
        self.is_stopping = threading.Event()

    @property
    def url(self) -> str:
        """The address to type, without a slash at its end."""
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def start(self) -> None:
        """Serve in a thread of its own until ``stop``."""
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Stop serving and close the port."""
        self.is_stopping.set()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: SimulatorServer

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        host = self.headers.get("Host") or "localhost"
        headers = dict(self.headers.items())
        answer = ask(self.server.app, self.command, f"http://{host}{self.path}", headers, body)
        if answer.fault == "timeout":
            self.server.is_stopping.wait(SILENCE_S)
        if answer.fault in ("timeout", "reset", "no_connection"):
            self._reset()
        else:
            self._write(answer)

    do_GET = do_POST = do_DELETE = do_PUT = _serve  # noqa: N815 - the base class asks for these

    def _write(self, answer: Answer) -> None:
        """Write head and body at once: two small writes would wait for each other."""
        head = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        head += [f"{name}: {value}" for name, value in answer.headers]
        body = answer.body
        if answer.fault == "cut":
            body = body[: len(body) // 2]
            self.close_connection = True
        self.wfile.write("\r\n".join([*head, "", ""]).encode("latin-1") + body)

    def _reset(self) -> None:
        self.close_connection = True
        linger_none = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_none)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: the control page has the counters."""
