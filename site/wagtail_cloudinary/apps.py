"""The app wagtail_cloudinary: its system checks, its command and the rows that remember what was moved."""

from django.apps import AppConfig


class WagtailCloudinaryConfig(AppConfig):
    name = "wagtail_cloudinary"
    verbose_name = "Cloudinary"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_cloudinary import checks  # noqa: F401  importing registers them
