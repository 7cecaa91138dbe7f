"""Answers of the test server: JSON, a page, a way on, or an error of Stripe's shape."""

import json
from typing import Any
from urllib.parse import quote

from stand_ins.http import Answer, Refused

type Record = dict[str, Any]


class Refusal(Refused):
    """An error of Stripe's shape. Most are about the request, so that is the type unless another is given."""

    def __init__(
        self, status: int, message: str, *, code: str = "", param: str = "", kind: str = "invalid_request_error"
    ) -> None:
        error = {"type": kind, "message": message, "code": code, "param": param}
        told = {name: value for name, value in error.items() if value}
        super().__init__(message, said({"error": told}, status=status))
        self.status, self.message, self.code = status, message, code


def said(answer: Record, *, status: int = 200) -> Answer:
    return Answer(status, json.dumps(answer).encode())


def see_other(address: str) -> Answer:
    """What a header cannot hold is percent-encoded, line ends first of all."""
    return Answer(303, b"", "text/plain", {"Location": quote(address, safe="/:?#[]@!$&'()*+,;=%~")})


def unknown(name: str, identifier: str, *, param: str = "id", status: int = 404) -> Refusal:
    return Refusal(status, f"There is no {name} {identifier!r} here.", code="resource_missing", param=param)
