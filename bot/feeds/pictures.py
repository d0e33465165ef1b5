"""The picture of an entry: what the feed declares as one, else the first real image of its text."""

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.feeds.text import absolute_link
from bot.pictures import is_picture_worth_showing

_IMAGE_TAG = re.compile(r"<img\b[^<>]{1,4000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(src|width|height|class)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_IMAGE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#])", re.IGNORECASE)
_SMALLEST = 60  # pixels; less is an icon or a tracking pixel


def picture_of(item: dict[str, Any], fragments: Iterable[str], url: str) -> str | None:
    """The absolute address of an entry's picture, or None."""
    for address in (*_declared(item), *_in_text(fragments)):
        link = absolute_link(address, url)
        if link and is_picture_worth_showing(link):
            return link
    return None


def first_image(fragment: str, url: str) -> str | None:
    """The first image in a piece of HTML that is more than decoration, as an absolute address."""
    return picture_of({}, (fragment,), url)


def _declared(item: dict[str, Any]) -> Iterator[str]:
    media = sorted(_mappings(item, "media_content"), key=lambda part: -_number(part.get("width")))
    yield from (part.get("url", "") for part in media if _is_image(part))
    yield from (part.get("url", "") for part in _mappings(item, "media_thumbnail"))
    enclosures = (part for part in _mappings(item, "links") if part.get("rel") == "enclosure")
    yield from (part.get("href", "") for part in enclosures if (part.get("type") or "").startswith("image/"))
    image = dict.get(item, "image")
    if isinstance(image, dict):
        yield image.get("href") or ""


def _mappings(item: dict[str, Any], name: str) -> list[dict[str, str]]:
    value = dict.get(item, name)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _is_image(part: dict[str, str]) -> bool:
    kind = part.get("type") or ""
    if part.get("medium") == "image" or kind.startswith("image/"):
        return True
    return not kind and not part.get("medium") and bool(_IMAGE_NAME.search(part.get("url") or ""))


def _in_text(fragments: Iterable[str]) -> Iterator[str]:
    for fragment in fragments:
        for tag in _IMAGE_TAG.finditer(fragment):
            attributes = {name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(tag[0])}
            if not _is_small(attributes) and not attributes.get("src", "data:").startswith("data:"):
                yield attributes["src"]


def _is_small(attributes: dict[str, str]) -> bool:
    sizes = [_number(attributes.get(name)) for name in ("width", "height")]
    return any(
        0 <= size < _SMALLEST for size, name in zip(sizes, ("width", "height"), strict=True) if name in attributes
    )


def _number(text: str | None) -> int:
    digits = re.match(r"\d{1,6}", text or "")
    return int(digits[0]) if digits else -1
