"""SITE_URL is the one truth about the site's URL, and Wagtail's default Site follows it."""

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Site


def sync() -> None:
    """Write SITE_URL's host and port to the default Site. Done after every migrate."""
    parts = urlsplit(settings.SITE_URL)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    for site in Site.objects.filter(is_default_site=True).exclude(hostname=str(parts.hostname), port=port):
        site.hostname, site.port = str(parts.hostname), port
        site.save()  # not update(): saving clears Wagtail's cached site roots
