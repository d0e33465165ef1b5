"""How an article stands in a list, and the words it was asked for with."""

from bot.format import Listed
from bot.i18n import Phrases
from bot.models import Article
from bot.shown_text import isolated, one_line, shorten

LONGEST_SHOWN = 60


def listed(article: Article, speak: Phrases, now: int, *, passage: str = "", number: int = 0, post: str = "") -> Listed:
    """Return an article with its age in the reader's language."""
    return Listed(article, speak.age(now - article.published), passage, number, post)


def as_typed(text: str, speak: Phrases) -> str:
    """Return what a reader typed as it may stand in an answer: short, in one line, apart from the words around it."""
    return isolated(shorten(one_line(text), LONGEST_SHOWN), right_to_left=speak.right_to_left)
