"""What lessons are written with, in tests."""

from library.models import CustomDocument, CustomImage

VTT = "WEBVTT\n\n00:01.000 --> 00:04.000\ncanary-6f1d2c\n"


def picture(image: CustomImage, *, alt: str = "A hill", caption: str = "") -> tuple[str, dict[str, object]]:
    image.contextual_alt_text, image.decorative = alt, False
    return ("image", {"image": image, "caption": caption})


def download(document: CustomDocument, *, label: str = "") -> tuple[str, dict[str, object]]:
    return ("document", {"document": document, "label": label})
