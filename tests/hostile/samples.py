"""How the parts of an address are filled in so that it names something: a row of every kind, by how it begins."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db.models import Model
from wagtail.admin.models import EditingSession
from wagtail.models import Collection, Locale, Page, PageViewRestriction, Site, UploadedFile, Workflow

from access.models import Email, EmailVerificationToken, Grant
from access.policy import Level
from access.sessions import token_secrets
from courses.models import CourseIndexPage, LessonCaption, LessonChapter, LessonPage
from courses.models.stage import Availability
from courses.tests.content import VTT, download, picture
from courses.tests.factories import CoursePageFactory, LessonPageFactory
from library.models import CustomDocument, CustomImage
from library.tests.factories import make_video, png
from purchases.checkout import checkouts
from purchases.gifts import receiving
from purchases.ledger import ledger
from purchases.models import CheckoutIntent, GiftMail, PaymentEvent
from purchases.provider_events import Fact, Kind
from purchases.tests.staff_fixtures import event, make_intent
from release import waitlist
from release.models import WaitlistEntry
from review.link import links
from review.models import ReviewTask
from stand_ins.stripe.server import Stripe
from tests.forged_site import ForgedSite

Values = dict[str, Any]


def build(
    site: ForgedSite, *, now: datetime, asker: str, verified: Email, zoe: Email, admin: Any, stripe: Stripe
) -> dict[str, Values]:
    soon, reviewed = _coming_soon(site), _lesson_in_review(site)
    _with_tracks(site.lesson)
    link = links.make(site.in_review, mailbox=zoe.address, days=7, by=site.author, now=now, with_lessons=True)
    entry = WaitlistEntry.objects.create(
        email=verified, course_key=soon.translation_key, asked_at=now, confirmed_at=now
    )
    grant = Grant.objects.create(
        email=verified, course_key=site.open.translation_key, source=Grant.Source.GIFT, granted_at=now
    )
    given = Grant.objects.create(
        email=zoe, course_key=site.open.translation_key, source=Grant.Source.GIFT, granted_at=now
    )
    gift = receiving.url(GiftMail.objects.create(grant=given, queued_at=now))
    unwrapping, _ = _token(zoe, site.open, asker=asker, now=now, purpose="gift")
    token, secret = _token(verified, site.in_review, asker=asker, now=now)
    proof, _ = _token(zoe, site.in_review, asker=asker, now=now, purpose="review")
    link.verifications.create(token=proof)
    paid = _paid(site, now, stripe)
    opened = make_intent(site.gated, verified.address, now=now)
    session = EditingSession.objects.create(
        user=admin, content_type=_type(LessonPage), object_id=str(site.lesson.pk), last_seen_at=now
    )
    poster = make_video(thumbnail=ContentFile(png(), "poster.png")).thumbnail
    mail = Path(settings.DATA_DIR, "mail", "hostile.eml")
    mail.parent.mkdir(parents=True, exist_ok=True)
    mail.write_text("Subject: x\nContent-Type: text/html\n\nx\n")
    workflow, task = Workflow.objects.get(name="Course review"), ReviewTask.objects.get()
    media = {
        "image_id": site.image.pk,
        "document_id": site.document.pk,
        "filename": site.document.filename,
        "media_id": site.video.pk,
        "video_id": site.video.pk,
    }
    return {
        "/": media
        | {
            "_0": site.lesson.url.lstrip("/"),
            "pk": 1,
            "page_id": site.lesson.pk,
            "language": "en",
            "width": 480,
            "key": soon.translation_key,
        },
        "/sitemap": {"catalogue_id": site.gated.get_parent().pk, "number": 1},
        "/access": {"token_id": token.pk, "secret": secret},
        "/notify": {"page_id": soon.pk, "signed": waitlist.leave_url(verified.pk, soon.translation_key).split("/")[-2]},
        "/purchases": {"page_id": site.gated.pk, "intent_id": opened.pk},
        "/purchases/checkout/%(intent_id)s/invoice": {"intent_id": paid},
        "/purchases/gift": {"signed": gift.split("/")[-2], "token_id": unwrapping.pk},
        "/review": {"signed": links.signed(link), "page_id": reviewed.pk, "token_id": proof.pk},
        "/media": {"path": poster.name},
        "/dev/mail": {"name": mail.stem},
        "/_util": {
            "page_id": site.draft.pk,
            "page_view_restriction_id": PageViewRestriction.objects.create(page=site.draft, password="x").pk,
        },
        "/admin": {
            "parent_page_id": site.gated.pk,
            "page_to_move_id": site.lesson.pk,
            "destination_id": site.open.pk,
            "collection_id": Collection.get_first_root_node().pk,
            "app_label": "wagtailcore",
            "model_name": "page",
            "action": "delete",
            "action_name": "approve",
            "task_state_id": site.waiting.pk,
            "task_id": task.pk,
            "session_id": session.pk,
            "object_id": site.lesson.pk,
            "media_type": "video",
            "filter_spec": "width-100",
            "uploaded_file_id": _uploaded(CustomImage, "x.png", png(), admin),
            "uidb64": "MQ",
            "token": "set-password",
        },
        "/admin/api/main/pages": {"pk": site.lesson.pk, "action_name": "copy"},
        "/admin/api/main/documents": {"pk": site.document.pk},
        "/admin/api/main/images": {"pk": site.image.pk},
        "/admin/pages": {
            "content_type_app_name": "courses",
            "content_type_model_name": "lessonpage",
            "pk": site.lesson.pk,
            "revision_id": site.loosened.pk,
            "revision_id_a": "earliest",
            "revision_id_b": "latest",
            "workflow_state_id": site.waiting.workflow_state_id,
        },
        "/admin/pages/create": {"app_label": "courses", "model_name": "lessonpage"},
        "/admin/pages/workflow": {"page_id": site.in_review.pk},
        "/admin/pages/%(page_id)s/workflow": {"page_id": site.in_review.pk},
        "/admin/pages/%(page_id)s/convert_alias": {"page_id": site.alias.pk},
        "/admin/pages/%(page_id)s/revisions/%(revision_id)s/unschedule": {
            "page_id": site.scheduled.pk,
            "revision_id": site.scheduled.scheduled_revision.pk,
        },
        "/admin/tag-autocomplete": {"app_name": "taggit", "model_name": "tag"},
        "/admin/collections": {"pk": Collection.get_first_root_node().add_child(name="A collection").pk},
        "/admin/workflows": {"pk": workflow.pk, "workflow_pk": workflow.pk, "page_pk": site.home.pk},
        "/admin/workflows/tasks": {"pk": task.pk, "app_label": "review", "model_name": "reviewtask"},
        "/admin/editing-sessions": {"app_label": "courses", "model_name": "lessonpage"},
        "/admin/how-to-edit": {"name": "dashboard"},
        "/admin/courses": {"page_id": site.gated.pk},
        "/admin/courses/%(page_id)s/own-access": {"page_id": site.lesson.pk},
        "/admin/settings": {
            "app_name": "home",
            "model_name": "brandsettings",
            "pk": Site.objects.get().pk,
        },
        "/admin/documents": {"pk": site.document.pk, "doc_id": site.document.pk},
        "/admin/documents/multiple": {"uploaded_file_id": _uploaded(CustomDocument, "x.pdf", b"%PDF-1.4", admin)},
        "/admin/images": {"pk": site.image.pk},
        "/admin/snippets": {"pk": site.topic.pk},
        "/admin/review": {
            "page_id": site.in_review.pk,
            "revision_id": site.waiting.revision_id,
            "link_id": link.pk,
        },
        "/admin/reports/waitlists": {"pk": entry.pk},
        "/admin/orders": {"pk": site.payment.pk},
        "/admin/orders/messages": {"pk": _foreign_message(now).pk},
        "/admin/learners": {"pk": verified.pk},
        "/admin/learners/grants": {"pk": grant.pk},
        "/admin/users": {"pk": site.author.pk},
        "/admin/groups": {"pk": Group.objects.get(name="Editors").pk},
        "/admin/sites": {"pk": Site.objects.get().pk},
        "/admin/locales": {"pk": Locale.objects.get().pk},
        "/admin/translation": {"app_label": "courses", "model_name": "topic", "pk": site.topic.pk},
    }


def _token(email: Email, page: Page, *, asker: str, now: datetime, **fields: Any) -> tuple[EmailVerificationToken, str]:
    """A mail that went out: the request, and the secret of its link."""
    secret = token_secrets.new()
    token = EmailVerificationToken.objects.create(
        email=email,
        sent_to=email.address,
        page=page.page_ptr,
        asker_digest=token_secrets.digest(asker),
        asked_at=now,
        send_after=now,
        sent_at=now,
        digest=token_secrets.digest(secret),
        expires_at=now + timedelta(minutes=15),
        **fields,
    )
    return token, secret


def _coming_soon(site: ForgedSite) -> Any:
    parent = CourseIndexPage.objects.get(pk=site.gated.get_parent().pk)
    return CoursePageFactory(parent=parent, slug="soon", access=Level.EMAIL, availability=Availability.COMING_SOON)


def _lesson_in_review(site: ForgedSite) -> Any:
    """With files, so that a review link leads to some."""
    parent = type(site.in_review).objects.get(pk=site.in_review.pk)
    body = [picture(site.image), download(site.document)]
    lesson = LessonPageFactory(parent=parent, slug="reviewed", live=False, video=site.video, body=body)
    _with_tracks(lesson)
    lesson.get_workflow().start(lesson, site.author)
    return lesson


def _with_tracks(lesson: Any) -> None:
    lesson.captions = [LessonCaption(language="en", label="English", vtt=VTT)]
    lesson.chapters = [LessonChapter(start=2, title="Two")]
    lesson.save()
    lesson.save_revision()


def _uploaded(model: type[Model], name: str, content: bytes, by: Any) -> int:
    """A file that waits for the rest of its form."""
    row = UploadedFile.objects.create(
        for_content_type=_type(model), file=ContentFile(content, name), uploaded_by_user=by
    )
    return int(row.pk)


def _type(model: type[Model]) -> ContentType:
    return ContentType.objects.get_for_model(model)


def _paid(site: ForgedSite, now: datetime, stripe: Stripe) -> UUID:
    """An order of the verified learner's that was paid at the provider, which has an invoice for it."""
    intent = make_intent(site.gated, "verified@example.org", now=now)
    checkouts.pay(intent)
    stripe.pay(str(intent.session))
    CheckoutIntent.objects.filter(pk=intent.pk).update(closed_at=now)
    return intent.pk


def _foreign_message(now: datetime) -> PaymentEvent:
    fact = Fact(kind=Kind.COMPLETED, at=int(now.timestamp()), intent="gone", amount=4900, currency="EUR", is_paid=True)
    ledger.record(event(fact), now=now)
    return PaymentEvent.objects.get(payment=None)
