"""The site's addresses with a language in front of each page's, as a site of several languages would have them."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls

from config.urls import handler404
from config.urls import urlpatterns as of_one_language

__all__ = ["handler404", "urlpatterns"]

urlpatterns = [*of_one_language[:-1], *i18n_patterns(path("", include(wagtail_urls)), prefix_default_language=False)]
