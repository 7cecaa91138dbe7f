"""The viewset of the reviewers' pages below /admin/review/."""

from django.urls import URLPattern, path
from wagtail.admin.viewsets.base import ViewSet

from review.staff import links, preview, review_page


class ReviewViewSet(ViewSet):
    name = "reviews"
    url_prefix = "review"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("<int:task_state_id>/", review_page.LookView.as_view(), name="look"),
            path("preview/<int:revision_id>/", preview.preview, name="preview"),
            path("links/<int:page_id>/", links.LinksView.as_view(), name="links"),
            path("links/<uuid:link_id>/revoke/", links.RevokeView.as_view(), name="revoke_link"),
        ]
