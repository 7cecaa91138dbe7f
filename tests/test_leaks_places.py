"""The leak matrix for lessons in other places, or moved from theirs: sites, languages, moves, copies."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from wagtail.models import Locale, Site

from access.policy import Level
from courses.models import CoursePage, LessonPage
from tests.secret_site import SecretSite, again, leaks, url


def course(slug: str) -> CoursePage:
    found: CoursePage = CoursePage.objects.get(slug=slug, locale__language_code="en")
    return found


def is_shut(client: Client, *paths: str, **headers: Any) -> bool:
    answers = [client.get(path, **headers) for path in paths]
    return not any(leaks(answer) for answer in answers) and not {answer.status_code for answer in answers} & {206, 500}


def everything(site: SecretSite, kind: str) -> list[str]:
    return [url(again(site.lessons[kind])), *site.files(kind).values()]


# Other sites


@pytest.mark.refusal("policy")
@pytest.mark.parametrize(("root", "path"), [("home", "/courses/paid/paid/"), ("course", "/paid/"), ("lesson", "/")])
def test_another_site_is_no_way_around(site_of_secrets: SecretSite, root: str, path: str) -> None:
    """Rooted above the course, at it, or at the lesson itself, so that its course is no part of the address."""
    lesson = site_of_secrets.lessons["paid"]
    roots = {"home": Site.objects.get().root_page, "course": lesson.get_parent(), "lesson": lesson}
    Site.objects.create(hostname="other.test", port=80, root_page=roots[root])

    for who in ("anonymous", "verified", "staff of nothing"):
        answer = site_of_secrets.visitors[who].get(path, headers={"Host": "other.test"})

        assert (answer.status_code, leaks(answer)) == (200, set())
        assert lesson.title in answer.text


# Languages


@pytest.fixture
def languages(settings: Any) -> None:
    settings.WAGTAIL_I18N_ENABLED = True
    settings.WAGTAIL_CONTENT_LANGUAGES = settings.LANGUAGES = [("en", "English"), ("fr", "Français")]
    settings.ROOT_URLCONF = "tests.urls_with_languages"
    at = settings.MIDDLEWARE.index("django.middleware.common.CommonMiddleware")
    before, after = settings.MIDDLEWARE[:at], settings.MIDDLEWARE[at:]
    settings.MIDDLEWARE = [*before, "django.middleware.locale.LocaleMiddleware", *after]


@pytest.fixture
def translated(languages: None, site_of_secrets: SecretSite, admin_client: Client) -> LessonPage:
    """The paid lesson, translated with its course by way of the admin, and published."""
    lesson = site_of_secrets.lessons["paid"]
    french = Locale.objects.get(language_code="fr")
    for page in (lesson.get_parent(), lesson):
        admin_client.post(f"/admin/translation/submit/page/{page.pk}/", {"locales": [french.pk]})
    translation: LessonPage = lesson.get_translation(french)
    translation.save_revision().publish()
    again(translation.get_parent().specific).save_revision().publish()
    return again(translation)


@pytest.mark.refusal("policy")
def test_a_translation_asks_what_the_original_asks(site_of_secrets: SecretSite, translated: LessonPage) -> None:
    french_course = translated.get_parent().specific
    french_course.access = Level.ANYONE
    french_course.save_revision().publish()

    assert url(translated) == "/fr/courses/paid/paid/"
    for who in ("anonymous", "verified", "had it taken back", "staff of nothing"):
        client = site_of_secrets.visitors[who]

        assert "This lesson is part of a paid course" in client.get(url(translated)).text
        assert is_shut(client, url(translated))
        assert is_shut(client, "/courses/paid/paid/", headers={"Accept-Language": "fr"})


def test_a_translation_opens_to_who_bought_the_original(site_of_secrets: SecretSite, translated: LessonPage) -> None:
    assert leaks(site_of_secrets.visitors["bought it"].get(url(translated)))


@pytest.mark.refusal("policy")
def test_a_translation_under_an_open_course_stays_shut(site_of_secrets: SecretSite, translated: LessonPage) -> None:
    translated.move(course("opened"), pos="last-child")

    page = again(translated)
    assert is_shut(site_of_secrets.visitors["anonymous"], url(page), f"/fr{url(page)}".replace("/fr/fr/", "/fr/"))
    assert is_shut(site_of_secrets.visitors["verified"], "/courses/opened/paid/")


# Moved, copied, converted


def follow(lesson: LessonPage, course: CoursePage) -> None:
    """As a publisher decides for a lesson that came from a stricter course."""
    LessonPage.objects.filter(pk=lesson.pk).update(origin_course=course.translation_key)


@pytest.mark.refusal("policy")
def test_a_lesson_moved_away_and_back_is_shut_again(site_of_secrets: SecretSite) -> None:
    lesson, anonymous = site_of_secrets.lessons["email"], site_of_secrets.visitors["anonymous"]
    LessonPage.objects.filter(pk=site_of_secrets.lessons["translation"].pk).delete()
    lesson.move(course("opened"), pos="last-child")
    assert is_shut(anonymous, *everything(site_of_secrets, "email"))
    follow(lesson, course("opened"))
    assert leaks(anonymous.get(url(again(lesson))))

    again(lesson).move(course("email"), pos="last-child")

    assert is_shut(anonymous, *everything(site_of_secrets, "email"))


@pytest.mark.refusal("policy")
def test_an_open_lesson_moved_below_a_gated_course_is_shut_at_once(site_of_secrets: SecretSite) -> None:
    lesson, anonymous = site_of_secrets.lessons["moved"], site_of_secrets.visitors["anonymous"]
    lesson.move(course("opened"), pos="last-child")
    follow(lesson, course("opened"))
    assert all(leaks(anonymous.get(path)) for path in everything(site_of_secrets, "moved"))

    again(lesson).move(course("email"), pos="last-child")

    assert is_shut(anonymous, *everything(site_of_secrets, "moved"))


@pytest.mark.refusal("policy")
def test_a_copy_asks_what_its_new_place_asks(site_of_secrets: SecretSite) -> None:
    copy = site_of_secrets.lessons["email"].copy(to=course("paid"), keep_live=True, update_attrs={"slug": "again"})

    assert is_shut(site_of_secrets.visitors["verified"], url(again(copy)))
    assert leaks(site_of_secrets.visitors["bought it"].get(url(copy)))


def converted(site: SecretSite, group: str) -> tuple[int, LessonPage]:
    """What a member of this group is answered on converting the alias of a gated lesson under an open course."""
    user = User.objects.create_user("somebody")
    user.groups.add(Group.objects.get(name=group))
    client, alias = Client(), site.lessons["alias"]
    client.force_login(user)
    answer = client.post(f"/admin/pages/{alias.pk}/convert_alias/")
    return answer.status_code, again(alias)


def test_an_alias_is_not_converted_by_who_may_not_publish(site_of_secrets: SecretSite) -> None:
    """The policy has no say: it is Wagtail's hook that refuses, and the next test that shows it does not always."""
    _, alias = converted(site_of_secrets, "Editors")

    assert alias.alias_of_id is not None
    assert is_shut(site_of_secrets.visitors["anonymous"], url(alias))


def test_an_alias_converted_by_a_publisher_opens_once_it_is_let_follow_its_course(site_of_secrets: SecretSite) -> None:
    _, alias = converted(site_of_secrets, "Moderators")

    assert alias.alias_of_id is None
    assert is_shut(site_of_secrets.visitors["anonymous"], url(alias))
    follow(alias, course("opened"))
    assert leaks(site_of_secrets.visitors["anonymous"].get(url(alias)))


# Shut while somebody reads


@pytest.mark.refusal("policy")
@pytest.mark.parametrize("how", ["unpublish the course", "unpublish the lesson", "announce it"])
def test_what_is_taken_down_is_gone_for_its_readers(site_of_secrets: SecretSite, how: str) -> None:
    reader, paths = site_of_secrets.visitors["bought it"], everything(site_of_secrets, "paid")
    assert all(leaks(reader.get(path)) for path in paths)

    if how == "unpublish the course":
        course("paid").unpublish()
    elif how == "unpublish the lesson":
        site_of_secrets.lessons["paid"].unpublish()
    else:
        CoursePage.objects.filter(slug="paid").update(availability="coming_soon")

    assert is_shut(reader, *paths)


def test_what_a_deleted_course_held_is_gone(site_of_secrets: SecretSite) -> None:
    """No policy is asked, as nothing is left to ask about; what the lesson showed is still in the library."""
    reader, paths = site_of_secrets.visitors["bought it"], everything(site_of_secrets, "paid")
    assert all(leaks(reader.get(path)) for path in paths)

    course("paid").delete()

    assert {reader.get(path).status_code for path in paths} == {404}


@pytest.mark.refusal("policy")
def test_a_course_tightened_meanwhile_shuts_for_its_readers(site_of_secrets: SecretSite) -> None:
    reader, paths = site_of_secrets.visitors["verified"], everything(site_of_secrets, "email")
    assert all(leaks(reader.get(path)) for path in paths)

    tightened = course("email")
    tightened.access = Level.PURCHASE
    tightened.save_revision().publish()

    assert is_shut(reader, *paths, url(site_of_secrets.lessons["alias"]), url(site_of_secrets.lessons["translation"]))
