"""The leak matrix for Wagtail's admin: previews, drafts, revisions, its API, lists and choosers.

Here Wagtail's own permissions decide and the site's policy has no say, so taking the policy off proves nothing. What
does: the same requests, by who may, find the secret at every endpoint that has one.
"""

import pytest
from django.test import Client
from django.urls import reverse

from tests.secret_site import MAY_READ, SecretSite, leaks, url

# Where who may edit the lesson is shown a secret of it.
SHOWN_TO_STAFF = {"edit", "view draft", "revision", "compare", "revert", "api", "picture", "pictures"}
SHOWN_TO_STAFF |= {
    "api pictures",
    "api documents",
    "choose pictures",
    "document",
    "documents",
    "choose documents",
    "video",
    "videos",
    "choose videos",
}


@pytest.fixture
def doors(site_of_secrets: SecretSite) -> dict[str, str]:
    """Every kind of endpoint of the admin that leads to a lesson or to what it shows."""
    lesson, media = site_of_secrets.lessons["paid"], site_of_secrets.media["paid"]
    first, second = lesson.save_revision(), lesson.save_revision()
    page, image, document, video = lesson.pk, media.image.pk, media.document.pk, media.video.pk
    first.content["search_description"] = "Another one."
    first.save()
    names = ["edit", "view_draft", "history", "usage", "copy", "move", "delete", "unpublish", "workflow_history"]
    found = {name.replace("_", " "): f"/admin/pages/{page}/{name}/" for name in names}
    return found | {
        "preview on edit": reverse("wagtailadmin_pages:preview_on_edit", args=[page]),
        "explorer": f"/admin/pages/{page}/",
        "lessons of the course": f"/admin/pages/{lesson.get_parent().pk}/",
        "revision": f"/admin/pages/{page}/revisions/{second.pk}/view/",
        "revert": f"/admin/pages/{page}/revisions/{second.pk}/revert/",
        "compare": f"/admin/pages/{page}/revisions/compare/{first.pk}...{second.pk}/",
        "api": f"/admin/api/main/pages/{page}/?fields=*",
        "api list": f"/admin/api/main/pages/?type=courses.LessonPage&fields=*&child_of={lesson.get_parent().pk}",
        "api pictures": f"/admin/api/main/images/{image}/?fields=*",
        "api documents": f"/admin/api/main/documents/{document}/?fields=*",
        "search": "/admin/pages/search/?q=lesson",
        "choose a page": "/admin/choose-page/search/?q=lesson",
        "choose this page": f"/admin/choose-page/{lesson.get_parent().pk}/",
        "site history": "/admin/reports/site-history/",
        "aging pages": "/admin/reports/aging-pages/",
        "picture": f"/admin/images/{image}/",
        "pictures": "/admin/images/",
        "picture's use": f"/admin/images/usage/{image}/",
        "choose pictures": "/admin/images/chooser/",
        "picture's preview": f"/admin/images/{image}/preview/original/",
        "document": f"/admin/documents/edit/{document}/",
        "documents": "/admin/documents/",
        "document's use": f"/admin/documents/usage/{document}/",
        "choose documents": "/admin/documents/chooser/",
        "video": f"/admin/media/edit/{video}/",
        "videos": "/admin/media/",
        "choose videos": "/admin/media/chooser/video/",
        "learners": "/admin/learners/",
    }


def test_who_may_edit_is_shown_the_secrets(admin_client: Client, doors: dict[str, str]) -> None:
    """What makes the refusals below say something: the same endpoints, opened. None of them is a mistyped URL."""
    answers = {name: admin_client.get(path) for name, path in doors.items()}

    assert {name for name, answer in answers.items() if leaks(answer)} >= SHOWN_TO_STAFF
    assert {name for name, answer in answers.items() if answer.status_code not in {200, 302, 405}} == set()


@pytest.mark.parametrize("who", MAY_READ)
def test_the_admin_tells_nothing_to_who_may_not(site_of_secrets: SecretSite, doors: dict[str, str], who: str) -> None:
    client = site_of_secrets.visitors[who]

    assert [name for name, path in doors.items() if leaks(client.get(path))] == []


@pytest.mark.parametrize("who", ["anonymous", "verified", "staff of nothing", "staff of another course"])
def test_a_preview_is_made_for_nobody_else(site_of_secrets: SecretSite, who: str) -> None:
    """Posting the lesson's form, as the preview panel does, then asking for the preview."""
    client, lesson = site_of_secrets.visitors[who], site_of_secrets.lessons["paid"]
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[lesson.pk])

    answers = [client.post(address, {"title": "x", "slug": "x"}), client.get(address), client.get(f"{address}?mode=")]

    assert {answer.status_code for answer in answers} <= {302, 403, 404}
    assert not any(leaks(answer) for answer in answers)


def test_what_the_admin_shows_of_a_lesson_is_kept_by_nobody(admin_client: Client, doors: dict[str, str]) -> None:
    for name in ("view draft", "revision", "edit", "preview on edit"):
        assert "no-store" in admin_client.get(doors[name])["Cache-Control"], name


@pytest.mark.refusal("policy")
@pytest.mark.parametrize("query", ["?preview=1", "?mode=", "?in_preview_panel=true", "?userbar=1"])
def test_a_login_without_rights_gets_no_preview_at_the_public_address(site_of_secrets: SecretSite, query: str) -> None:
    for client, lesson, _, _ in site_of_secrets.refused("staff of nothing"):
        answer = client.get(f"{url(lesson)}{query}")

        assert not leaks(answer)
        assert "/admin/" not in answer.text
