"""What must come of asking, pressing, typing and waiting, in a few lines that ask nothing of the code they judge."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.test import Client

MAILBOXES = {"ada@example.org": "ada", "ada+notes@example.org": "ada", "grace@example.org": "grace"}
LIFE, IDLE, LONGEST = timedelta(minutes=15), timedelta(hours=12), timedelta(hours=24)
LIMITS = [(3, timedelta(minutes=15)), (10, timedelta(hours=24))]
TRIES = 5


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(eq=False, kw_only=True)
class Request:
    """One requested email, as the model knows it. `asker` is for the cookie of the browser that asked."""

    tab: str
    address: str
    asker: object
    asked_at: datetime
    sent_at: datetime | None = None
    link: str = ""
    code: str = ""
    tries: int = 0
    is_spent: bool = False
    is_burnt: bool = False
    is_erased: bool = False


@dataclass(eq=False, kw_only=True)
class Session:
    request: Request
    started_at: datetime
    used_at: datetime
    is_ended: bool = False


@dataclass(eq=False)
class Browser:
    client: Client
    asker: object = None
    session: Session | None = None

    def cookie(self) -> str:
        return self.client.cookies["learner"].value if "learner" in self.client.cookies else ""


class Model:
    def __init__(self, clock: Clock, everybody: Iterable[str]) -> None:
        self.clock = clock
        self.browsers = {who: Browser(Client(raise_request_exception=False)) for who in everybody}
        self.asked: list[Request] = []
        self.sessions: list[Session] = []
        self.blocked: set[str] = set()
        self.granted: set[str] = set()

    def is_same_request(self, request: Request, browser: Browser, address: str) -> bool:
        is_over = request.is_spent or request.is_burnt or request.is_erased or request.tries >= TRIES
        is_recent = request.asked_at > self.clock.now - timedelta(seconds=60)
        return request.asker is browser.asker and request.address == address and is_recent and not is_over

    def is_limited(self, address: str) -> bool:
        times = [request.asked_at for request in self.asked if MAILBOXES[request.address] == MAILBOXES[address]]
        return any(sum(time > self.clock.now - span for time in times) >= count for count, span in LIMITS)

    def is_dead(self, request: Request) -> bool:
        is_late = request.sent_at is None or self.clock.now >= request.sent_at + LIFE
        return request.is_spent or request.is_burnt or request.tries >= TRIES or is_late

    def signed_in(self, browser: Browser) -> str:
        """The address this browser is signed in as, or ""."""
        session, now = browser.session, self.clock.now
        if session is None or session.is_ended or now >= min(session.used_at + IDLE, session.started_at + LONGEST):
            return ""
        return session.request.address

    def is_opened_by(self, request: Request, browser: Browser) -> bool:
        return bool(self.signed_in(browser)) and browser.session is not None and browser.session.request is request

    def leave(self, browser: Browser) -> None:
        if browser.session:
            browser.session.is_ended = True
        browser.session = None

    def end_sessions_of(self, address: str) -> None:
        for session in self.sessions:
            session.is_ended |= session.request.address == address
