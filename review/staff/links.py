"""Review links in the admin: created, copied and revoked by editors who may change the page."""

from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from courses.models import CoursePage
from review.link import links
from review.link.forms import LinkForm
from review.models import ReviewLink


def may_link(page: Page, user: Any) -> bool:
    """An editor who may change the page may show its drafts to others; one who only reviews it may not."""
    rights = page.permissions_for_user(user)
    return bool(rights.can_edit() or rights.can_publish())


def header_button(page: Page, user: Any) -> list[Button]:
    if not may_link(page, user):
        return []
    return [Button(_("Review links"), reverse("reviews:links", args=[page.pk]), icon_name="link", priority=66)]


class LinksView(WagtailAdminTemplateMixin, View):
    template_name = "review/staff/links.html"
    page_title = gettext_lazy("Review links")
    header_icon = "link"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not may_link(self.page, request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def page(self) -> Page:
        return get_object_or_404(Page, id=self.kwargs["page_id"]).specific

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=self.form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        link = links.make(self.page, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The link for %s is ready. Copy it and send it to them.") % link.mailbox)
        return redirect("reviews:links", self.page.pk)

    def form(self, data: Any = None) -> LinkForm:
        form = LinkForm(data)
        if not isinstance(self.page, CoursePage):
            del form.fields["with_lessons"]
        return form

    def get_page_subtitle(self) -> str:
        return str(self.page.get_admin_display_title())

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("wagtailadmin_pages:edit", args=[self.page.pk]), "label": self.get_page_subtitle()},
            {"url": "", "label": _("Review links")},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        found = ReviewLink.objects.filter(page=self.page.pk).select_related("created_by").order_by("-created_at")
        opened = set(ReviewLink.objects.open(now).filter(page=self.page.pk).values_list("pk", flat=True))
        rows = [self._row(link, is_open=link.pk in opened) for link in found]
        return {**super().get_context_data(**kwargs), "page": self.page, "rows": rows}

    def _row(self, link: ReviewLink, *, is_open: bool) -> dict[str, Any]:
        if not is_open:
            return {"link": link}
        address = links.address(link)
        subject = _("Please review “%(title)s”") % {"title": self.page.get_admin_display_title()}
        return {
            "link": link,
            "address": address,
            "mail_to": f"mailto:{quote(link.mailbox)}?subject={quote(subject)}&body={quote(address)}",
        }


class RevokeView(View):
    """POST only: from the next request on the link opens nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        link = get_object_or_404(ReviewLink.objects.select_related("page"), pk=kwargs["link_id"])
        if not may_link(link.page, request.user):
            raise PermissionDenied
        links.revoke(link, by=request.user, now=timezone.now())
        messages.success(request, _("The link for %s no longer works.") % link.mailbox)
        return redirect("reviews:links", link.page_id)
