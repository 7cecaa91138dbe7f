"""Is the port free? Asked before anything slow, so by any Python and with its standard library alone."""

import errno
import os
import re
import socket
import sys
from pathlib import Path

ENV_FILE = Path(__file__).resolve().parents[2] / ".env"
DEFAULT = 8000


def wanted() -> str:
    """PORT from the environment, else from .env, else the default; as it was written, right or wrong."""
    if value := os.environ.get("PORT", "").strip():
        return value
    if ENV_FILE.is_file():
        lines = re.findall(r"""(?m)^\s*(?:export\s+)?PORT\s*=\s*['"]?([^'"\s#]+)""", ENV_FILE.read_text())
        if lines:
            return str(lines[-1])
    return str(DEFAULT)


def problem(port: str) -> str:
    """One sentence saying why the site cannot listen on `port`, or nothing."""
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        return f"PORT must be a number from 1 to 65535, not {port!r}."
    # Both loopbacks: where localhost means ::1 first, a stranger there would be shown instead of the site.
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind((host, int(port)))
                listener.listen()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Port {port} is in use: stop what listens there, or choose another with PORT=8001 make run."
            if family == socket.AF_INET:
                return f"Port {port} cannot be used ({error.strerror}): choose another with PORT=8001 make run."
    return ""


def free_after(port: str) -> str:
    """The next port that is free, for a server beside the site."""
    return next(number for number in map(str, range(int(port) + 1, 65536)) if not problem(number))


if __name__ == "__main__":
    sys.exit(problem(wanted()) or 0)
