"""Images as the test server makes them, with Pillow: crop, scale, fill, background, quality and format."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

CONTENT_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
ENDINGS = {"AVIF": "avif", "GIF": "gif", "JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
FORMATS = {ending: name for name, ending in ENDINGS.items()}
QUALITY = 80


def examined(content: bytes) -> tuple[str, int, int]:
    """Extension, width and height of an image; ValueError if it is none."""
    with _opened(content) as image:
        return ENDINGS[image.format or ""], image.width, image.height


def transformed(content: bytes, steps: list[str], ending: str, *, accept: str) -> tuple[bytes, str]:
    """The image after these steps, and its content type; ValueError for a step this server does not know."""
    with _opened(content) as opened:
        image: Image.Image = ImageOps.exif_transpose(opened)
        quality, chosen = QUALITY, ending or ENDINGS[opened.format or ""]
        for step in steps:
            words = dict(word.split("_", 1) for word in step.split(","))
            if "c" in words:
                image = _resized(image, words)
                continue
            for word, value in words.items():
                match word:
                    case "f":
                        chosen = _format(value, chosen, accept)
                    case "q":
                        quality = int(value) if value.isdigit() else QUALITY
                    case "b":
                        image = _on_background(image, value)
                    case _:
                        raise ValueError(f"Invalid transformation component - {word}_{value}")
        if chosen not in FORMATS:
            raise ValueError(f"Invalid format - {chosen}")
        if chosen == "jpg" and image.mode != "RGB":
            image = image.convert("RGB")
        file = io.BytesIO()
        image.save(file, FORMATS[chosen], quality=quality)
        return file.getvalue(), CONTENT_TYPES[chosen]


def _opened(content: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content))
    except UnidentifiedImageError as error:
        raise ValueError("Invalid image file") from error
    if image.format not in ENDINGS:
        raise ValueError("Invalid image file")
    return image


def _format(value: str, ending: str, accept: str) -> str:
    if value != "auto":
        return value
    return next((kind for kind in ("avif", "webp") if f"image/{kind}" in accept), ending)


def _resized(image: Image.Image, words: dict[str, str]) -> Image.Image:
    width, height = int(words["w"]), int(words["h"])
    match words["c"]:
        case "crop":
            x, y = int(words.get("x", 0)), int(words.get("y", 0))
            return image.crop((x, y, min(image.width, x + width), min(image.height, y + height)))
        case "scale":
            return image.resize((width, height))
        case "fill":
            scale = max(width / image.width, height / image.height)
            image = image.resize((max(width, round(image.width * scale)), max(height, round(image.height * scale))))
            left, top = (image.width - width) // 2, (image.height - height) // 2
            return image.crop((left, top, left + width, top + height))
    raise ValueError(f"Invalid crop - {words['c']}")


def _on_background(image: Image.Image, value: str) -> Image.Image:
    color = value.removeprefix("rgb:")
    layer = Image.new("RGBA", image.size, f"#{color}")
    layer.alpha_composite(image.convert("RGBA"))
    return layer.convert("RGB")
