"""What a name tells."""

import pytest
from django.core.exceptions import SuspiciousFileOperation

from wagtail_cloudinary import names
from wagtail_cloudinary.names import Asset


@pytest.mark.parametrize(
    ("name", "asset"),
    [
        ("original_images/3f.jpg", Asset("original_images/3f", "image", "jpg")),
        ("original_images/3f.JPEG", Asset("original_images/3f", "image", "jpg")),
        ("videos/9a.mp4", Asset("videos/9a", "video", "mp4")),
        ("documents/b1.pdf", Asset("documents/b1.pdf", "raw", "")),
        ("documents/b1", Asset("documents/b1", "raw", "")),
    ],
)
def test_name_tells_id_kind_and_format(name: str, asset: Asset) -> None:
    assert names.asset(name) == asset


def test_kind_can_be_said() -> None:
    assert names.asset("a/b.png", resource_type="raw") == Asset("a/b.png", "raw", "")


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "a/../b.png", "a//b.png", "a?b.png", "a&b.png", " a.png", "a\n.png"]
)
def test_name_that_is_no_public_id_is_refused(name: str) -> None:
    with pytest.raises(SuspiciousFileOperation):
        names.asset(name)
