"""A site of many learners and courses, made by the database itself: INSERT … SELECT from a series of numbers."""

from datetime import datetime

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max, Model
from wagtail.models import Page

from access.models import Email, EmailVerificationToken, Grant, LearnerSession
from courses.models import CourseIndexPage, CoursePage, LessonPage
from courses.models.stage import Availability
from purchases.models import CheckoutIntent, Payment, PurchaseMail
from release.models import WaitlistEntry

SERIES = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) "
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # of treebeard's paths
BEYOND = 4999  # the steps of copied pages' paths are higher: no page of the demo has one as high
SOLD, SOON = 100, 20  # so many of the courses are sold, and the next so many are announced only
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


def learners(count: int, *, of: CoursePage, now: datetime) -> None:
    """So many addresses with a spent request and a session each, spread over the weeks for which they are kept.

    A tenth has bought a copy of this course, and waits for one that is announced.
    """
    first = 1 + (Email.objects.order_by("pk").values_list("pk", flat=True).last() or 0)
    spread = 29 * DAY  # requests are deleted after thirty days
    asked = _moment(f"n * 1.0 * {spread} / {count}", now=now)
    later = _moment(f"n * 1.0 * {spread} / {count} - {MINUTE}", now=now)
    ends = _moment(f"n * 1.0 * {spread} / {count} - {7 * DAY}", now=now)
    key = _uuid("n")
    email = f"n + {first}"
    _insert(Email, count, id=email, address="'learner' || n || '@example.org'", asked_at=asked, verified_at=later)
    _insert(
        EmailVerificationToken,
        count,
        id=key,
        email_id=email,
        sent_to="'learner' || n || '@example.org'",
        second="0",
        purpose="'read'",
        asker_digest=_digest("n"),
        asked_at=asked,
        send_after=later,
        sends="1",
        sent_at=later,
        digest=_digest(f"n + {count}"),
        code_digest=_digest("n"),
        expires_at=_moment(f"n * 1.0 * {spread} / {count} - {15 * MINUTE}", now=now),
        tries="0",
        # One in fifty is never opened.
        spent_at=f"CASE WHEN n % 50 = 0 THEN NULL ELSE {later} END",
    )
    _insert(
        LearnerSession,
        count,
        key_digest=_digest("n"),
        email_id=email,
        token_id=key,
        browser="'Firefox, Linux'",
        created_at=later,
        seen_at=later,
        until=ends,
    )
    soon, sold = _copied_key(of, f"n % {SOON} + {SOLD + 1}"), _copied_key(of, f"n % {SOLD} + 1")
    tenth = count // 10
    paid = {"course_key": sold, "currency": "'EUR'", "amount": "4900"}
    _insert(
        CheckoutIntent,
        tenth,
        id=key,
        email_id=email,
        course_title="'A course'",
        is_live="TRUE",
        session_url="''",
        session=f"'cs_' || {_digest('n')}",
        created_at=asked,
        confirmed_at=asked,
        closed_at=later,
        takes_coupons="FALSE",
        **paid,
    )
    opens = {"state": "'paid'", "refunded": "0", "problem": "''", "opens": "TRUE", "is_duplicate": "FALSE"}
    first_payment = 1 + (Payment.objects.order_by("pk").values_list("pk", flat=True).last() or 0)
    _insert(
        Payment,
        tenth,
        id=f"n + {first_payment}",
        reference=_digest("n"),
        intent_id=key,
        email_id=email,
        paid_at=later,
        **paid,
        **opens,
    )
    _insert(Grant, tenth, email_id=email, course_key=sold, source="'purchase'", granted_at=later)
    _insert(
        PurchaseMail,
        tenth,
        payment_id=f"n + {first_payment}",
        kind="'paid'",
        amount="0",
        copy="0",
        queued_at=later,
        sends="1",
        sent_at=later,
    )
    _insert(WaitlistEntry, tenth, email_id=email, course_key=soon, asked_at=asked, confirmed_at=later, sends="0")


def courses(first: int, last: int, *, lessons: int, like: LessonPage) -> None:
    """The first to the last of many live courses with so many lessons, copies of this lesson and of its course."""
    index, course, count = CourseIndexPage.objects.get(), like.course, last - first + 1
    assert course is not None
    place = f"(n + {first - 1})"
    _copy_page(course, count, number=place, path=f"'{index.path}' || {_step(place)}", url_path=f"'{index.url_path}'")
    CourseIndexPage.objects.filter(pk=index.pk).update(numchild=index.numchild + count)
    copies = CoursePage.objects.filter(slug__startswith=f"copy-of-{course.pk}-")
    copies.update(numchild=lessons)
    soon = [f"copy-of-{course.pk}-{number}" for number in range(SOLD + 1, SOLD + SOON + 1)]
    copies.filter(slug__in=soon).update(availability=Availability.COMING_SOON)
    above = f"((n - 1) / {lessons} + {first})"
    _copy_page(
        like,
        count * lessons,
        number=f"(n + {(first - 1) * lessons})",
        path=f"'{index.path}' || {_step(above)} || {_step('n % ' + str(lessons))}",
        url_path=f"'{index.url_path}copy-of-{course.pk}-' || {above} || '/'",
    )


def settle() -> None:
    """Let the planner know, and the next row have a number of its own."""
    with connection.cursor() as cursor:
        models = [Email, LearnerSession, Payment, Grant, PurchaseMail, WaitlistEntry, Page]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def _copied_key(page: Page, number: str) -> str:
    """The translation_key of this page's copy of that number."""
    return _uuid(f"{page.pk}00000000 + {number}")


def _copy_page(page: CoursePage | LessonPage, count: int, *, number: str, path: str, url_path: str) -> None:
    """Rows like those of this page, in the table of all pages and in that of its kind."""
    first = 1 + Page.objects.aggregate(last=Max("pk"))["last"]
    slug = f"'copy-of-{page.pk}-' || {number}"
    changed = {
        "id": f"n + {first}",
        "page_ptr_id": f"n + {first}",
        "path": path,
        "numchild": "0",
        "slug": slug,
        "url_path": f"{url_path} || {slug} || '/'",
        "translation_key": _copied_key(page, number),
        "live_revision_id": "NULL",
        "latest_revision_id": "NULL",
    }
    for model in (Page, type(page)):
        columns = [str(field.column) for field in model._meta.local_concrete_fields]
        values = ", ".join(changed.get(column, f'source."{column}"') for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        pk = model._meta.pk.column
        _run(
            f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {values} FROM s, "{model._meta.db_table}" AS source'
            f' WHERE source."{pk}" = {page.pk}',
            count,
        )


def _insert(model: type[Model], count: int, **values: str) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    _run(f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {", ".join(values.values())} FROM s', count)


def _run(insert: str, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SERIES.format(count=count) + insert)


# What the two databases write differently


def _moment(seconds: str, *, now: datetime) -> str:
    """So many seconds before now."""
    at = f"({now.timestamp()} - ({seconds}))"
    return f"to_timestamp({at})" if _is_postgres() else f"strftime('%Y-%m-%d %H:%M:%f000', {at}, 'unixepoch')"


def _uuid(number: str) -> str:
    return f"lpad(to_hex({number}), 32, '0')::uuid" if _is_postgres() else f"printf('%032x', {number})"


def _digest(number: str) -> str:
    return f"lpad(to_hex({number}), 64, '0')" if _is_postgres() else f"printf('%064x', {number})"


def _step(number: str) -> str:
    """One step of a page's path: four digits to the base of 36."""
    digits = [f"substr('{ALPHABET}', (({BEYOND} + {number}) / {36**place}) % 36 + 1, 1)" for place in (3, 2, 1, 0)]
    return "(" + " || ".join(digits) + ")"


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"
