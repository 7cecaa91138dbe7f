"""In whatever order people ask, click, type, wait, sign out and are blocked, a browser reads what it may and no more.

Hypothesis makes up the stories. Browsers, a mail scanner and staff do what they can over HTTP, editors publish, the
worker sends; beside them a model of a few lines says what must follow, and asks nothing of the code it judges.
"""

import os
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import hypothesis
import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from wagtail.models import Page

from access.models import Email, EmailVerificationToken, Grant, LearnerSession
from access.policy import Level
from access.tests.any_order import (
    IDLE,
    LIFE,
    LIMITS,
    LONGEST,
    MAILBOXES,
    Browser,
    Clock,
    Model,
    Request,
    Session,
)
from access.verification import outbox
from conftest import CANARY, undone
from courses.models import CoursePage, LessonCaption, LessonPage

STORIES, STEPS = (300, 60) if os.environ.get("SOAK") else (5, 25)
HONEST = ["laptop", "phone"]  # either can read every mailbox; the attacker knows the addresses alone
EVERYBODY = [*HONEST, "attacker"]
WAITS = [timedelta(seconds=1), timedelta(seconds=61), LIFE - timedelta(seconds=1), LIFE, timedelta(hours=11), IDLE]
COOKIES = {"asker", "learner"}


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What the stories play on: a lesson that always asks for an address, and one whose course editors change."""

    clock: Clock
    gated: Page
    changing: Page
    course_id: int
    staff: Any


class AnyOrder(Model, RuleBasedStateMachine):
    requests = Bundle("requests")
    mailed = Bundle("mailed")

    def __init__(self, stage: Stage) -> None:
        RuleBasedStateMachine.__init__(self)
        Model.__init__(self, stage.clock, EVERYBODY)
        self.stage = stage
        self.level, self.state = "purchase", "published"
        self.secrets: set[str] = set()
        mail.outbox.clear()
        self.story = undone()
        self.story.__enter__()

    def teardown(self) -> None:
        try:
            self.nothing_secret_is_at_rest()
        finally:
            self.story.__exit__(None, None, None)

    # What happens

    @rule(target=requests, who=st.sampled_from(EVERYBODY), address=st.sampled_from(list(MAILBOXES)))
    def ask(self, who: str, address: str) -> Any:
        self.clock.now += timedelta(seconds=1)  # so that no two are asked for at the same moment
        browser = self.browsers[who]
        same = [request for request in self.asked if self.is_same_request(request, browser, address)]
        is_limited = self.is_limited(address)

        answer = self.call(browser.client, "post", "/access/ask/", email=address, page=self.stage.gated.pk)

        if same:
            assert answer["Location"] == same[-1].tab
            return multiple()
        if is_limited:
            assert answer.status_code == 429
            return multiple()
        assert answer.status_code == 303
        browser.asker = browser.asker or object()
        request = Request(tab=answer["Location"], address=address, asker=browser.asker, asked_at=self.clock.now)
        self.asked.append(request)
        return request

    @rule(targets=(requests, mailed), who=st.sampled_from(EVERYBODY), address=st.sampled_from(list(MAILBOXES)))
    def ask_and_be_sent_at_once(self, who: str, address: str) -> Any:
        request = self.ask(who=who, address=address)
        self.the_worker_sends()
        return request if isinstance(request, Request) and request.link else multiple()

    @initialize(targets=(requests, mailed), who=st.sampled_from(EVERYBODY), address=st.sampled_from(list(MAILBOXES)))
    def begin(self, who: str, address: str) -> Any:
        return self.ask_and_be_sent_at_once(who=who, address=address)

    @rule(target=mailed)
    def the_worker_sends(self) -> Any:
        owed = [request for request in self.asked if not (request.sent_at or request.is_burnt or request.is_erased)]
        mailed = [request for request in owed if request.address not in self.blocked]
        before = len(mail.outbox)

        outbox.send_due(now=self.clock.now)

        messages = mail.outbox[before:]
        assert [message.recipients() for message in messages] == [[request.address] for request in mailed]
        for request in owed:
            request.sent_at = self.clock.now
        for request, message in zip(mailed, messages, strict=True):
            ((request.link, secret),) = re.findall(
                r"http://localhost:8000(/access/confirm/([\w-]+)/)", str(message.body)
            )
            (request.code,) = re.findall(r"^(\d{6})$", str(message.body), re.MULTILINE)
            self.secrets |= {secret, request.code}
        return multiple(*mailed)

    @rule(wait=st.sampled_from(WAITS))
    def time_passes(self, wait: timedelta) -> None:
        self.clock.now += wait

    @rule(who=st.sampled_from([*EVERYBODY, "scanner"]), request=mailed)
    def look_at_everything(self, who: str, request: Request) -> None:
        """Reading changes nothing, and neither does a scanner that clicks."""
        browser = self.browsers.get(who) or Browser(Client())
        before = rows()

        statuses = [self.call(browser.client, method, request.link).status_code for method in ("get", "head")]
        pressed = self.call(Client(), "post", request.link)
        tab = self.call(browser.client, "get", request.tab)
        progress = self.call(browser.client, "get", f"{request.tab}status/")

        is_own = request.asker is browser.asker and not request.is_erased
        is_opened = is_own and self.is_opened_by(request, browser)
        assert statuses == [200, 200]
        assert pressed.status_code == (404 if request.is_erased else 410 if self.is_dead(request) else 403)
        assert tab.status_code == (303 if is_opened else 200)
        assert progress.status_code == (204 if is_opened else 200 if is_own else 404)
        assert rows() == before

    @rule(who=st.sampled_from(HONEST), request=mailed, typed=st.sampled_from(["right", "", "RIGHT", "right", "wrong"]))
    def press(self, who: str, request: Request, typed: str) -> None:
        browser = self.browsers[who]
        words = {"": "", "right": request.address, "RIGHT": f" {request.address.upper()}", "wrong": "eve@example.org"}

        answer = self.call(browser.client, "post", request.link, email=words[typed])

        if request.is_erased:
            assert answer.status_code == 404
            return
        if self.is_dead(request):
            assert answer.status_code == (303 if self.is_opened_by(request, browser) else 410)
            return
        if request.asker is not browser.asker:
            request.tries += 1 if typed else 0
            if typed not in {"right", "RIGHT"}:
                assert answer.status_code == 403
                return
        self.opens(browser, request, answer)

    @rule(tab=requests, who=st.none() | st.sampled_from(EVERYBODY), message=st.none() | mailed)
    def type_a_code(self, tab: Request, who: str | None, message: Request | None) -> None:
        """The code of some mail, or a wrong one, in the tab that asked or in another. The attacker can only guess."""
        wrong = f"{(int(tab.code or 0) + 1) % 1_000_000:06d}"
        owners = [each for each in self.browsers.values() if each.asker is tab.asker]
        browser = self.browsers[who or "laptop"] if who or not owners else owners[0]
        code = message.code if message and browser is not self.browsers["attacker"] else wrong

        answer = self.call(browser.client, "post", tab.tab, code=code)

        if tab.asker is not browser.asker or tab.is_erased:
            assert answer.status_code == 404
        elif self.is_opened_by(tab, browser):
            assert answer.status_code == 303
        elif tab.sent_at is None and not tab.is_burnt:
            assert answer.status_code == 422
        elif self.is_dead(tab):
            assert answer.status_code == 410
        else:
            tab.tries += 1
            if code != tab.code:
                assert answer.status_code == 422
                return
            self.opens(browser, tab, answer)

    @precondition(lambda self: self.sessions)
    @rule(who=st.sampled_from(EVERYBODY), which=st.sampled_from(["", "everywhere"]))
    def sign_out(self, who: str, which: str) -> None:
        browser = self.browsers[who]

        self.call(browser.client, "post", "/access/sign-out/", which=which)

        if which:
            self.end_sessions_of(self.signed_in(browser))
        self.leave(browser)

    @precondition(lambda self: self.sessions)
    @rule(who=st.sampled_from(HONEST))
    def forget_all_cookies(self, who: str) -> None:
        self.browsers[who].client.cookies.clear()
        self.browsers[who].asker = self.browsers[who].session = None

    @precondition(lambda self: any(map(self.signed_in, self.browsers.values())))
    @rule(who=st.sampled_from(HONEST))
    def erase_own_data(self, who: str) -> None:
        browser = self.browsers[who]

        self.call(browser.client, "post", "/access/data/", which="erase")

        if address := self.signed_in(browser):
            self.end_sessions_of(address)
            self.granted.discard(address)
            for request in self.asked:
                request.is_erased |= request.address == address

    @rule(request=requests, act=st.sampled_from(["block", "unblock", "sign-out", "give", "take"]))
    def staff_act(self, request: Request, act: str) -> None:
        address = request.address
        email = Email.objects.filter(address=address).first()
        if email is None:
            return  # it had its data erased
        url = f"/admin/learners/{email.pk}/{act}/"
        if act == "take":
            grant = Grant.objects.filter(email=email).last()
            url = f"/admin/learners/grants/{grant.pk if grant else 0}/take/"
        desk = Client(raise_request_exception=False)
        desk.force_login(self.stage.staff)

        self.call(desk, "post", url, reason="They wrote to us.", course=self.stage.course_id)

        if act in {"block", "sign-out"}:
            self.end_sessions_of(address)
        {"block": self.blocked.add, "unblock": self.blocked.discard}.get(act, str)(address)
        {"give": self.granted.add, "take": self.granted.discard}.get(act, str)(address)

    @rule(level=st.sampled_from(Level.values), state=st.sampled_from(["published", "coming_soon", "draft"]))
    def editors_publish(self, level: str, state: str) -> None:
        course = CoursePage.objects.get(pk=self.stage.course_id)
        course.access = level
        course.availability = "coming_soon" if state == "coming_soon" else "published"
        course.save_revision().publish()
        if state == "draft":
            CoursePage.objects.get(pk=course.pk).unpublish()  # what is at hand does not know that it was published
        self.level, self.state = level, state

    # What must be so after each step

    @invariant()
    def everybody_reads_what_they_may_and_no_more(self) -> None:
        for who, browser in self.browsers.items():
            if who != "attacker" and browser.session is None and not browser.cookie():
                continue  # one like any other: what the attacker may not read, it may not either
            address = self.signed_in(browser)
            assert not (address and who == "attacker")
            assert self.reads(browser, f"/lessons/{self.stage.gated.pk}/captions/en.vtt") == bool(address)
            if browser.session and address:
                browser.session.used_at = self.clock.now
            may = {"anyone": True, "email": bool(address), "purchase": address in self.granted}[self.level]
            assert self.reads(browser, self.stage.changing.url) == (may and self.state == "published")

    @invariant()
    def a_spent_token_opened_one_browser(self) -> None:
        spent = sorted(
            UUID(request.tab.split("/")[-2]) for request in self.asked if request.is_spent and not request.is_erased
        )

        assert sorted(LearnerSession.objects.values_list("token_id", flat=True)) == spent
        assert sorted(EmailVerificationToken.objects.exclude(spent_at=None).values_list("pk", flat=True)) == spent

    @invariant()
    def no_mailbox_is_flooded(self) -> None:
        for box in MAILBOXES.values():
            times = [request.asked_at for request in self.asked if request.link and MAILBOXES[request.address] == box]
            for count, span in LIMITS:
                assert all(sum(start <= time < start + span for time in times) <= count for start in times)

    def nothing_secret_is_at_rest(self) -> None:
        stored = [row for model in apps.get_models() for row in model._default_manager.values_list()]
        # Moments are left out: their fractions are six digits too.
        words = {word for row in stored for value in row if not isinstance(value, datetime) for word in split(value)}

        assert words & self.secrets == set()

    # The site

    def opens(self, browser: Browser, request: Request, answer: Any) -> None:
        """Everything was right; only a block still shuts."""
        if request.address in self.blocked:
            assert answer.status_code == 410
            return
        assert (answer.status_code, answer["Location"]) == (303, self.stage.gated.url)
        for other in self.asked:
            other.is_burnt |= other.address == request.address and other is not request and not other.is_spent
        request.is_spent = True
        self.leave(browser)
        browser.session = Session(request=request, started_at=self.clock.now, used_at=self.clock.now)
        self.sessions.append(browser.session)

    def call(self, client: Client, method: str, url: str, **data: Any) -> Any:
        answer = getattr(client, method)(url, data)
        assert answer.status_code < 500
        self.secrets |= {cookie.value for name, cookie in answer.cookies.items() if name in COOKIES and cookie.value}
        return answer

    def reads(self, browser: Browser, url: str) -> bool:
        return CANARY in self.call(browser.client, "get", url).text


def rows() -> list[Any]:
    """What a link that is only read must leave as it is."""
    return [list(model.objects.order_by("pk").values()) for model in (EmailVerificationToken, LearnerSession, Email)]


def split(value: Any) -> list[str]:
    return re.findall(r"[\w-]+", str(value))


@pytest.fixture
def stage(
    email_lesson: LessonPage, paid_lesson: LessonPage, admin_user: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Stage:
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}  # the worker has its own turn
    settings.LIMITS_PER_NETWORK = []  # everybody is on one network here
    settings.LEARNER_MAX_SECONDS = int(LONGEST.total_seconds())
    clock = Clock(timezone.now().replace(microsecond=0))
    monkeypatch.setattr(timezone, "now", clock)
    # Nor does time pass while the worker sends: a link would live on for a microsecond after its end.
    monkeypatch.setattr("mail.outbox.one_by_one", lambda rows, *, now: [(row, now) for row in rows])
    email_lesson.captions.set([LessonCaption(language="en", label="English", vtt=f"WEBVTT\n\n{CANARY}")])
    email_lesson.save_revision().publish()
    course = paid_lesson.get_parent()
    return Stage(clock=clock, gated=email_lesson, changing=paid_lesson, course_id=course.pk, staff=admin_user)


@pytest.mark.refusal("token")
def test_in_any_order_a_token_opens_one_browser_and_rights_are_those_of_now(stage: Stage) -> None:
    in_all = hypothesis.settings(
        max_examples=STORIES, stateful_step_count=STEPS, suppress_health_check=list(HealthCheck)
    )

    run_state_machine_as_test(lambda: AnyOrder(stage), settings=in_all)  # type: ignore[arg-type]  # a factory will do
