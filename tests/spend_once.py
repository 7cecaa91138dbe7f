"""Spends a link in a process of its own, once a line comes in: `python -m tests.spend_once LINK_SECRET ASKER_SECRET`.

Says 'ready', and then 'opened' or the name of the refusal.
"""

import sys

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from access.sessions.clients import Browser  # noqa: E402
from access.verification import errors, tokens  # noqa: E402

link_secret, asker = sys.argv[1:]
browser = Browser(asker=asker, network="192.0.2.1", name="")
connection.ensure_connection()
print("ready", flush=True)  # noqa: T201
sys.stdin.readline()
try:
    tokens.confirm(link_secret, typed="", browser=browser, now=timezone.now())
    print("opened")  # noqa: T201
except errors.TokenRefused as refusal:
    print(type(refusal).__name__)  # noqa: T201
