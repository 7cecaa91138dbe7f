"""Answers of the test server: a file or a part of it, JSON, or an error of Cloudinary's shape."""

import json
import re

from stand_ins.http import Answer, Refused

RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Refusal(Refused):
    """An error of Cloudinary's shape."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message, Answer(status, json.dumps({"error": {"message": message}}).encode()))


def ranged(answer: Answer, headers: dict[str, str]) -> Answer:
    """The part of the body that a Range header asks for; one range, as browsers ask."""
    told = {**answer.headers, "Accept-Ranges": "bytes", "Access-Control-Allow-Origin": "*"}
    asked = RANGE.fullmatch(headers.get("range", ""))
    size = len(answer.body)
    if not asked or asked.groups() == ("", ""):
        return Answer(200, answer.body, answer.content_type, told)
    first, last = asked.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(size - 1, int(last) if first and last else size - 1)
    if start > end:
        return Answer(416, b"", answer.content_type, {**told, "Content-Range": f"bytes */{size}"})
    told["Content-Range"] = f"bytes {start}-{end}/{size}"
    return Answer(206, answer.body[start : end + 1], answer.content_type, told)


def said(answer: dict[str, object]) -> Answer:
    return Answer(200, json.dumps(answer).encode())
