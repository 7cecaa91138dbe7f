"""Bulk grant: give a course to its readers before it asks for a purchase, so that they keep it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from courses.editing import access_change
from courses.models import CoursePage

KEEP = "courses.keep_readers"


def url_for(page: Any, user: Any) -> str:
    """Where this user gives the course to its readers; "" for who may not."""
    may = user.has_perm("access.add_grant") and page.permissions_for_user(user).can_publish()
    return reverse("keep_readers", args=[page.pk]) if may else ""


class KeepReadersView(WagtailAdminTemplateMixin, View):
    template_name = "courses/staff/keep_readers.html"
    page_title = gettext_lazy("Let learners keep the course")
    header_icon = "key"

    @cached_property
    def course(self) -> CoursePage:
        course: CoursePage = get_object_or_404(CoursePage, pk=self.kwargs["page_id"])
        if not url_for(course, self.request.user):
            raise PermissionDenied
        return course

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        effect = access_change.effect(self.course, self.course.latest_revision)
        return self.render_to_response(self.get_context_data(course=self.course, effect=effect))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        course = self.course
        if not access_change.effect(course, course.latest_revision).can_keep:
            messages.warning(request, _("No one loses access to a lesson in the newest draft."))
            return redirect("wagtailadmin_pages:edit", course.pk)
        with transaction.atomic():  # nothing is given that is not logged
            count = access_change.keep(course, now=timezone.now())
            log(course, KEEP, user=request.user, data={"count": count})
        text = ngettext("%(count)s person keeps the course.", "%(count)s people keep the course.", count)
        messages.success(request, text % {"count": count})
        return redirect("wagtailadmin_pages:edit", course.pk)
