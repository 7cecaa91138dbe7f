"""A TCP proxy between the site and a service it needs, on loopback, that a test can cut and restore."""

import socket
import socketserver
import threading
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit


class CutLine:
    """Listens on a port of its own and passes on to the host and port of `url`; `url` is then this line's own."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._netloc = parts.netloc
        self.server = _Server((parts.hostname or "127.0.0.1", parts.port or {"redis": 6379}.get(parts.scheme, 5432)))
        user, at, _ = parts.netloc.rpartition("@")
        self._own = f"{user}{at}127.0.0.1:{self.server.server_address[1]}"
        self.url = urlunsplit(parts._replace(netloc=self._own))
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def past(self, url: str) -> str:
        """The same address without the line."""
        return url.replace(self._own, self._netloc)

    def cut(self) -> None:
        """Drop every connection, and each new one at once."""
        self.server.is_cut = True
        for end in list(self.server.ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.server.is_cut = False

    def close(self) -> None:
        self.cut()
        self.server.shutdown()
        self.server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, target: tuple[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.target = target
        self.is_cut = False
        self.ends: set[socket.socket] = set()


class _Connection(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        if self.server.is_cut:
            return
        near = self.request
        with socket.create_connection(self.server.target) as far:
            self.server.ends |= {near, far}
            back = threading.Thread(target=_pass_on, args=(far, near), daemon=True)
            back.start()
            _pass_on(near, far)
            back.join()
            self.server.ends -= {near, far}


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
