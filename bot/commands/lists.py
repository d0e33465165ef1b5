"""How an article stands in a list."""

from bot.format import Listed
from bot.i18n import Phrases
from bot.models import Article


def listed(article: Article, speak: Phrases, now: int, *, passage: str = "", number: int = 0, post: str = "") -> Listed:
    """Return an article with its age in the reader's language."""
    return Listed(article, speak.age(now - article.published), passage, number, post)
