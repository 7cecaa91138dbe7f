"""The library app: who may choose, change and delete files is registered when it starts."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "library"

    def ready(self) -> None:
        from library import permissions

        permissions.register()
        from wagtailmedia.views import chooser  # now: its modules keep the policy they find

        permissions.let_choose(chooser.permission_checker)
