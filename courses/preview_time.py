"""Preview at a time: what pages will be at a moment, had a draft been approved. Derived from rows and schedules, and
written nowhere.

A preview is what a visitor would then be answered: a made-up request through the real gate, policy and templates.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, assert_never
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db.models import TextChoices
from django.http import HttpResponse, QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PreviewableMixin, Revision

from access.gate import decisions
from access.sessions.learner_sessions import Learner
from courses.content.page_links import PageLinks

# The made-up reader's address. Nobody can have it: the domain is reserved for examples.
READER = "reader@example.com"
READERS_QUERY = ("t", "captions")  # a second of the video, and in which language its transcript is


class Audience(TextChoices):
    """Whose eyes a preview borrows."""

    ANONYMOUS = "anonymous", _("Visitor, not signed in")
    EMAIL = "email", _("Signed in with email")
    PURCHASER = "purchaser", _("Someone who bought the course")


@dataclass(frozen=True, kw_only=True)
class AsOf:
    """The pages, by path, that will differ from their rows by then. Each page handed out carries this value along."""

    changed: dict[str, Page] = field(default_factory=dict)

    def find[P: Page](self, kind: type[P], path: str) -> P | None:
        """The page of this kind at this place."""
        found = self.changed.get(path) or kind.objects.filter(path=path).first()
        return self._carry(found) if isinstance(found, kind) else None

    def get[P: Page](self, kind: type[P], pk: int) -> P:
        found = next((page for page in self.of_kind(kind) if page.pk == pk), None)
        return self._carry(found or kind.objects.get(pk=pk))

    def of_kind[P: Page](self, kind: type[P]) -> list[P]:
        """The changed pages of this kind."""
        return [page for page in self.changed.values() if isinstance(page, kind)]

    def overlay[P: Page](self, kind: type[P], stored: Iterable[P], *, fits: Callable[[P], bool]) -> list[P]:
        """What a query found, with the changed pages in place of their rows: those that fit what was asked for."""
        kept = [page for page in stored if page.path not in self.changed]
        return [self._carry(page) for page in [*kept, *filter(fits, self.of_kind(kind))]]

    def _carry(self, page: Any) -> Any:
        page.as_of = self
        if parent := self.changed.get(page.path[: -page.steplen]):
            page.set_url_path(parent)  # its slug may be another by then
        return page


NOW = AsOf()


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What the banner below a preview says, in the user's language and time zone. `moment` None: now."""

    audience: Audience
    moment: datetime | None
    is_course_draft: bool
    language: str | None
    zone: tzinfo


def preview(
    page: Page,
    *,
    audience: str,
    at: datetime | None = None,
    along_with: Iterable[Page] = (),
    links: PageLinks | None = None,
    query: QueryDict | None = None,
) -> HttpResponse:
    """What a visitor would be answered at that moment, had this draft been approved now, and those along with it.

    A course that is not live is taken as approved with its lesson. Without a moment it is the first at which all of
    them are out; no moment is before now. Nothing is written, and the answer may be kept by nobody. The objects given
    are used up: they are changed to what they would be. `links` are the URLs that the page is written with. `query` is
    how the preview was asked for: what readers may add to a page's address counts, and links within the page keep the
    rest. ValueError for an audience that is not known.
    """
    audience, now = Audience(audience), timezone.now()
    drafts = [page, *along_with]
    holder = page.unpublished_holder()
    if holder and holder.path not in {draft.path for draft in drafts}:
        drafts.append(holder)
    moment = max(now, at or max(draft.go_live_at or now for draft in drafts))
    as_of = given(drafts, at=moment, now=now)
    target = as_of.find(type(page), page.path)
    seen_as = Preview(
        audience=audience,
        moment=moment if moment > now else None,
        is_course_draft=holder is not None,
        language=translation.get_language(),
        zone=timezone.get_current_timezone(),
    )
    way_back = query.copy() if query else QueryDict(mutable=True)
    added = {name: way_back.pop(name)[-1] for name in READERS_QUERY if name in way_back}
    # As a visitor's: neither the language nor the time zone of the user who previews.
    with timezone.override(settings.TIME_ZONE), translation.override(settings.LANGUAGE_CODE):
        attributes = {
            "learner": _learner(audience, target),
            "preview": seen_as,
            "page_links": links or PageLinks(way_back.urlencode()),
            "GET": QueryDict(urlencode(added)),
        }
        response: HttpResponse = PreviewableMixin.make_preview_request(target, None, audience, attributes)
    response.cookies.clear()  # none in place of those of who looks
    return response


def _learner(audience: Audience, page: Page) -> Learner | None:
    """Who has confirmed an address and, as a purchaser, bought whatever the page asks for, or the page if a course."""
    match audience:
        case Audience.ANONYMOUS:
            return None
        case Audience.EMAIL:
            bought = frozenset[UUID]()
        case Audience.PURCHASER:
            bought = decisions.restriction_of(page).courses | {page.translation_key}
        case _:
            assert_never(audience)
    return Learner(session_id=0, email_id=0, email=READER, grants=bought, token_id=None)


def given(drafts: Iterable[Page], *, at: datetime, now: datetime) -> AsOf:
    """What pages will be at that moment, had these drafts been approved now, with everything scheduled released.

    The drafts are used up: they are changed to what they would be.
    """
    changed = {page.path: page for page in Page.objects.filter(live=True, expire_at__lt=at).specific()}
    ends = {path: page.expire_at for path, page in changed.items()}
    for page in changed.values():
        page.live = False
    for revision in Revision.page_revisions.filter(approved_go_live_at__lte=at):
        page = revision.as_object()
        if page.path not in ends or revision.approved_go_live_at <= ends[page.path]:  # its end clears its schedule
            changed[page.path] = _released(page, at, now)
    for draft in drafts:
        if draft.go_live_at is None or draft.go_live_at <= at:
            changed[draft.path] = _released(draft, at, now)
            continue
        # It waits for its date, and takes the place of whatever was scheduled: until then nothing changes.
        changed.pop(draft.path, None)
        if draft.pk is None or not Page.objects.filter(pk=draft.pk, live=True).exclude(expire_at__lt=at).exists():
            draft.live = False
            changed[draft.path] = draft
    _follow_with_aliases(changed)
    as_of = AsOf(changed=changed)
    for path in sorted(changed, key=len):
        page = changed[path]
        page.set_url_path(changed.get(path[: -page.steplen]) or page.get_parent())
        page.as_of = as_of
    return as_of


def _released(page: Page, at: datetime, now: datetime) -> Page:
    page.live = page.expire_at is None or page.expire_at >= at
    page.first_published_at = page.first_published_at or max(now, page.go_live_at or now)
    return page


def _follow_with_aliases(changed: dict[str, Page]) -> None:
    """Wagtail publishes and unpublishes a page's aliases, and theirs, together with it."""
    ahead = {page.pk: page for page in changed.values() if page.pk and page.alias_of_id is None}
    seen: set[int] = set()
    while ahead:
        seen |= ahead.keys()
        aliases = Page.objects.filter(alias_of_id__in=ahead).exclude(pk__in=seen).specific()
        ahead = {alias.pk: _following(alias, ahead[alias.alias_of_id]) for alias in aliases}
        changed |= {alias.path: alias for alias in ahead.values()}


def _following(alias: Page, source: Page) -> Page:
    found = alias.with_content_json(source.serializable_data()) if source.live else alias
    found.slug, found.live = alias.slug, source.live
    return found
