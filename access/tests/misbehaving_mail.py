"""A mail server on loopback that does wrong on command: refuses, rejects, hangs, or drops the line after DATA."""

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

HANGS = 5.0  # seconds; longer than the sender's patience in the tests


class Conversation(socketserver.StreamRequestHandler):
    server: "MailServer"

    def handle(self) -> None:
        self.server.calls += 1
        if self.server.mood == "refuses":
            return
        if self.server.mood == "hangs":
            time.sleep(HANGS)
            return
        self.say("220 here")
        for line in iter(self.rfile.readline, b""):
            if line.upper().startswith(b"RCPT TO:"):
                self.server.recipients.append(
                    line[len("RCPT TO:") :].decode().strip().removeprefix("<").removesuffix(">")
                )
            if not self.answer(line.decode("ascii", "replace").strip().upper()):
                return

    def answer(self, command: str) -> bool:
        """Answer one command; False to drop the line."""
        if command.startswith("RCPT") and self.server.mood == "rejects":
            self.say("550 no such box")
        elif command.startswith("RCPT") and self.server.mood == "defers":
            self.say("451 try later")
        elif command == "DATA":
            self.say("354 go on")
            return self.take_message()
        elif command == "QUIT":
            self.say("221 bye")
            return False
        else:
            self.say("250 fine")
        return True

    def take_message(self) -> bool:
        lines = list(iter(self.rfile.readline, b".\r\n"))
        self.server.messages.append(b"".join(lines).decode())
        if self.server.mood == "hangs after DATA":
            time.sleep(HANGS)
        if self.server.mood.endswith("after DATA"):
            return False
        self.say("250 taken")
        return True

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.mood = "works"
        self.calls = 0
        self.messages: list[str] = []
        self.recipients: list[str] = []  # of the envelopes

    @property
    def mailers(self) -> dict[str, dict[str, Any]]:
        """Django's MAILERS for it, with little patience."""
        options = {"host": "127.0.0.1", "port": self.server_address[1], "timeout": 0.5}
        return {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}


@contextmanager
def running() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
