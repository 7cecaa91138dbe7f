"""Fixtures for the library: media, lessons that show them, and staff."""

from courses.tests.conftest import document, editor, image, make_staff, moderator, video

__all__ = ["document", "editor", "image", "make_staff", "moderator", "video"]
