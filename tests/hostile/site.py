"""A site with a row of every kind that an address can name, and everybody who might ask for it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from access.models import Email
from access.sessions import learner_sessions, token_secrets
from courses.models import CourseIndexPage
from courses.tests.content import VTT
from library.models import CustomRendition
from stand_ins.stripe.server import Stripe
from tests import forged_site
from tests.forged_site import ForgedSite
from tests.hostile import samples
from tests.hostile.forms import Fields, Form
from tests.hostile.routes import Route
from tests.hostile.samples import Values
from tests.hostile.values import nonsense

GROUPS = {"editor": "Editors", "reviewer": "Reviewers", "publisher": "Publishers"}


@dataclass(frozen=True, kw_only=True)
class HostileSite:
    """`samples`: how the parts of an address are filled in so that it names something, by how the address begins."""

    visitors: dict[str, Client]
    staff: dict[str, Client]
    samples: dict[str, Values]
    files: dict[Path, bytes]
    lesson: Fields
    course: Fields

    def values(self, route: Route) -> Values:
        """Also for a part of which nothing is known: something of its kind, which names nothing."""
        address = str(route)
        found: Values = {name: nonsense(converter)[0] for name, converter in route.parts}
        for beginning in sorted(self.samples, key=len):
            if address.startswith(beginning):
                found |= self.samples[beginning]
        return found

    def complete(self, form: Form) -> Form:
        """With what a script adds to the editor's form before it is sent: the blocks of a page."""
        if "captions-TOTAL_FORMS" in form.names:
            form.fields = [
                each for each in form.fields if not each[0].startswith(("captions-", "chapters-"))
            ] + self.lesson
        elif {"difficulty", "summary"} <= form.names:
            form.fields += self.course
        return form


def build(index: CourseIndexPage, now: datetime, stripe: Stripe) -> HostileSite:
    site = forged_site.build(index)
    people = {"admin": get_user_model().objects.create_superuser("admin", "admin@example.org", "x")}
    for name, group in GROUPS.items():
        people[name] = get_user_model().objects.create_user(name, f"{name}@example.org", "x")
        people[name].groups.add(Group.objects.get(name=group))
    asker = token_secrets.new()

    def learner(email: Email) -> Client:
        session = learner_sessions.start(email, token=None, now=now)
        return _client({settings.LEARNER_COOKIE: session, settings.ASKER_COOKIE: asker})

    verified, zoe = (_email(f"{name}@example.org", now) for name in ("verified", "zoe"))
    filled_in = samples.build(
        site, now=now, asker=asker, verified=verified, zoe=zoe, admin=people["admin"], stripe=stripe
    )
    public = Path(settings.MEDIA_ROOT, filled_in["/media"]["path"])
    kept = [site.image.file.path, site.cover.file.path, site.document.file.path, site.video.file.path, public]
    kept += [rendition.file.path for rendition in CustomRendition.objects.all()]
    captions = {"language": "en", "label": "English", "vtt": VTT}
    chapters = {"start": "0:01", "title": "x"}
    staff = {name: _client() for name in people}
    for name, client in staff.items():
        client.force_login(people[name])
    return HostileSite(
        visitors={
            "anonymous": _client({settings.ASKER_COOKIE: asker}),
            "verified learner": learner(verified),
            "buyer": learner(Email.objects.get(address="ada@example.org")),
            "reviewer by link": learner(zoe),
        },
        staff=staff,
        samples=filled_in,
        files={Path(path): Path(path).read_bytes() for path in kept},
        lesson=_posted(
            {
                "body": _blocks(site),
                "captions": inline_formset([captions]),
                "chapters": inline_formset([chapters]),
            }
        ),
        course=_posted({"description": streamfield([("rich_text", rich_text("<p>x</p>"))])}),
    )


def _client(cookies: dict[str, str] | None = None) -> Client:
    client = Client(raise_request_exception=False)
    client.cookies.load(cookies or {})
    return client


def _email(address: str, now: datetime) -> Email:
    return Email.objects.create(address=address, asked_at=now, verified_at=now)


def _blocks(site: ForgedSite) -> Any:
    text = rich_text("<p>x</p>")
    return streamfield(
        [
            ("rich_text", text),
            ("code", {"language": "python", "code": "x", "caption": "y"}),
            ("image", {"image": {"image": site.image.pk, "alt_text": "x", "decorative": ""}, "caption": "z"}),
            ("callout", {"kind": "tip", "heading": "x", "text": text}),
            ("document", {"document": site.document.pk, "label": "x"}),
            ("embed", {"url": "https://youtu.be/c4n4ryvideo", "title": "x"}),
        ]
    )


def _posted(nested: dict[str, Any]) -> Fields:
    return [(name, str(value)) for name, value in nested_form_data(nested).items()]
