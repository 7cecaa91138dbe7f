"""What a review link shows: the pages it covers as they are drafted, their files through this link alone."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.images.models import Filter, SourceImageIOError
from wagtail.models import Page, Revision, TaskState
from wagtail.rich_text import RichText
from wagtail.rich_text.pages import PageLinkHandler
from wagtail.rich_text.rewriters import LinkRewriter

from courses import preview_time
from courses.content.page_links import PageLinks
from courses.models import CoursePage, LessonPage
from library import delivery, renditions
from library.models import CustomDocument, CustomImage
from review import decisions
from review.link import links
from review.models import ReviewLink


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A page as the link shows it: the revision that waits, or the latest draft of a lesson nobody submitted yet."""

    page: Page
    task_state: TaskState | None

    @property
    def revision(self) -> Revision | None:
        return self.task_state.revision if self.task_state else self.page.get_latest_revision()

    def draft(self) -> Page:
        """Anew each time: a preview uses up what it is given."""
        return self.revision.as_object() if self.revision else type(self.page).objects.get(pk=self.page.pk)

    def uses(self, media: Model) -> bool:
        return delivery.uses(self.draft(), media)


def all_of(link: ReviewLink) -> list[Shown]:
    return [Shown(page=page, task_state=decisions.waiting(page)) for page in _pages(link)]


def waits(shown: list[Shown]) -> bool:
    """Whether anything waits for a review. If not, the link shows none of it: what was to be seen is decided."""
    return any(each.task_state for each in shown)


def covered(link: ReviewLink, page_id: int) -> Shown:
    """Raises links.NotCovered for any other page. Whether it may be seen now is not asked."""
    page = next((page for page in _pages(link) if page.pk == page_id), None)
    if page is None:
        raise links.NotCovered
    return Shown(page=page, task_state=decisions.waiting(page))


def one(link: ReviewLink, page_id: int) -> Shown:
    """As covered(), and it may be seen now: something that the link covers waits."""
    shown = covered(link, page_id)
    if shown.task_state is None and not waits(all_of(link)):
        raise links.NotCovered
    return shown


def preview(
    link: ReviewLink, page_id: int, *, audience: str, at: datetime | None, query: str, asked_with: QueryDict
) -> HttpResponse:
    """The page as that audience would meet it, its files and the pages it leads to through the link.

    `query` is the choice of audience and moment, for going on with it; `asked_with` is all of its own. ValueError for
    an audience that is not known.
    """
    draft = one(link, page_id).draft()
    drafts = [each.draft() for each in all_of(link) if each.page.pk != page_id]
    below = LinksOfReview(signed=links.signed(link), pages=[draft, *drafts], query=query)
    return preview_time.preview(draft, audience=audience, at=at, along_with=drafts, links=below, query=asked_with)


@dataclass(frozen=True, kw_only=True)
class LinksOfReview(PageLinks):
    """Files below the link, and the pages that it covers, in place of the review that is open now. What leads elsewhere
    opens beside it: in its frame no page of ours may be shown but this one."""

    opens_beside = True
    signed: str
    pages: list[Page]
    query: str

    def page(self, url: str) -> SafeString:
        way = self._ways.get(url)
        return format_html('href="{}" target="_top"', way) if way else super().page(url)

    def picture(self, page_id: int, image_id: int, width: int) -> str:
        return reverse("review:picture", args=[self.signed, page_id, image_id, width])

    def video(self, page_id: int, video_id: int) -> str:
        return reverse("review:video", args=[self.signed, page_id, video_id])

    def captions(self, page_id: int, language: str) -> str:
        return reverse("review:captions", args=[self.signed, page_id, language])

    def chapters(self, page_id: int) -> str:
        return reverse("review:chapters", args=[self.signed, page_id])

    def document(self, page_id: int, document: CustomDocument) -> str:
        return reverse("review:document", args=[self.signed, page_id, document.pk, document.filename])

    def rich_text(self, text: RichText) -> SafeString:
        return super().rich_text(RichText(LinksInText(self)(text.source)))

    @cached_property
    def _ways(self) -> dict[str, str]:
        """By their own URLs, which are asked for only once the preview has made the drafts what they would be."""
        root = reverse("review:look", args=[self.signed])
        return {page.get_url(): f"{root}?page={page.pk}&{self.query}" for page in self.pages}


class LinksInText(LinkRewriter):
    """The links of a text as Wagtail stores it: to pages, whether chosen or typed, and to places in the same page. It
    leaves all others to Wagtail."""

    def __init__(self, links: LinksOfReview) -> None:
        super().__init__(bulk_rules={"page": self.to_pages}, rules={"typed": self.as_typed, "anchor": self.to_place})
        self.links = links

    def get_tag_type_from_attrs(self, attrs: dict[str, str]) -> str | None:
        kind = super().get_tag_type_from_attrs(attrs) or ("typed" if "href" in attrs else None)
        return kind if kind in self.bulk_rules or kind in self.rules else None

    def to_pages(self, chosen: list[dict[str, str]]) -> list[str]:
        drafts = {page.pk: page for page in self.links.pages}
        pages = [page and page.localized for page in PageLinkHandler.get_many(chosen)]
        return [self._opened(drafts.get(page.pk, page).get_url() or "") if page else "<a>" for page in pages]

    def as_typed(self, attrs: dict[str, str]) -> str:
        return self._opened(attrs["href"])

    def to_place(self, attrs: dict[str, str]) -> str:
        return format_html('<a href="{}" target="_self">', attrs["href"])

    def _opened(self, url: str) -> str:
        return format_html("<a {}>", self.links.page(url))


def picture(image: CustomImage, *, width: int) -> bytes | None:
    """In that width; None when it cannot be read. A draft's sizes are not made yet, and a look writes nothing."""
    spec = renditions.body(width)
    try:
        if rendition := renditions.find(image, spec):
            return renditions.read(rendition)
        with image.generate_rendition_file(Filter(spec=spec)) as file:
            file.seek(0)
            return file.read()
    except (SourceImageIOError, OSError):
        return None


def _pages(link: ReviewLink) -> list[Page]:
    """The page, and for a course that was linked with its lessons those that stand in it now."""
    page = link.page.specific
    with_lessons = link.with_lessons and isinstance(page, CoursePage)
    return [page, *(LessonPage.objects.child_of(page).order_by("path") if with_lessons else [])]
