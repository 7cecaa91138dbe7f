"""The page on which a publisher lets a lesson that came from a stricter course follow its own course's access."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.log_actions import log
from wagtail.models import Page

from courses.editing import access_change
from courses.models import CoursePage, LessonPage

FOLLOW = "courses.follow_course"


def url_for(page: Page, user: Any) -> str:
    """Where this user lets the lesson follow its course; "" for who may not publish it, and for any other page."""
    may = isinstance(page, LessonPage) and page.permissions_for_user(user).can_publish()
    return reverse("own_access", args=[page.pk]) if may else ""


class OwnAccessView(WagtailAdminTemplateMixin, View):
    template_name = "courses/staff/own_access.html"
    page_title = gettext_lazy("Let the lesson follow its course")
    header_icon = "key"

    @cached_property
    def lesson(self) -> LessonPage:
        lesson: LessonPage = get_object_or_404(LessonPage, pk=self.kwargs["page_id"])
        if not url_for(lesson, self.request.user):
            raise PermissionDenied
        return lesson

    @cached_property
    def course(self) -> CoursePage | None:
        return self.lesson.course

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kept = access_change.effect(self.lesson, None).kept
        access = self.course.get_access_display() if self.course else ""
        context = self.get_context_data(lesson=self.lesson, course=self.course, kept=kept, access=access)
        return self.render_to_response(context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        lesson, course = self.lesson, self.course
        if course is None or not lesson.restriction().is_kept:
            messages.warning(request, _("This lesson already follows its course."))
            return redirect("wagtailadmin_pages:edit", lesson.pk)
        with transaction.atomic():  # nothing is opened that is not logged
            LessonPage.objects.filter(pk=lesson.pk).update(origin_course=course.translation_key)
            log(lesson, FOLLOW, user=request.user, data={"course": course.title, "access": course.access})
        messages.success(request, _("The lesson now asks for what “%s” asks.") % course.title)
        return redirect("wagtailadmin_pages:edit", lesson.pk)
