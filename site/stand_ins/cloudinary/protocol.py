"""What the test server answers: upload, destroy, look-up, download and delivery, each with its signature looked at."""

import base64
import hashlib
import hmac
import re
import time
from typing import TYPE_CHECKING

from stand_ins.cloudinary import pictures, signatures
from stand_ins.cloudinary.answers import Refusal, ranged, said
from stand_ins.cloudinary.shelf import Facts
from stand_ins.http import Answer

if TYPE_CHECKING:
    from stand_ins.cloudinary.server import Cloudinary

CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
STEP = re.compile(r"[a-z]{1,4}_[^/]*")
KINDS = {"image", "video", "raw"}
TYPES = {"upload", "authenticated", "private"}
VIDEO_TYPES = {"mp4": "video/mp4", "webm": "video/webm", "mov": "video/quicktime", "m3u8": "application/x-mpegurl"}


def call_api(
    server: "Cloudinary", method: str, path: str, query: dict[str, str], headers: dict[str, str], body: bytes
) -> Answer:
    """One call to the Upload or the Admin API."""
    _, _, cloud_name, *rest = path.split("/")
    if cloud_name != server.cloud_name:
        raise Refusal(401, "Invalid cloud_name")
    match [method, *rest]:
        case ["GET", "resources", kind, delivery, *public_id]:
            return _look_up(server, (kind, delivery, "/".join(public_id)), headers)
        case ["GET" | "HEAD", kind, "download"]:
            return _download(server, kind, query, headers)
        case ["POST", kind, "upload"] if kind in KINDS:
            return _upload(server, kind, *_form(headers, body), headers)
        case ["POST", kind, "destroy"]:
            return _destroy(server, kind, _form(headers, body)[0])
    raise Refusal(404, "Unknown method")


def deliver(server: "Cloudinary", path: str, query: str, headers: dict[str, str]) -> Answer:
    """One file, or what a transformation makes of it."""
    _, cloud_name, kind, delivery, *rest = [*path.split("/"), "", "", ""][: max(5, path.count("/") + 1)]
    if cloud_name != server.cloud_name or kind not in KINDS or delivery not in TYPES:
        raise Refusal(404, "No such address")
    rest = [part for part in rest if part]
    signature = rest.pop(0)[3:-2] if rest and re.fullmatch(r"s--.+--", rest[0]) else ""
    steps: list[str] = []
    while rest and not re.fullmatch(r"v\d+", rest[0]) and STEP.fullmatch(rest[0]) and len(rest) > 1:
        steps.append(rest.pop(0))
    if rest and re.fullmatch(r"v\d+", rest[0]):
        rest.pop(0)
    source = "/".join(rest)
    if signature:
        signatures.check_address(server, signature, "/".join([*steps, source]))
    elif delivery != "upload":
        signatures.check_token(server, path, query)
    return _made(server, kind, delivery, steps, source, headers)


def _made(
    server: "Cloudinary", kind: str, delivery: str, steps: list[str], source: str, headers: dict[str, str]
) -> Answer:
    public_id, _, ending = source.rpartition(".")
    found = server.shelf.get((kind, delivery, source)) or server.shelf.get((kind, delivery, public_id))
    if found is None:
        raise Refusal(404, "Resource not found")
    facts, content = found
    if kind == "image" and (steps or (facts.public_id == public_id and ending != facts.format)):
        try:
            content, content_type = pictures.transformed(
                content, steps, ending if facts.public_id == public_id else "", accept=headers.get("accept", "")
            )
        except ValueError as error:
            raise Refusal(400, str(error)) from error
        return ranged(Answer(200, content, content_type, {"Cache-Control": "public, max-age=2592000"}), headers)
    if kind == "video" and ending == "m3u8":
        video = f"/{server.cloud_name}/video/{delivery}/v1/{public_id}.{facts.format}"
        text = f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{video}\n#EXT-X-ENDLIST\n"
        return Answer(200, text.encode(), VIDEO_TYPES["m3u8"])
    return ranged(Answer(200, content, _content_type(facts)), headers)


def _upload(
    server: "Cloudinary", kind: str, form: dict[str, str], file: tuple[str, bytes], headers: dict[str, str]
) -> Answer:
    signatures.check_request(server, form)
    filename, content = file
    public_id = form.get("public_id") or hashlib.sha256(content).hexdigest()[:20]
    delivery = form.get("type", "upload")
    if delivery not in TYPES:
        raise Refusal(400, "Invalid type")
    if part := CONTENT_RANGE.fullmatch(headers.get("content-range", "")):
        start, _, total = map(int, part.groups())
        upload_id = headers["x-unique-upload-id"]
        if start != len(server.parts.get(upload_id, b"")):
            raise Refusal(400, "Invalid Content-Range")
        content = server.parts[upload_id] = server.parts.get(upload_id, b"") + content
        if len(content) < total:
            return said({"done": False, "public_id": public_id, "bytes": len(content), "kind": "upload"})
        del server.parts[upload_id]
    if not content:
        raise Refusal(400, "Empty file")
    place = (kind, delivery, public_id)
    existing = server.shelf.get(place)
    if existing and form.get("overwrite") in {"0", "false"}:
        return said({**_facts(existing[0]), "existing": True})
    facts = _examined(kind, delivery, public_id, filename, content)
    server.shelf.put(facts, content)
    return said(_facts(facts))


def _destroy(server: "Cloudinary", kind: str, form: dict[str, str]) -> Answer:
    signatures.check_request(server, form)
    removed = server.shelf.remove((kind, form.get("type", "upload"), form.get("public_id", "")))
    return said({"result": "ok" if removed else "not found"})


def _look_up(server: "Cloudinary", place: tuple[str, str, str], headers: dict[str, str]) -> Answer:
    expected = base64.b64encode(f"{server.api_key}:{server.api_secret}".encode()).decode()
    if not hmac.compare_digest(headers.get("authorization", ""), f"Basic {expected}"):
        raise Refusal(401, "Invalid credentials")
    found = server.shelf.get(place)
    if found is None:
        raise Refusal(404, f"Resource not found - {place[2]}")
    return said(_facts(found[0]))


def _download(server: "Cloudinary", kind: str, query: dict[str, str], headers: dict[str, str]) -> Answer:
    signatures.check_request(server, query)
    if int(query.get("expires_at") or 0) <= time.time():
        raise Refusal(401, "The address has expired")
    found = server.shelf.get((kind, query.get("type", "upload"), query.get("public_id", "")))
    if found is None or (found[0].format or "") != query.get("format", ""):
        raise Refusal(404, "Resource not found")
    facts, content = found
    return ranged(Answer(200, content, _content_type(facts)), headers)


def _examined(kind: str, delivery: str, public_id: str, filename: str, content: bytes) -> Facts:
    """What the file is: an image by its bytes, a video by its extension, anything else is unknown."""
    width = height = 0
    ending = ""
    if kind == "image":
        try:
            ending, width, height = pictures.examined(content)
        except ValueError as error:
            raise Refusal(400, "Invalid image file") from error
    elif kind == "video":
        ending = _extension_of_video(content)
    etag = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return Facts(kind, delivery, public_id, ending, len(content), etag, width, height, filename)


def _extension_of_video(content: bytes) -> str:
    return "webm" if content.startswith(b"\x1a\x45\xdf\xa3") else "mp4"


def _facts(facts: Facts) -> dict[str, object]:
    told: dict[str, object] = {
        "public_id": facts.public_id,
        "resource_type": facts.resource_type,
        "type": facts.type,
        "version": 1,
        "bytes": facts.bytes,
        "etag": facts.etag,
        "original_filename": facts.original_filename,
    }
    if facts.format:
        told["format"] = facts.format
    if facts.width:
        told |= {"width": facts.width, "height": facts.height}
    return told


def _content_type(facts: Facts) -> str:
    if facts.resource_type == "image":
        return pictures.CONTENT_TYPES.get(facts.format, "application/octet-stream")
    return VIDEO_TYPES.get(facts.format, "application/octet-stream")


def _form(headers: dict[str, str], body: bytes) -> tuple[dict[str, str], tuple[str, bytes]]:
    """The fields of a multipart or urlencoded body, and the file in it: its name and its bytes."""
    boundary = re.search(r'boundary="?([^";]+)', headers.get("content-type", ""))
    if not boundary:
        raise Refusal(400, "Missing form")
    fields: dict[str, str] = {}
    file = ("", b"")
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.group(1).encode())[1:-1]:
        head, _, value = part.lstrip(b"\r\n").partition(b"\r\n\r\n")
        disposition = head.decode()
        name = re.search(r' name="([^"]*)"', disposition)
        filename = re.search(r'filename="([^"]*)"', disposition)
        if filename:
            file = (filename.group(1), value)
        elif name:
            fields[name.group(1)] = value.decode()
    return fields, file
