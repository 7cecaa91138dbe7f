"""The staff's pages about learners: their addresses below /admin/learners/, and the item in the menu."""

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from access.models import Email
from access.staff import actions, address, listing, why


class LearnersMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("access.view_email")


class EmailURLFinder(ModelAdminURLFinder):
    edit_url_name = "learners:address"


class LearnerViewSet(ViewSet):
    """No ModelViewSet: an address is never added, edited or deleted by hand; its actions have names of their own."""

    name = "learners"
    icon = "group"
    menu_label = _("Learners")
    menu_order = 250
    add_to_admin_menu = True
    menu_item_class = LearnersMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        index = {"index_url_name": "learners:index", "index_results_url_name": "learners:index_results"}
        return [
            path("", listing.EmailIndexView.as_view(**index, header_icon="group"), name="index"),
            path("results/", listing.EmailIndexView.as_view(**index, results_only=True), name="index_results"),
            path("why/", why.WhyView.as_view(), name="why"),
            path("<int:pk>/", address.AddressView.as_view(), name="address"),
            path("<int:pk>/block/", actions.BlockView.as_view(), name="block"),
            path("<int:pk>/unblock/", actions.UnblockView.as_view(), name="unblock"),
            path("<int:pk>/sign-out/", actions.EndSessionsView.as_view(), name="end_sessions"),
            path("<int:pk>/give/", actions.GiveView.as_view(), name="give"),
            path("grants/<int:pk>/take/", actions.TakeView.as_view(), name="take"),
        ]

    def on_register(self) -> None:
        super().on_register()
        register_admin_url_finder(Email, EmailURLFinder)
