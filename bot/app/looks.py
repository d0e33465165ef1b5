"""How an article looks as a post of this bot: the template, and the words around it in the channel's language."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.config import Settings
from bot.format import burst_message, post_message, save_link
from bot.i18n import closest, phrases
from bot.models import Article, Message, Post
from bot.pictures import Rung, standing_rung
from bot.post_text import STANDARD, Look, minutes_to_read


class Renderer:
    """Makes the messages that show articles in channels.

    Args:
        bot_name: gives the bot's username, which is known once it is connected.
    """

    def __init__(self, settings: Settings, bot_name: Callable[[], str]) -> None:
        self._settings = settings
        self._bot_name = bot_name

    def standing(self, post: Post) -> Message:
        """Return what a sent post says now, in the form in which it stands."""
        if post.folded:
            return burst_message(post.folded, ending=self._corrected(max(map(_updated_at, post.folded))))
        return self.article(post.article, standing_rung(post))

    def article(self, article: Article, rung: Rung, upload: bytes | None = None) -> Message:
        """Return the message of an article, with its picture as `rung` says."""
        marks, look = self._marks(article), look_of(self._settings, article)
        message = post_message(article, rung=rung, upload=upload, updated=marks, look=look)
        return replace(message, buttons=save_link(self._bot_name(), article.id))

    def _marks(self, article: Article) -> str:
        """Name the other sources of a story, and the time of its correction."""
        speak = phrases(closest(self._settings.language))
        marks = [speak.say("post_also", sources=", ".join(article.also))] if article.also else []
        return " · ".join([*marks, *filter(None, [self._corrected(_updated_at(article))])])

    def _corrected(self, updated_at: int) -> str:
        """Say when a post was corrected, '' for 0: it was not."""
        if not updated_at:
            return ""
        zone = self._settings.timezone
        when, now = (datetime.fromtimestamp(second, zone) for second in (updated_at, time.time()))
        speak = phrases(closest(self._settings.language))
        return speak.say("post_updated", time=speak.moment(when, now))


def _updated_at(article: Article) -> int:
    return article.updated_at or 0


def look_of(settings: Settings, article: Article) -> Look:
    """Return how an article's post looks: the template, and what stands in it in the channel's language."""
    speak = phrases(closest(settings.language))
    minutes = minutes_to_read(article)
    when = datetime.fromtimestamp(article.published, settings.timezone)
    return Look(
        template=settings.post_template or STANDARD,
        reading_time=speak.count("reading_time", minutes) if minutes else "",
        date=speak.day(when) if article.published else "",
    )
