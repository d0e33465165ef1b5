"""Whether a message that stands in a chat is the post of an article; pure."""

from collections.abc import Callable
from urllib.parse import urlsplit

from bot.models import Article, Stray
from bot.ports import Probed

COMPARED_CHARACTERS = 300
HEADLINE_CHARACTERS = 60


def is_post_of(probed: Probed, article: Article, same_link: Callable[[str, str], bool]) -> bool:
    """Say whether a message is an article's post, by its link; by the headline where there is no link to go by."""
    if any(same_link(link, article.link) for link in probed.links):
        return True
    if article.link and article.link in probed.text.split():
        return True
    return not becomes_a_link(article.link) and _holds_headline(probed.text, article)


def is_stray_of(stray: Stray, article: Article) -> bool:
    """Say whether a message with an article's link, or without any, is its post.

    A link alone may be somebody else's word about the article; our post has its headline in the first line, and
    perhaps words of POST_TEMPLATE before it.
    """
    return _holds_headline(stray.headline, article)


def becomes_a_link(link: str) -> bool:
    """Say whether Telegram makes a link of an address: it does not where the host has no dot, as on an intranet."""
    try:
        return "." in (urlsplit(link).hostname or "")
    except ValueError:
        return False


def first_line(text: str) -> str:
    """Return the beginning of a message, as far as it is compared."""
    return text.strip().split("\n", 1)[0][:COMPARED_CHARACTERS]


def _holds_headline(text: str, article: Article) -> bool:
    headline = first_line(article.headline)[:HEADLINE_CHARACTERS]
    return bool(headline) and headline in text
