"""Every URL of the site. tests/test_doors.py lists them: a new one has to be declared there too."""

from django.conf import settings
from django.urls import include, path, re_path, reverse_lazy
from django.views.decorators.cache import cache_control
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.views.account import PasswordResetConfirmView

from config import bodies, views
from courses.public import sitemaps
from library import views as library_views

public = cache_control(public=True, max_age=0, must_revalidate=True)

urlpatterns = [
    # Wagtail's own, but a person who has chosen a password by an emailed link is signed in: while somebody guesses at
    # their name, they could not sign in otherwise (access.staff_accounts.login).
    path(
        "admin/password_reset/confirm/<uidb64>/<token>/",
        PasswordResetConfirmView.as_view(post_reset_login=True, success_url=reverse_lazy("wagtailadmin_home")),
        name="wagtailadmin_password_reset_confirm",
    ),
    path("admin/may-upload/", bodies.may_upload, name="may_upload"),
    path("admin/", include(wagtailadmin_urls)),
    path("access/", include("access.urls")),
    path("notify/", include("release.urls")),
    path("purchases/", include("purchases.urls")),
    path("learning/", include("learning.urls")),
    path("files/", include("library.urls")),
    path("lessons/", include("courses.urls")),
    path("review/", include("review.link.urls")),
    # Wagtail reverses this name for every document; the view is ours, because its own answers before any decision.
    path("documents/<int:document_id>/<str:filename>", library_views.document, name="wagtaildocs_serve"),
    path("media/<path:path>", library_views.public_media, name="public_media"),
    path("sitemap.xml", public(sitemaps.index), name="sitemap"),
    path("sitemap-<int:catalogue_id>-<int:number>.xml", public(sitemaps.part), name="sitemap_part"),
    path("robots.txt", public(views.robots), name="robots"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

if settings.IS_LOCAL:
    urlpatterns += [path("dev/mail/", include("config.dev_mail"))]

urlpatterns += [re_path(r"", include(wagtail_urls))]

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
