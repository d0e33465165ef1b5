"""Which picture a post shows, and in which form: a ladder whose every rung ends in a post.

known -> url -> upload -> page -> none; a picture whose post is too long for a caption begins at preview.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from bot.models import Article, Post

PHOTO, PREVIEW, OFF = "photo", "preview", "off"

SMALLEST_SIDE = 80
SMALLEST_LONG_SIDE = 140
"""In pixels; what is smaller is an icon, an avatar or a tracking pixel, and looks bad as a large picture."""

LARGEST_RATIO = 20
LARGEST_SUM = 10_000
LARGEST_AT_ADDRESS = 5 * 2**20
"""Ratio of the sides, width plus height, and bytes of a photo sent by its address (core.telegram.org/bots/api)."""

# Types that Telegram takes from an address without fail; anything else is turned into a JPEG and uploaded.
TAKEN_TYPES = frozenset({"JPEG", "PNG"})
TAKEN_MODES = frozenset({"L", "RGB", "RGBA", "P"})

# Answers of a server that does not like this program, and may well let Telegram have the picture.
NOT_FOR_US = frozenset({401, 403, 406, 429})

# Whole names and folders: news have pictures of a Pixel telephone, of a space race and of clubs, too.
_DECORATION = re.compile(
    r"/smil(?:ie|ey)s?/|/(?:tw)?emojis?/|gravatar\.com|/avatars?/|//pixel\.|/pixel(?:[/?]|$)|feedburner\.com/~|doubleclick|"
    r"/ads?/|share[-_]?(?:button|icon)|stats\.wordpress|apple-touch-icon|"
    r"/(?:[\w-]*(?:track|count|stat|beacon|ad)[\w-]*)?pixel\.\w+|/(?:[\w-]*[-_])?(?:spacer|blank|b|1x1|transparent)\.(?:gif|png)",
    re.IGNORECASE,
)
_EMBLEM_FILE = re.compile(
    r"(?:.*[-_.])?(?:logo|icon|icons|favicon|avatar|sprite|placeholder)(?:[-_.]?(?:\d+(?:x\d+)?|large|small|white|black"
    r"|og|default|square|v\d+))*\.\w{2,5}",
    re.IGNORECASE,
)
_VECTOR_FILE = re.compile(r"\.svgz?$|\.ico$", re.IGNORECASE)


class Rung(StrEnum):
    """A form in which a post shows its picture.

    KNOWN: the photo Telegram already has from an earlier post. URL: a photo that Telegram fetches from its address.
    UPLOAD: a photo of ours, checked and made to fit. PREVIEW: text with a large preview of the picture. PAGE: text
    with the preview of the article's page. NONE: text alone.
    """

    KNOWN = "known"
    URL = "url"
    UPLOAD = "upload"
    PREVIEW = "preview"
    PAGE = "page"
    NONE = "none"

    @property
    def is_photo(self) -> bool:
        """Whether the post is a photo with a caption."""
        return self in {Rung.KNOWN, Rung.URL, Rung.UPLOAD}


_NEXT = {
    Rung.KNOWN: Rung.URL,
    Rung.URL: Rung.UPLOAD,
    Rung.UPLOAD: Rung.PAGE,
    Rung.PREVIEW: Rung.PAGE,
    Rung.PAGE: Rung.NONE,
    Rung.NONE: Rung.NONE,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a picture's file says of itself; `type` and `mode` in Pillow's words, sides in pixels."""

    type: str
    mode: str
    width: int
    height: int
    size: int
    is_animated: bool = False


def setting_for(everywhere: str, of_feed: str | None) -> str:
    """Return photo, preview or off: what a feed's own option (yes, no or one of these) makes of the IMAGES setting."""
    if of_feed == "yes":
        return PHOTO if everywhere == OFF else everywhere
    if of_feed == "no":
        return OFF
    return of_feed or everywhere


def first_rung(article: Article, setting: str, *, fits_caption: bool) -> Rung:
    """Return where an article's post begins, before its picture is looked at."""
    if setting == OFF or not is_picture_worth_showing(article.image or ""):
        return Rung.NONE
    if setting == PREVIEW or not fits_caption:
        return Rung.PREVIEW
    return Rung.KNOWN if article.photo_id else Rung.URL


def next_rung(rung: Rung) -> Rung:
    """Return the rung below; below the lowest there is none."""
    return _NEXT[rung]


def rung_after_silence(rung: Rung, calls: int) -> Rung:
    """Return the rung for a post whose call got no answer, `calls` of them begun so far.

    Where it is the picture that keeps the server from answering, the post stands after two more tries at most.
    """
    if rung in {Rung.KNOWN, Rung.URL}:
        return Rung.UPLOAD
    return Rung.PAGE if rung is Rung.UPLOAD and calls > 1 else rung


def rung_for(rung: Rung, seen: Seen) -> Rung:
    """Return the highest rung from this one down that a picture's file allows."""
    if _is_a_strip(seen):
        return Rung.PAGE
    if not is_large_enough(seen.width, seen.height):
        return Rung.NONE
    if _is_taken_as_it_is(seen):
        return rung
    return Rung.UPLOAD if rung.is_photo else Rung.PAGE


def standing_rung(post: Post) -> Rung:
    """Return in which form a sent post stands in its chat, for an edit."""
    rung = Rung(post.rung) if post.rung else Rung.NONE
    if post.form == "photo":
        return rung if rung.is_photo else Rung.URL
    return Rung.NONE if rung.is_photo else rung


def is_picture_worth_showing(url: str, width: int | None = None, height: int | None = None) -> bool:
    """Tell whether an address, and the size in pixels where it is known, may be a picture that belongs to an article.

    Tracking pixels, spacers, logos, icons, avatars and drawings in SVG are none.
    """
    if not url or _DECORATION.search(url):
        return False
    try:
        name = unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    except ValueError:
        return False
    if _VECTOR_FILE.search(name) or _EMBLEM_FILE.fullmatch(name):
        return False
    return is_large_enough(width, height)


def is_large_enough(width: int | None, height: int | None) -> bool:
    """Tell whether sides in pixels, None for unknown, are those of a picture rather than of an icon."""
    known = [side for side in (width, height) if side is not None]
    if not known:
        return True
    return min(known) >= SMALLEST_SIDE and (len(known) == 1 or max(known) >= SMALLEST_LONG_SIDE)


def _is_a_strip(seen: Seen) -> bool:
    long_side = max(seen.width, seen.height)
    return long_side >= SMALLEST_LONG_SIDE and long_side > LARGEST_RATIO * min(seen.width, seen.height)


def _is_taken_as_it_is(seen: Seen) -> bool:
    return (
        seen.type in TAKEN_TYPES
        and seen.mode in TAKEN_MODES
        and not seen.is_animated
        and seen.size <= LARGEST_AT_ADDRESS
        and seen.width + seen.height <= LARGEST_SUM
    )
