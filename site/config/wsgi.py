"""The WSGI entry point: `PYTHONPATH=site granian --interface wsgi config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()

from home.checks import warn_of_demo_logins  # noqa: E402 (only once Django is ready)

warn_of_demo_logins()

# Now, not at the first request: code replaced under a running server would otherwise be loaded half old, half new.
get_resolver().url_patterns  # noqa: B018 (reading it imports every view)
