"""The waitlists' pages below /admin/reports/waitlists/, and the item in the menu of reports."""

from django.http import HttpRequest
from django.urls import URLPattern, path
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from release.staff.waitlists import CoursesView, PeopleView, RemoveView


class WaitlistsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("release.view_waitlistentry")


class WaitlistViewSet(ViewSet):
    name = "waitlists"
    url_prefix = "reports/waitlists"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", CoursesView.as_view(), name="index"),
            path("results/", CoursesView.as_view(results_only=True), name="index_results"),
            path("<uuid:key>/", PeopleView.as_view(), name="course"),
            path("<uuid:key>/results/", PeopleView.as_view(results_only=True), name="course_results"),
            path("<int:pk>/remove/", RemoveView.as_view(), name="remove"),
        ]
