"""Reads picture files with Pillow; imported in worker processes only (see `pictures_web.py`).

The type is told by the content, and sides are known before a pixel is decoded.
"""

from io import BytesIO

from PIL import Image, ImageOps

from bot.errors import FetchError
from bot.pictures import LARGEST_AT_ADDRESS, Seen

TYPES = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP")
MOST_PIXELS = 25_000_000
"""More are not decoded: a picture with transparency takes 100 MB then, and as much again while it is made smaller."""

SHAPES = ((2560, 85), (1600, 80), (1280, 70), (800, 60))
"""Longest side and JPEG quality; the first that gives a small enough file is taken. Telegram shows 2560 at most."""

WHITE = (255, 255, 255)

Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded


def see(body: bytes) -> Seen:
    """Return what a picture's file says of itself, without decoding it.

    Raises:
        FetchError: it is no picture of a type that can be shown.
    """
    with _opened(body) as image:
        animated = bool(getattr(image, "is_animated", False))
        return Seen(image.format or "", image.mode, image.width, image.height, len(body), is_animated=animated)


def as_jpeg(body: bytes) -> bytes:
    """Return a picture (the first one, where it moves) as a JPEG that fits Telegram's limits for a photo.

    Raises:
        FetchError: it cannot be read, or is too large to be decoded.
    """
    try:
        with _opened(body) as image:
            scale = SHAPES[0][0] / max(image.size)
            wanted = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
            image.draft("RGB", wanted)  # a JPEG can be decoded at a half, a quarter or an eighth of its size
            if image.width * image.height > MOST_PIXELS:
                raise FetchError(f"the picture has {image.width} x {image.height} pixels, too many to decode")
            small = _flat(image)
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise FetchError("the picture is damaged") from error
    for side, quality in SHAPES:
        small.thumbnail((side, side))
        written = BytesIO()
        small.save(written, "JPEG", quality=quality, optimize=True)
        if written.tell() <= LARGEST_AT_ADDRESS:
            break
    return written.getvalue()


def _opened(body: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(body), formats=TYPES)
    except (OSError, ValueError, SyntaxError) as error:
        raise FetchError("the address holds no picture that can be read") from error


def _flat(image: Image.Image) -> Image.Image:
    """The picture upright, no larger than needed, in plain colours on white where it is transparent."""
    if image.mode not in {"L", "RGB", "RGBA", "CMYK", "YCbCr"}:
        image = image.convert("RGBA")
    side = SHAPES[0][0]
    image.thumbnail((side, side))
    image = ImageOps.exif_transpose(image)
    if image.mode == "RGBA":
        ground = Image.new("RGB", image.size, WHITE)
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")
