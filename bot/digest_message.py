"""What a digest says: the headlines of the articles that were collected, by source, in the reader's language; pure."""

from collections.abc import Sequence

from bot.format import headlines
from bot.i18n import Phrases
from bot.models import Article, Message


def digest_messages(articles: Sequence[Article], speak: Phrases, *, left_out: int = 0) -> tuple[Message, ...]:
    """Return a digest of articles in as many messages as the limits ask for, none for no articles.

    Args:
        articles: the oldest first.
        speak: the reader's language.
        left_out: how many older ones there were.
    """
    if not articles:
        return ()
    groups: dict[str, list[Article]] = {}
    for article in articles:
        groups.setdefault(article.source, []).append(article)
    return headlines(
        sorted(groups.items(), key=lambda group: group[0].casefold()),
        title=speak.count("digest_title", len(articles)),
        ending=speak.count("digest_more", left_out) if left_out else "",
        right_to_left=speak.right_to_left,
    )
