"""A small site with a secret in every field that only readers may see, who visits it, and the nose for a secret."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.utils.html import escapejs
from django.utils.text import slugify
from wagtail.models import GroupPagePermission, Locale, Page

from access.models import Email, Grant, LearnerSession
from access.policy import Level
from access.sessions import learner_sessions, token_secrets
from courses.content import search_text
from courses.models import CourseIndexPage, CoursePage, LessonCaption, LessonChapter, LessonPage
from courses.models.stage import Availability
from courses.tests.factories import CoursePageFactory, LessonPageFactory
from library import renditions
from library.models import CustomDocument, CustomImage, Video
from library.tests import factories

SECRET = 'Geheim"ölfund'  # an umlaut and a quote: every encoding spells them in its own way
EMBED = "c4n4ryvideo"  # a video's id on another site has room for no more
PUBLIC = "What everyone may know of it."
MARK = b"\n-- what follows is secret\n"
# In which fields a reader of the page is shown a secret, and those that hold one and are shown to nobody.
SHOWN = ["text", "code", "code_caption", "picture_caption", "alt", "callout_heading", "callout", "label", "embed"]
SHOWN += ["captions", "captions_label", "chapter"]
SHOWN_NOWHERE = ["search_description", "seo_title", "video_title", "document_title", "image_title", "image_description"]
SHOWN_NOWHERE += ["transcript"]  # the captions are, in its place

VERIFIED = {"email", "alias", "translation"}
# The table: what each visitor may read. Nobody reads what is coming, a draft, or a lesson outside a course.
MAY_READ: dict[str, set[str]] = {
    "anonymous": set(),
    "verified": VERIFIED,
    "bought another course": VERIFIED,
    "had it taken back": VERIFIED,
    "bought it": VERIFIED | {"paid", "paid alias", "moved"},
    "is blocked": set(),
    "session ran out": set(),
    "session fell idle": set(),
    "signed out": set(),
    "forged a cookie": set(),
    "staff of nothing": set(),
    "staff of another course": set(),
}


@dataclass(frozen=True, kw_only=True)
class Media:
    image: CustomImage
    document: CustomDocument
    video: Video


@dataclass(frozen=True, kw_only=True)
class SecretSite:
    """Lessons by kind, what each shows, and browsers by whose they are."""

    lessons: dict[str, LessonPage]
    media: dict[str, Media]
    visitors: dict[str, Client]

    def refused(self, *who: str) -> Iterator[tuple[Client, LessonPage, str, str]]:
        """Every visitor, or these, with every lesson that they may not read: browser, lesson, who, which."""
        for name in who or MAY_READ:
            for kind, lesson in self.lessons.items():
                if kind not in MAY_READ[name]:
                    yield self.visitors[name], lesson, name, kind

    def allowed(self) -> Iterator[tuple[Client, LessonPage, str, str]]:
        for name, kinds in MAY_READ.items():
            for kind in kinds:
                yield self.visitors[name], self.lessons[kind], name, kind

    def files(self, kind: str) -> dict[str, str]:
        """The addresses of what the lesson shows."""
        page, media = self.lessons[kind].pk, self.media[kind]
        return {
            "picture": f"/files/{page}/picture/{media.image.pk}/480/",
            "video": f"/files/{page}/video/{media.video.pk}/",
            "captions": f"/lessons/{page}/captions/en.vtt",
            "captions as text": f"/lessons/{page}/captions/en.vtt?text",
            "chapters": f"/lessons/{page}/chapters.vtt",
            "document": media.document.url,
        }

    def fresh(self) -> "SecretSite":
        """The same rows, as nothing has touched them yet in memory; browsers with the same cookies."""
        lessons = {kind: again(lesson) for kind, lesson in self.lessons.items()}
        visitors = {name: Client() for name in self.visitors}
        for name, client in visitors.items():
            client.cookies.load({key: morsel.value for key, morsel in self.visitors[name].cookies.items()})
        return replace(self, lessons=lessons, visitors=visitors)

    def plant(self, secret: str, *kinds: str) -> None:
        """Put another secret into every secret field and file of these lessons, or of all."""
        for kind in kinds or self.lessons:
            lesson, media = self.lessons[kind], self.media[kind]
            for name, value in _fields(media, secret).items():
                setattr(lesson, name, value)
            lesson.save()
            _fill(media, secret)


def url(lesson: LessonPage) -> str:
    return str(lesson.get_url())


def build(now: datetime) -> SecretSite:
    lessons: dict[str, LessonPage] = {}
    media: dict[str, Media] = {}

    def add(kind: str, parent: Page, **fields: Any) -> LessonPage:
        media[kind] = _media()
        lessons[kind] = LessonPageFactory(
            parent=parent,
            slug=slugify(kind),
            title=f"The {kind} lesson",
            summary=PUBLIC,
            **_fields(media[kind], SECRET),
            **fields,
        )
        _fill(media[kind], SECRET)
        return lessons[kind]

    def also(kind: str, source: str, lesson: LessonPage) -> None:
        lessons[kind], media[kind] = lesson, media[source]

    opened, email, paid = _course("opened"), _course("email", Level.EMAIL), _course("paid", Level.PURCHASE)
    other, elsewhere = _course("other", Level.PURCHASE), _course("elsewhere", Level.PURCHASE)
    add("email", email)
    add("paid", paid)
    add("soon", _course("soon", availability=Availability.COMING_SOON))
    add("draft", opened, live=False)
    add("of a draft", _course("hidden", live=False))
    add("orphan", opened.get_parent().get_parent())
    also("alias", "email", lessons["email"].create_alias(parent=again(opened), update_slug="alias"))
    also("paid alias", "paid", lessons["paid"].create_alias(parent=again(email), update_slug="alias"))
    french = Locale.objects.get_or_create(language_code="fr")[0]
    translation = lessons["email"].copy_for_translation(french, copy_parents=True)
    translation.move(again(opened), pos="last-child")
    LessonPage.objects.filter(pk=translation.pk).update(live=True, slug="translation")
    also("translation", "email", _settled(translation))
    moved = add("moved", opened)
    moved.move(again(paid), pos="last-child")
    lessons["moved"] = _settled(moved)
    copy = lessons["email"].copy(to=again(other), keep_live=True)
    lessons["copy"], media["copy"] = copy, _media()
    site = SecretSite(lessons=lessons, media=media, visitors=_visitors(paid, elsewhere, now))
    site.plant(SECRET, "copy")
    return site


def again[AnyPage: Page](page: AnyPage) -> AnyPage:
    found: AnyPage = type(page).objects.get(pk=page.pk)
    return found


def _settled(lesson: LessonPage, **fields: Any) -> LessonPage:
    """The lesson as it is after Wagtail has moved it, under a slug that is free there."""
    lesson = again(lesson)
    for name, value in fields.items():
        setattr(lesson, name, value)
    lesson.set_url_path(lesson.get_parent())
    lesson.save()
    return lesson


def _course(slug: str, access: Level = Level.ANYONE, **fields: Any) -> CoursePage:
    parent = CourseIndexPage.objects.get(locale__language_code="en")
    course: CoursePage = CoursePageFactory(parent=parent, slug=slug, title=f"Course {slug}", access=access, **fields)
    return course


def _media() -> Media:
    return Media(image=factories.make_image(), document=factories.make_document(), video=factories.make_video())


def _fields(media: Media, secret: str) -> dict[str, Any]:
    """Every secret field of a lesson, each with a secret of its own."""
    planted = {field: f"{secret} {field}" for field in SHOWN + SHOWN_NOWHERE}
    media.image.contextual_alt_text, media.image.decorative = planted["alt"], False
    return {
        "body": [
            ("rich_text", f"<p>{planted['text']}</p>"),
            ("code", {"language": "python", "code": f"# {planted['code']}", "caption": planted["code_caption"]}),
            ("image", {"image": media.image, "caption": planted["picture_caption"]}),
            (
                "callout",
                {"kind": "tip", "heading": planted["callout_heading"], "text": f"<p>{planted['callout']}</p>"},
            ),
            ("document", {"document": media.document, "label": planted["label"]}),
            ("embed", {"url": f"https://youtu.be/{EMBED}", "title": planted["embed"]}),
        ],
        "video": media.video,
        "search_description": planted["search_description"],
        "seo_title": planted["seo_title"],
        "captions": [LessonCaption(language="en", label=planted["captions_label"], vtt=_vtt(planted["captions"]))],
        "chapters": [LessonChapter(start=2, title=planted["chapter"])],
    }


def _vtt(said: str) -> str:
    return f"WEBVTT\n\n00:01.000 --> 00:04.000\n{said}\n"


def _fill(media: Media, secret: str) -> None:
    """The secrets of what a lesson shows: names, texts, and the files themselves."""
    media.image.title, media.image.description = f"{secret} image_title", f"{secret} image_description"
    media.document.title = f"{secret} document_title"
    media.video.title, media.video.transcript = f"{secret} video_title", f"{secret} transcript"
    for medium in (media.image, media.document, media.video):
        medium.save()
    renditions.prepare([media.image], renditions.BODY)  # a draft's too: what is not there could not leak
    sizes = [each.file for each in media.image.renditions.all()]
    for file in (*sizes, media.image.file, media.document.file, media.video.file):
        path = Path(file.path)
        path.write_bytes(path.read_bytes().split(MARK)[0] + MARK + secret.encode())


def _visitors(paid: CoursePage, elsewhere: CoursePage, now: datetime) -> dict[str, Client]:
    clients = {name: Client() for name in MAY_READ}

    def sign_in(name: str, course: CoursePage | None = None, **session: Any) -> Email:
        email = Email.objects.create(address=f"{slugify(name)}@example.org", asked_at=now, verified_at=now)
        clients[name].cookies[settings.LEARNER_COOKIE] = learner_sessions.start(email, token=None, now=now)
        LearnerSession.objects.filter(email=email).update(**session or {"revoked_at": None})
        if course:
            Grant.objects.create(
                email=email, course_key=course.translation_key, source=Grant.Source.PURCHASE, granted_at=now
            )
        return email

    sign_in("verified")
    sign_in("bought another course", elsewhere)
    Grant.objects.filter(email=sign_in("had it taken back", paid)).update(revoked_at=now)
    sign_in("bought it", paid)
    Email.objects.filter(pk=sign_in("is blocked", paid).pk).update(blocked_at=now)
    sign_in("session ran out", paid, created_at=now - timedelta(days=8), until=now)
    sign_in("session fell idle", paid, seen_at=now - timedelta(seconds=settings.LEARNER_IDLE_SECONDS))
    sign_in("signed out", paid, revoked_at=now)
    # What a copy of the database would give away: the digest of a session that is alive.
    alive = LearnerSession.objects.get(email__address="bought-it@example.org")
    clients["forged a cookie"].cookies[settings.LEARNER_COOKIE] = alive.key_digest
    clients["forged a cookie"].cookies[settings.ASKER_COOKIE] = token_secrets.new()
    clients["staff of nothing"].force_login(_staff("nothing"))
    staff = _staff("elsewhere")
    GroupPagePermission.objects.create(
        group=staff.groups.get(),
        page=elsewhere,
        permission=Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page"),
    )
    clients["staff of another course"].force_login(staff)
    return clients


def _staff(name: str) -> User:
    """Somebody who may open Wagtail's admin, and no more."""
    group = Group.objects.create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user = User.objects.create_user(name)
    user.groups.add(group)
    return user


# The nose


def _base64(secret: bytes) -> Iterator[bytes]:
    """What of the secret's base64 is the same wherever it begins, for each of the three places in a group."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + secret)
        yield encoded[-(-before * 4 // 3) : (before + len(secret)) * 4 // 3]


def forms(secret: str) -> dict[str, bytes]:
    """How a secret may be encoded in an answer."""
    raw = secret.encode()
    written = {
        "raw": raw,
        "latin-1": secret.encode("latin-1"),
        "utf-16": secret.encode("utf-16-le"),
        "html": escape(secret).encode(),
        "html, decimal": secret.replace('"', "&#34;").encode(),
        "html, ascii": escape(secret).encode("ascii", "xmlcharrefreplace"),
        "json": json.dumps(secret)[1:-1].encode(),
        "json, not ascii": json.dumps(secret, ensure_ascii=False)[1:-1].encode(),
        "html in json": json.dumps(escape(secret))[1:-1].encode(),
        "json in html": escape(json.dumps(secret)[1:-1]).encode(),
        "script": escapejs(secret).encode(),
        "url": quote(secret).encode(),
        "hex": raw.hex().encode(),
        "slug": slugify(secret, allow_unicode=True).encode(),
        "slug, ascii": slugify(secret).encode(),
        "slug, url": quote(slugify(secret, allow_unicode=True)).encode(),
        "folded": search_text.fold(secret).encode(),
    }
    for number, encoded in enumerate(_base64(raw)):
        written[f"base64, {number}"] = encoded
        written[f"base64 for addresses, {number}"] = encoded.translate(bytes.maketrans(b"+/", b"-_"))
    return written


FORMS = {**forms(SECRET), "embed": EMBED.encode()}


def found_in(content: bytes) -> set[str]:
    """In which forms the content holds a secret."""
    lower = content.lower()
    return {
        name
        for name, form in FORMS.items()
        if (form in content if name.startswith("base64") else form.lower() in lower)
    }


def leaks(response: Any) -> set[str]:
    """In which forms the answer, its headers and its cookies hold a secret."""
    content: bytes = response.getvalue()
    head = "\n".join([response.reason_phrase, *(f"{name}: {value}" for name, value in response.items())])
    return found_in(b"\n".join([content, head.encode(), response.cookies.output().encode()]))
