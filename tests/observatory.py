"""The published rules of MDN's HTTP Observatory (its algorithm 4), as far as an answer of ours can meet them.

Rules and results bear the Observatory's own names. What we do not use is left out: nonces, policies in <meta>, and the
preload list. tests/soak/ asks the real scanner, and holds it to the same results.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookies import Morsel
from urllib.parse import urljoin, urlsplit

# What each result adds to the hundred everybody starts with.
SCORES = {
    "csp-implemented-with-no-unsafe-default-src-none": 10,
    "csp-implemented-with-no-unsafe": 5,
    "csp-implemented-with-unsafe-inline-in-style-src-only": 0,
    "csp-implemented-with-insecure-scheme-in-passive-content-only": -10,
    "csp-implemented-with-unsafe-eval": -10,
    "csp-implemented-with-unsafe-inline": -20,
    "csp-implemented-with-insecure-scheme": -20,
    "csp-header-invalid": -25,
    "csp-not-implemented": -25,
    "cookies-secure-with-httponly-sessions-and-samesite": 5,
    "cookies-secure-with-httponly-sessions": 0,
    "cookies-not-found": 0,
    "cookies-without-secure-flag-but-protected-by-hsts": -5,
    "cookies-session-without-secure-flag-but-protected-by-hsts": -10,
    "cookies-without-secure-flag": -20,
    "cookies-anticsrf-without-samesite-flag": -20,
    "cookies-session-without-httponly-flag": -30,
    "cookies-session-without-secure-flag": -40,
    "cross-origin-resource-sharing-not-implemented": 0,
    "cross-origin-resource-sharing-implemented-with-public-access": 0,
    "cross-origin-resource-sharing-implemented-with-restricted-access": 0,
    "cross-origin-resource-sharing-implemented-with-universal-access": -50,
    "redirection-to-https": 0,
    "redirection-off-host-from-http": -5,
    "redirection-not-to-https": -20,
    "redirection-missing": -20,
    "referrer-policy-private": 5,
    "referrer-policy-not-implemented": 0,
    "referrer-policy-unsafe": -5,
    "referrer-policy-header-invalid": -5,
    "hsts-implemented-max-age-at-least-six-months": 0,
    "hsts-implemented-max-age-less-than-six-months": -10,
    "hsts-not-implemented": -20,
    "hsts-header-invalid": -20,
    "sri-implemented-and-all-scripts-loaded-securely": 5,
    "sri-implemented-and-external-scripts-loaded-securely": 5,
    "sri-not-implemented-but-no-scripts-loaded": 0,
    "sri-not-implemented-but-all-scripts-loaded-from-secure-origin": 0,
    "sri-not-implemented-but-external-scripts-loaded-securely": -5,
    "sri-implemented-but-external-scripts-not-loaded-securely": -20,
    "sri-not-implemented-and-external-scripts-not-loaded-securely": -50,
    "x-content-type-options-nosniff": 0,
    "x-content-type-options-not-implemented": -5,
    "x-content-type-options-header-invalid": -5,
    "x-frame-options-implemented-via-csp": 5,
    "x-frame-options-sameorigin-or-deny": 0,
    "x-frame-options-not-implemented": -20,
    "x-frame-options-header-invalid": -20,
    "corp-implemented-with-same-origin": 10,
    "corp-implemented-with-same-site": 10,
    "corp-implemented-with-cross-origin": 0,
    "corp-not-implemented": 0,
    "corp-header-invalid": -5,
}
GRADES = [(100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-"), (60, "C+"), (50, "C"), (45, "C-")]
EXTRA_CREDIT_FROM = 90  # who has less without the bonuses gets none

# What every page of ours is to be.
SOUND = {
    "content-security-policy": "csp-implemented-with-no-unsafe-default-src-none",
    "cookies": "cookies-not-found",
    "cross-origin-resource-policy": "corp-implemented-with-same-origin",
    "cross-origin-resource-sharing": "cross-origin-resource-sharing-not-implemented",
    "redirection": "redirection-to-https",
    "referrer-policy": "referrer-policy-private",
    "strict-transport-security": "hsts-implemented-max-age-at-least-six-months",
    "subresource-integrity": "sri-not-implemented-but-all-scripts-loaded-from-secure-origin",
    "x-content-type-options": "x-content-type-options-nosniff",
    "x-frame-options": "x-frame-options-implemented-via-csp",
}
WITHOUT_SCRIPT = {"subresource-integrity": "sri-not-implemented-but-no-scripts-loaded"}
WITH_FORM = {"cookies": "cookies-secure-with-httponly-sessions-and-samesite"}
PAGES = {
    "home": SOUND | WITHOUT_SCRIPT,
    "open lesson": SOUND,
    "missing page": SOUND | WITHOUT_SCRIPT,
    "gate": SOUND | WITH_FORM,
    "confirm page": SOUND | WITH_FORM,
    "waiting page": SOUND | WITH_FORM,
}

BROAD = {"*", "http:", "https:", "ftp:", "http://*", "https://*", "http://*.*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
PASSIVE = {"img-src", "media-src"}
SIX_MONTHS = 15_552_000  # seconds
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
LEAKING = {"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"}
SCRIPT = re.compile(r"<script\b[^>]*>", re.IGNORECASE)
SRC = re.compile(r"""\bsrc=["']?([^"'\s>]+)""", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A page over HTTPS; where the same URL over HTTP redirects to; and the answer to a preflight from elsewhere."""

    url: str
    headers: Mapping[str, str]
    cookies: tuple["Morsel[str]", ...]
    html: str
    redirect: str
    preflight: Mapping[str, str]


def policy(answer: Answer) -> dict[str, set[str]] | None:
    """The directives of the Content-Security-Policy; None when one comes twice."""
    parts = [part.split() for part in answer.headers.get("Content-Security-Policy", "").lower().split(";")]
    directives = [(name, set(sources) or {"'none'"}) for name, *sources in filter(None, parts)]
    return dict(directives) if len(dict(directives)) == len(directives) else None


def content_security_policy(answer: Answer) -> str:
    directives = policy(answer)
    if not directives:
        return "csp-header-invalid" if directives is None else "csp-not-implemented"
    default = directives.get("default-src", {"*"})
    script, style, plugins = (directives.get(f"{kind}-src", default) for kind in ("script", "style", "object"))
    passive = directives.get("img-src", default) | directives.get("media-src", default)
    active = script.union(*(sources for name, sources in directives.items() if name not in PASSIVE))
    unsafe = [
        (script & (BROAD | INLINE) or plugins & BROAD, "unsafe-inline"),
        (any(source.startswith(("http:", "ftp:")) for source in active), "insecure-scheme"),
        ("'unsafe-eval'" in script | style, "unsafe-eval"),
        (
            any(source.startswith(("http:", "ftp:")) for source in passive),
            "insecure-scheme-in-passive-content-only",
        ),
        (style & (BROAD | INLINE), "unsafe-inline-in-style-src-only"),
        (default == {"'none'"}, "no-unsafe-default-src-none"),
    ]
    return "csp-implemented-with-" + next((result for found, result in unsafe if found), "no-unsafe")


def cookies(answer: Answer) -> str:
    if not answer.cookies:
        return "cookies-not-found"
    protected = strict_transport_security(answer) == SOUND["strict-transport-security"]
    suffix = "-but-protected-by-hsts" if protected else ""
    found = []
    for cookie in answer.cookies:
        name = cookie.key.lower()
        is_session = "login" in name or "sess" in name
        if not cookie["secure"]:
            found.append(f"cookies-{'session-' if is_session else ''}without-secure-flag{suffix}")
        if "csrf" in name and not cookie["samesite"]:
            found.append("cookies-anticsrf-without-samesite-flag")
        if is_session and not cookie["httponly"]:
            found.append("cookies-session-without-httponly-flag")
    if found:
        return worst(found)
    everywhere = all(cookie["samesite"] for cookie in answer.cookies)
    return f"cookies-secure-with-httponly-sessions{'-and-samesite' if everywhere else ''}"


def cross_origin_resource_policy(answer: Answer) -> str:
    value = answer.headers.get("Cross-Origin-Resource-Policy", "").strip().lower()
    if not value:
        return "corp-not-implemented"
    known = value in {"same-origin", "same-site", "cross-origin"}
    return f"corp-implemented-with-{value}" if known else "corp-header-invalid"


def cross_origin_resource_sharing(answer: Answer) -> str:
    allowed = answer.preflight.get("Access-Control-Allow-Origin", "").strip()
    if not allowed:
        return "cross-origin-resource-sharing-not-implemented"
    with_cookies = answer.preflight.get("Access-Control-Allow-Credentials", "").strip().lower() == "true"
    kind = "public" if allowed == "*" else "universal" if with_cookies else "restricted"
    return f"cross-origin-resource-sharing-implemented-with-{kind}-access"


def redirection(answer: Answer) -> str:
    if not answer.redirect:
        return "redirection-missing"
    target = urlsplit(answer.redirect)
    if target.scheme != "https":
        return "redirection-not-to-https"
    is_same = target.hostname == urlsplit(answer.url).hostname
    return "redirection-to-https" if is_same else "redirection-off-host-from-http"


def referrer_policy(answer: Answer) -> str:
    values = [value.strip() for value in answer.headers.get("Referrer-Policy", "").lower().split(",")]
    if values == [""]:
        return "referrer-policy-not-implemented"
    known = [value for value in values if value in PRIVATE | LEAKING]
    if not known:
        return "referrer-policy-header-invalid"
    return "referrer-policy-private" if known[-1] in PRIVATE else "referrer-policy-unsafe"


def strict_transport_security(answer: Answer) -> str:
    value = answer.headers.get("Strict-Transport-Security")
    if value is None:
        return "hsts-not-implemented"
    age = re.search(r"(?:^|;)\s*max-age=(\d+)", value, re.IGNORECASE)
    if not age or "," in value:
        return "hsts-header-invalid"
    length = "at-least" if int(age[1]) >= SIX_MONTHS else "less-than"
    return f"hsts-implemented-max-age-{length}-six-months"


def subresource_integrity(answer: Answer) -> str:
    tags = SCRIPT.findall(answer.html)
    if not tags:
        return "sri-not-implemented-but-no-scripts-loaded"
    found = []
    for tag, src in ((tag, match[1]) for tag in tags if (match := SRC.search(tag))):
        target, is_checked = urlsplit(urljoin(answer.url, src)), "integrity=" in tag.lower()
        if target.hostname == urlsplit(answer.url).hostname:
            kind = "implemented-and-all-scripts-loaded" if is_checked else ""
        elif target.scheme == "https" and not src.startswith("//"):
            kind = f"{'implemented-and' if is_checked else 'not-implemented-but'}-external-scripts-loaded"
        else:
            kind = f"{'implemented-but' if is_checked else 'not-implemented-and'}-external-scripts-not-loaded"
        found.append(f"sri-{kind}-securely" if kind else SOUND["subresource-integrity"])
    return worst(found or [SOUND["subresource-integrity"]])


def x_content_type_options(answer: Answer) -> str:
    value = answer.headers.get("X-Content-Type-Options", "").strip().lower()
    kinds = {"nosniff": "nosniff", "": "not-implemented"}
    return f"x-content-type-options-{kinds.get(value, 'header-invalid')}"


def x_frame_options(answer: Answer) -> str:
    if "frame-ancestors" in (policy(answer) or {}):
        return "x-frame-options-implemented-via-csp"
    value = answer.headers.get("X-Frame-Options", "").strip().lower()
    kinds = {"deny": "sameorigin-or-deny", "sameorigin": "sameorigin-or-deny", "": "not-implemented"}
    return f"x-frame-options-{kinds.get(value, 'header-invalid')}"


RULES: dict[str, Callable[[Answer], str]] = {
    "content-security-policy": content_security_policy,
    "cookies": cookies,
    "cross-origin-resource-policy": cross_origin_resource_policy,
    "cross-origin-resource-sharing": cross_origin_resource_sharing,
    "redirection": redirection,
    "referrer-policy": referrer_policy,
    "strict-transport-security": strict_transport_security,
    "subresource-integrity": subresource_integrity,
    "x-content-type-options": x_content_type_options,
    "x-frame-options": x_frame_options,
}


def results(answer: Answer) -> dict[str, str]:
    return {name: rule(answer) for name, rule in RULES.items()}


def score(found: Mapping[str, str]) -> int:
    points = [SCORES[result] for result in found.values()]
    without_bonus = max(0, 100 + sum(point for point in points if point < 0))
    return 100 + sum(points) if without_bonus >= EXTRA_CREDIT_FROM else without_bonus


def grade(found: Mapping[str, str]) -> str:
    return next((name for least, name in GRADES if score(found) >= least), "D or F")


def worst(found: list[str]) -> str:
    return min(found, key=SCORES.__getitem__)
