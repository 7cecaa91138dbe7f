"""Storage of Django's messages to staff: a cookie that no subdomain can shadow, for which Django has no setting."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    cookie_name = "__Host-messages"


class HostStorage(FallbackStorage):
    storage_classes = (HostCookieStorage, SessionStorage)
