"""Requests that browsers of people without the right to publish could be made to send: each changes nothing that is
live, and each would, sent by somebody who may. A new way to change what is live belongs into this table."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.test.utils import override_settings
from wagtail.models import Locale, Workflow

from access.models import GateSettings
from courses.models import CourseIndexPage
from courses.tests.conftest import french
from courses.tests.test_admin import course_form, lesson_form
from library.tests.factories import FILM, png
from purchases.models import ShopSettings
from review.models import ReviewTask
from tests import forged_site
from tests.forged_site import AHEAD, ForgedSite, State

__all__ = ["french"]
PUBLISH = {"action-publish": "action-publish"}
LATER = {"go_live_at": f"{AHEAD:%Y-%m-%d %H:%M}"}


@dataclass(kw_only=True)
class Forged:
    path: str
    data: dict[str, Any] = field(default_factory=dict)
    is_json: bool = False

    def send(self, client: Client) -> Any:
        kind = "application/json" if self.is_json else MULTIPART_CONTENT
        return client.post(f"/admin/{self.path}", self.data, content_type=kind)


def edit(page: Any, form: dict[str, Any], **action: str) -> Forged:
    return Forged(path=f"pages/{page.pk}/edit/", data=form | action)


def api(page: Any, action: str, **data: Any) -> Forged:
    return Forged(path=f"api/main/pages/{page.pk}/action/{action}/", data=data, is_json=True)


def bulk(action: str, *pages: Any, **data: Any) -> Forged:
    chosen = "&".join(f"id={page.pk}" for page in pages)
    return Forged(path=f"bulk/wagtailcore/page/{action}/?{chosen}&next=/admin/", data=data)


def bulk_file(action: str, file: Any, **data: Any) -> Forged:
    return Forged(path=f"bulk/library/{file._meta.model_name}/{action}/?id={file.pk}&next=/admin/", data=data)


def copy(site: ForgedSite, **data: Any) -> Forged:
    form = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": site.open.pk}
    return Forged(path=f"pages/{site.lesson.pk}/copy/", data=form | data)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


UNSOLD = {"price": "", "currency": "EUR"}  # who may set prices has these fields too
OPEN_COURSE = course_form(slug="gated", access="anyone") | UNSOLD
FREE_LESSON = lesson_form(slug="lesson", is_free_preview="on")
BECAUSE = {"reason": "Why not."}
CHEAP = {"price": "1.00", "currency": "EUR"}
REFUND = {"amount": "49.00", "access": "keep", "shown": "0"}
IMAGE = {"title": "Swapped", "tags": "", "description": ""}
VIDEO = {"title": "Swapped", "duration": "0", "transcript": "Swapped", "tags": ""}

ROWS: dict[str, Callable[[ForgedSite], Forged]] = {
    "publish the course's draft": lambda s: edit(s.gated, OPEN_COURSE, **PUBLISH),
    "publish the lesson's draft": lambda s: edit(s.lesson, FREE_LESSON, **PUBLISH),
    "publish as the workflow would": lambda s: edit(
        s.in_review, course_form(slug="in-review"), **{"action-publish": "1", "action-workflow-action": "1"}
    ),
    "schedule": lambda s: edit(s.lesson, FREE_LESSON | LATER, **PUBLISH),
    "unschedule": lambda s: Forged(
        path=f"pages/{s.scheduled.pk}/revisions/{s.scheduled.scheduled_revision.pk}/unschedule/"
    ),
    "create and publish a lesson": lambda s: Forged(
        path=f"pages/add/courses/lessonpage/{s.gated.pk}/", data=lesson_form() | PUBLISH
    ),
    "create and publish a course": lambda s: Forged(
        path=f"pages/add/courses/coursepage/{s.gated.get_parent().pk}/", data=course_form() | UNSOLD | PUBLISH
    ),
    "revert and publish": lambda s: Forged(
        path=f"pages/{s.lesson.pk}/revisions/{s.loosened.pk}/revert/", data=FREE_LESSON | PUBLISH
    ),
    "set the price": lambda s: edit(s.gated, course_form(slug="gated", access="purchase") | CHEAP, **PUBLISH),
    "refund": lambda s: Forged(path=f"orders/{s.payment.pk}/refund/", data=BECAUSE | REFUND),
    "send a receipt again": lambda s: Forged(path=f"orders/{s.payment.pk}/receipt/", data=BECAUSE),
    "move an order": lambda s: Forged(
        path=f"orders/{s.payment.pk}/move/", data=BECAUSE | {"address": "mallory@example.org"}
    ),
    "end an order": lambda s: Forged(path=f"orders/{s.payment.pk}/end/", data=BECAUSE),
    "give a course": lambda s: Forged(
        path="gifts/", data=BECAUSE | {"course": s.gated.pk, "addresses": "mallory@example.org"}
    ),
    "change the shop": lambda s: Forged(
        path=f"settings/purchases/shopsettings/{ShopSettings.load().pk}/", data={"tax_note": "Mine"}
    ),
    "unpublish": lambda s: Forged(path=f"pages/{s.lesson.pk}/unpublish/"),
    "delete": lambda s: Forged(path=f"pages/{s.lesson.pk}/delete/"),
    "move out of the course": lambda s: Forged(path=f"pages/{s.lesson.pk}/move/{s.open.pk}/confirm/"),
    "reorder the lessons": lambda s: Forged(path=f"pages/{s.lesson.pk}/set_position/?position=1"),
    "copy and publish": lambda s: copy(s, publish_copies="on"),
    "make an alias": lambda s: copy(s, alias="on"),
    "convert an alias": lambda s: Forged(path=f"pages/{s.alias.pk}/convert_alias/"),
    "publish many": lambda s: bulk("publish", s.gated, s.lesson),
    "unpublish many": lambda s: bulk("unpublish", s.lesson, s.open),
    "delete many": lambda s: bulk("delete", s.lesson),
    "move many": lambda s: bulk("move", s.lesson, chooser=s.open.pk),
    "api: publish": lambda s: api(s.lesson, "publish"),
    "api: unpublish": lambda s: api(s.lesson, "unpublish"),
    "api: delete": lambda s: api(s.lesson, "delete"),
    "api: move": lambda s: api(s.lesson, "move", destination_page_id=s.open.pk, position="last-child"),
    "api: copy and keep live": lambda s: api(s.lesson, "copy", destination_page_id=s.open.pk, keep_live=True),
    "api: make an alias": lambda s: api(s.lesson, "create_alias", destination_page_id=s.open.pk, update_slug="x"),
    "api: convert an alias": lambda s: api(s.alias, "convert_alias"),
    "change a picture": lambda s: Forged(path=f"images/{s.image.pk}/", data=IMAGE),
    "swap a picture": lambda s: Forged(
        path=f"images/{s.image.pk}/", data=IMAGE | {"file": upload("other.png", png(80, 45))}
    ),
    "change a course's picture": lambda s: Forged(path=f"images/{s.cover.pk}/", data=IMAGE),
    "change a picture as if just uploaded": lambda s: Forged(
        path=f"images/multiple/{s.image.pk}/",
        data={f"image-{s.image.pk}-{name}": value for name, value in IMAGE.items()},
    ),
    "delete a picture": lambda s: Forged(path=f"images/{s.image.pk}/delete/"),
    "delete pictures": lambda s: bulk_file("delete", s.image),
    "swap a document": lambda s: Forged(
        path=f"documents/edit/{s.document.pk}/", data={"title": "x", "tags": "", "file": upload("b.pdf", b"%PDF-2")}
    ),
    "delete a document": lambda s: Forged(path=f"documents/delete/{s.document.pk}/"),
    "delete documents": lambda s: bulk_file("delete", s.document),
    "rewrite a transcript": lambda s: Forged(path=f"media/edit/{s.video.pk}/", data=VIDEO),
    "swap a video": lambda s: Forged(
        path=f"media/edit/{s.video.pk}/", data=VIDEO | {"file": upload("other.mp4", FILM[:12] + FILM[:11:-1])}
    ),
    "delete a video": lambda s: Forged(path=f"media/delete/{s.video.pk}/"),
    "rename a topic": lambda s: Forged(
        path=f"snippets/courses/topic/edit/{s.topic.pk}/", data={"name": "Wasps", "slug": "wasps"}
    ),
    "delete a topic": lambda s: Forged(path=f"snippets/courses/topic/delete/{s.topic.pk}/"),
    "delete topics": lambda s: Forged(path=f"bulk/courses/topic/delete/?id={s.topic.pk}&next=/admin/"),
    "make a collection": lambda s: Forged(path="collections/add/", data={"name": "Mine", "parent": "1"}),
    "change the brand": lambda s: Forged(
        path=f"settings/home/brandsettings/{s.home.get_site().pk}/", data={"site_name": "Mine"}
    ),
    "change the gate": lambda s: Forged(
        path=f"settings/access/gatesettings/{GateSettings.load().pk}/", data={"blocked_domains": "example.net"}
    ),
    "change the site": lambda s: Forged(
        path=f"sites/edit/{s.home.get_site().pk}/",
        data={"hostname": "mine.example", "port": "80", "root_page": s.open.pk, "is_default_site": "on"},
    ),
    "switch the workflow off": lambda s: Forged(
        path=f"workflows/disable/{Workflow.objects.get(name='Course review').pk}/"
    ),
    "switch the review off": lambda s: Forged(path=f"workflows/tasks/disable/{ReviewTask.objects.get().pk}/"),
    "change the review's groups": lambda s: Forged(
        path=f"workflows/tasks/edit/{ReviewTask.objects.get().pk}/",
        data={"name": "Review", "groups": [str(_editors().pk)]},
    ),
    "take the workflow off the page": lambda s: Forged(
        path=f"workflows/remove/{s.home.pk}/{Workflow.objects.get(name='Course review').pk}/"
    ),
    "join the publishers": lambda s: Forged(
        path=f"users/edit/{s.author.pk}/",
        data={
            "username": "author",
            "email": "author@example.org",
            "first_name": "A",
            "last_name": "B",
            "is_active": "on",
            "groups": [str(Group.objects.get(name="Publishers").pk)],
        },
    ),
}
# A reviewer may do these: that is what they are for.
DECISIONS: dict[str, Callable[[ForgedSite], Forged]] = {
    name: lambda s, name=name: Forged(  # type: ignore[misc]
        path=f"pages/workflow/action/{s.in_review.pk}/{name}/{s.waiting.pk}/", data={"comment": "So be it."}
    )
    for name in ("approve", "reject")
}
# The editor gets no error for these: the page stays as it is, for anyone, until the review is over.
IN_REVIEW: dict[str, Callable[[ForgedSite], Forged]] = {
    "save a draft": lambda s: edit(s.in_review, course_form(slug="in-review")),
    "approve in the editor": lambda s: edit(
        s.in_review,
        course_form(slug="in-review"),
        **{"action-workflow-action": "1", "workflow-action-name": "approve"},
    ),
    "publish": ROWS["publish as the workflow would"],
    "restart": lambda s: edit(s.in_review, course_form(slug="in-review"), **{"action-restart-workflow": "1"}),
    "submit again": lambda s: edit(s.in_review, course_form(slug="in-review"), **{"action-submit": "1"}),
    "api: revert": lambda s: api(s.in_review, "revert_to_page_revision", revision_id=s.in_review.live_revision_id),
    "revert": lambda s: Forged(
        path=f"pages/{s.in_review.pk}/revisions/{s.in_review.live_revision_id}/revert/",
        data=course_form(slug="in-review"),
    ),
}


def _editors() -> Group:
    return Group.objects.get(name="Editors")


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[ForgedSite, State]]:
    """The site and its state, once for all tests of this module, each of which is rolled back on top of it."""
    nobody = {"STRIPE_SECRET_KEY": "sk_test_none", "STRIPE_API_BASE": "http://127.0.0.1:9"}  # what is asked for stays
    with django_db_blocker.unblock(), override_settings(**nobody), transaction.atomic():
        site = forged_site.build(CourseIndexPage.objects.get())
        yield site, forged_site.state()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def _files(_built: tuple[ForgedSite, State]) -> dict[Path, bytes]:
    site = _built[0]
    paths = [Path(media.file.path) for media in (site.image, site.cover, site.document, site.video)]
    return {path: path.read_bytes() for path in paths}


@pytest.fixture
def site(_built: tuple[ForgedSite, State], _files: dict[Path, bytes], db: None) -> ForgedSite:
    # Wagtail deletes the old file of an image as it is swapped, which no rollback brings back.
    for path, content in _files.items():
        path.write_bytes(content)
    return deepcopy(_built[0])


@pytest.fixture
def before(_built: tuple[ForgedSite, State]) -> State:
    return _built[1]


def log_in(group: str) -> Client:
    user = get_user_model().objects.create_user(f"a {group}", f"{group}@example.org", "x", is_superuser=not group)
    user.groups.set(Group.objects.filter(name=group))
    client = Client()
    client.force_login(user)
    return client


def as_author(site: ForgedSite) -> Client:
    """Owns the pages, which gives rights of its own."""
    client = Client()
    client.force_login(site.author)
    return client


@pytest.mark.parametrize("row", ROWS)
def test_editor_changes_nothing_that_is_live(site: ForgedSite, before: State, row: str) -> None:
    client = as_author(site)
    forged = ROWS[row](site)

    response = forged.send(client)

    assert response.status_code < 500
    assert before.changed() == ""


@pytest.mark.parametrize("row", [row for row in ROWS if not row.startswith("join")])
def test_reviewer_changes_nothing_but_by_deciding(site: ForgedSite, before: State, row: str) -> None:
    client = log_in("Reviewers")
    forged = ROWS[row](site)

    response = forged.send(client)

    assert response.status_code < 500
    assert before.changed() == ""


@pytest.mark.parametrize("row", [row for row in ROWS if row != "publish as the workflow would"])
def test_the_same_request_works_for_who_may(site: ForgedSite, before: State, row: str) -> None:
    client = log_in("")
    forged = ROWS[row](site)

    forged.send(client)

    assert before.changed()


@pytest.mark.parametrize("row", DECISIONS)
def test_editor_decides_nothing(site: ForgedSite, before: State, row: str) -> None:
    client = as_author(site)
    forged = DECISIONS[row](site)

    response = forged.send(client)

    assert response.status_code < 500
    assert before.changed() == ""


@pytest.mark.parametrize("row", DECISIONS)
def test_reviewer_decides_by_the_same_request(site: ForgedSite, before: State, row: str) -> None:
    client = log_in("Reviewers")
    forged = DECISIONS[row](site)

    response = forged.send(client)

    assert response.status_code == 302
    assert before.changed()


@pytest.mark.parametrize("group", ["Editors", "Reviewers", "Publishers", ""])
@pytest.mark.parametrize("row", IN_REVIEW)
def test_nobody_changes_a_page_in_review(site: ForgedSite, before: State, row: str, group: str) -> None:
    client = log_in(group)
    forged = IN_REVIEW[row](site)

    response = forged.send(client)

    site.in_review.refresh_from_db()
    assert response.status_code < 500
    assert site.in_review.latest_revision_id == site.waiting.revision_id
    assert before.changed() == ""


def test_editor_puts_no_translation_before_visitors(site: ForgedSite, french: Locale, before: State) -> None:
    client = as_author(site)

    response = api(site.lesson, "copy_for_translation", locale="fr", copy_parents=True, alias=True).send(client)

    assert response.status_code == 403
    assert before.changed() != "pages"


# What they are not shown


@pytest.mark.parametrize(
    "address",
    [
        "pages/{lesson}/edit/",
        "pages/{lesson}/edit/preview/",
        "pages/{lesson}/view_draft/",
        "pages/{lesson}/history/",
        "pages/{lesson}/revisions/{revision}/view/",
        "pages/{lesson}/revisions/{revision}/revert/",
        "pages/{lesson}/revisions/compare/live...latest/",
        "pages/{lesson}/copy/",
        "pages/{lesson}/usage/",
        "pages/{lesson}/workflow_history/",
        "pages/{in_review}/edit/",
        "pages/{in_review}/history/",
        "pages/{in_review}/revisions/{waiting}/view/",
        "api/main/pages/{lesson}/",
        "api/main/pages/?fields=*",
        "pages/search/?q=canary",
        "reports/site-history/",
        "media/edit/{video}/",
    ],
)
def test_reviewer_is_shown_nothing_but_what_waits(site: ForgedSite, address: str) -> None:
    client = log_in("Reviewers")
    ids = {
        "lesson": site.lesson.pk,
        "revision": site.loosened.pk,
        "in_review": site.in_review.pk,
        "waiting": site.waiting.revision_id,
        "video": site.video.pk,
    }

    response = client.get(f"/admin/{address.format(**ids)}")

    shown = response.content.decode()
    assert response.status_code < 500
    assert not [
        told for told in ("canary", site.lesson.title, site.gated.title) if told in shown.replace("q=canary", "")
    ]


def test_copied_draft_stays_closed(site: ForgedSite) -> None:
    """An editor may copy a live paid lesson into an open course: as a draft, which nobody sees."""
    client = as_author(site)

    copy(site).send(client)

    copied = site.open.get_children().get(slug="copy")
    assert not copied.live
    assert Client().get(copied.get_url()).status_code == 404


def test_unused_files_are_the_editors_own(site: ForgedSite) -> None:
    from library.tests.factories import make_image

    mine = make_image()

    Forged(path=f"images/{mine.pk}/", data=IMAGE).send(as_author(site))

    mine.refresh_from_db()
    assert mine.title == "Swapped"


def test_form_of_a_used_file_is_refused_before_it_is_filled_in(site: ForgedSite) -> None:
    client = as_author(site)

    addresses = [f"images/{site.image.pk}/", f"documents/edit/{site.document.pk}/", f"media/edit/{site.video.pk}/"]

    assert {client.get(f"/admin/{address}").status_code for address in addresses} == {302}
