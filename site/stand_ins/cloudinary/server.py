"""A server on this machine that speaks as much of Cloudinary's protocol as the SDK and a browser use.

    PYTHONPATH=site python -m stand_ins.cloudinary.server --port 8900 --folder var/cloudinary

and CLOUDINARY_URL=cloudinary://key:secret@demo?upload_prefix=http://127.0.0.1:8900&cname=127.0.0.1:8900. In tests:

    with server.running() as cloudinary:
        settings.CLOUDINARY_URL = cloudinary.url

It listens on loopback alone, keeps files in memory or in a folder, checks every signature, resizes images with
Pillow, and fails on request: `cloudinary.fault = "slow"`, for some paths `cloudinary.fault_in = "/video/"`.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, RLock
from typing import Any, ClassVar, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from stand_ins import http
from stand_ins.cloudinary import protocol
from stand_ins.cloudinary.answers import Refusal
from stand_ins.cloudinary.shelf import Shelf
from stand_ins.http import LOOPBACK, Answer

SLOW_SECONDS = 30.0
MOST_BYTES = 100 * 1024**2

FAULTS = {
    "refuse": Refusal(403, "This account is disabled").answer,
    "nonsense": Answer(200, b"<html>Well, hello.</html>", "text/html"),
    "500": Refusal(500, "General Error").answer,
}

type Fault = Literal["", "down", "slow", "refuse", "nonsense", "500"]


@dataclass
class Cloudinary:
    """One account on one port. `requests` holds method and path of all that was asked, oldest first."""

    faults: ClassVar[dict[str, Answer]] = FAULTS
    most_bytes: ClassVar[int] = MOST_BYTES

    cloud_name: str = "demo"
    api_key: str = "123456789012345"
    api_secret: str = field(default="secret-of-the-test-server", repr=False)
    auth_token_key: str = field(default="00aa11bb22cc33dd", repr=False)
    folder: Path | None = None
    fault: Fault = ""
    fault_in: str = ""  # where it shows: in requests whose path holds this
    slow_seconds: float = SLOW_SECONDS
    port: int = 0
    requests: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.folder)
        self.parts: dict[str, bytes] = {}
        self.lock = RLock()
        self.ended = Event()

    @property
    def origin(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def url(self) -> str:
        """The CLOUDINARY_URL of this account."""
        place = f"{LOOPBACK}:{self.port}"
        return (
            f"cloudinary://{self.api_key}:{self.api_secret}@{self.cloud_name}?upload_prefix={self.origin}&cname={place}"
        )

    @property
    def url_with_tokens(self) -> str:
        """The same of an account that has token delivery."""
        return f"{self.url}&auth_token[key]={self.auth_token_key}"

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        parts = urlsplit(target)
        path, query = unquote(parts.path), dict(parse_qsl(parts.query))
        with self.lock:
            self.requests.append((method, parts.path))
            if path.startswith("/v1_1/"):
                return protocol.call_api(self, method, path, query, headers, body)
            return protocol.deliver(self, path, parts.query, headers)

    @property
    def is_over(self) -> bool:
        return self.ended.is_set()

    def refusal(self, status: int, message: str) -> Refusal:
        return Refusal(status, message)

    def fault_at(self, path: str) -> str:
        return self.fault if self.fault_in in path else ""

    def be_slow(self) -> None:
        self.ended.wait(self.slow_seconds)


@contextmanager
def running(**account: Any) -> Iterator[Cloudinary]:
    """A server of its own on a free port, until the block ends; takes what `Cloudinary` takes."""
    cloudinary = Cloudinary(**account)
    with http.serving(cloudinary):
        try:
            yield cloudinary
        finally:
            cloudinary.ended.set()


def main() -> None:
    parser = argparse.ArgumentParser(description="Speak Cloudinary's protocol on this machine.")
    parser.add_argument("--port", type=int, default=8900)
    parser.add_argument("--folder", type=Path, help="keep files here; without it they are forgotten at the end")
    arguments = parser.parse_args()
    account = Cloudinary(port=arguments.port, folder=arguments.folder)
    server = http.Server(account)
    sys.stdout.write(f"CLOUDINARY_URL={account.url}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
