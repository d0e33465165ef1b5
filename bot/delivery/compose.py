"""Makes the message of a post: its text, and its picture in the highest form that can be had."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.errors import FetchError, WorkerError
from bot.format import burst_message
from bot.models import Article, Message, Post
from bot.pictures import NOT_FOR_US, Rung, first_rung, next_rung, rung_for, setting_for
from bot.ports import Pictures

logger = logging.getLogger(__name__)

LONGEST_BARE = 4000

Render = Callable[[Article, Rung, bytes | None], Message]
"""Makes an article's message, its picture on a rung; the bytes are the file for the rung that uploads it."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A message, and the rung of the ladder on which it shows its picture."""

    message: Message
    rung: Rung


def bare(articles: Sequence[Article]) -> Composed:
    """Return headlines and links alone, for articles that fail to be composed: none is lost or stands in the way."""
    lines = [line for article in articles for line in (article.headline, article.link) if line]
    return Composed(Message(html="", plain="\n".join(lines)[:LONGEST_BARE], link=articles[0].link), Rung.NONE)


class Composer:
    """Composes posts; takes some seconds where a picture has to be looked at, never long.

    Args:
        pictures: looks at them and fetches them.
        images: what IMAGES says.
        images_of: gives a feed's own `images` option by the feed's id, or None.
        render: makes an article's message.
    """

    def __init__(
        self, *, pictures: Pictures, images: str, images_of: Callable[[int], Awaitable[str | None]], render: Render
    ) -> None:
        self._pictures = pictures
        self._images = images
        self._images_of = images_of
        self._render = render

    async def compose(self, post: Post) -> Composed:
        """Return a post's message, its picture on the rung kept with the post or on the first that is possible."""
        if post.folded:
            message = burst_message(post.folded)
            return Composed(replace(message, html="") if post.plain else message, Rung.NONE)
        if post.plain:
            return Composed(replace(self._render(post.article, Rung.NONE, None), html=""), Rung.NONE)
        return await self.show(post.article, post.rung)

    async def show(self, article: Article, rung: str = "") -> Composed:
        """Return an article's message, its picture on the rung given, or on the first that is possible from there."""
        chosen = Rung(rung) if rung else await self._first(article)
        if chosen is Rung.KNOWN and not article.photo_id:
            chosen = next_rung(chosen)
        if chosen in {Rung.URL, Rung.UPLOAD, Rung.PREVIEW}:
            return await self._looked_at(article, chosen)
        return Composed(self._render(article, chosen, None), chosen)

    async def _first(self, article: Article) -> Rung:
        if not article.image:
            return Rung.NONE
        setting = setting_for(self._images, await self._images_of(article.feed_id))
        return first_rung(article, setting, fits_caption=self._fits_caption(article))

    def _fits_caption(self, article: Article) -> bool:
        """Whether a post loses nothing as the caption of its picture."""
        caption, text = (self._render(article, rung, None) for rung in (Rung.URL, Rung.NONE))
        return (caption.html, caption.plain) == (text.html, text.plain)

    async def _looked_at(self, article: Article, rung: Rung) -> Composed:
        url = article.image or ""
        try:
            rung = rung_for(rung, await self._pictures.look(url))
            upload = await self._pictures.file(url) if rung is Rung.UPLOAD else None
        except (FetchError, WorkerError) as error:
            rung, upload = _without_picture(rung, error), None
            logger.info("picture not had: article=%d rung=%s error=%s", article.id, rung, error)
        return Composed(self._render(article, rung, upload), rung)


def _without_picture(rung: Rung, error: FetchError | WorkerError) -> Rung:
    """A server that refuses this program may let Telegram have the picture: that is worth one call."""
    if rung is Rung.URL and isinstance(error, FetchError) and error.status in NOT_FOR_US:
        return Rung.URL
    return Rung.PAGE
