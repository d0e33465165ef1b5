"""Articles to share from any chat: what the words find, or the newest where there are none."""

import logging

from bot.calls import InlineCall, Offer, Offers
from bot.commands.call import Context
from bot.format import post_message
from bot.i18n import Phrases, closest, phrases
from bot.models import Article
from bot.search_query import parse_query
from bot.shown_text import host_of, one_line, shorten, usable_link

logger = logging.getLogger(__name__)

PAGE_SIZE = 20
MOST_NEWEST = 100
LONGEST_OFFSET = 4
LONGEST_TITLE = 120
LONGEST_DESCRIPTION = 160


async def offer(call: InlineCall, context: Context) -> Offers:
    """Return a page of offers; what makes no sense gets none."""
    page = _page(call.offset)
    if page is None:
        return Offers()
    try:
        articles, is_last = await _found(call.text, page, context)
    except Exception:  # the bulkhead: one query may fail, and is answered all the same
        logger.exception("inline query failed")
        return Offers()
    speak = phrases(closest(call.language_code, context.language))
    offers = tuple(_offer(article, speak, context.now) for article in articles)
    return Offers(offers, "" if is_last else str(page + 1))


async def _found(text: str, page: int, context: Context) -> tuple[tuple[Article, ...], bool]:
    query = parse_query(text)
    first = page * PAGE_SIZE
    if query.asks_for_something:
        found = await context.readers.search(query, page=page, page_size=PAGE_SIZE, now=context.now)
        return found.articles, first + PAGE_SIZE >= found.total
    if text.strip() or first >= MOST_NEWEST:
        return (), True
    newest = await context.readers.latest(first + PAGE_SIZE + 1)
    return newest[first : first + PAGE_SIZE], len(newest) <= first + PAGE_SIZE or first + PAGE_SIZE >= MOST_NEWEST


def _page(offset: str) -> int | None:
    if not offset:
        return 0
    return int(offset) if offset.isascii() and offset.isdecimal() and len(offset) <= LONGEST_OFFSET else None


def _offer(article: Article, speak: Phrases, now: int) -> Offer:
    about = " · ".join(part for part in (one_line(article.source), speak.age(now - article.published)) if part)
    return Offer(
        id=str(article.id),
        title=shorten(one_line(article.headline), LONGEST_TITLE) or host_of(article.link) or article.source,
        description=shorten(f"{about}\n{one_line(article.summary)}", LONGEST_DESCRIPTION),
        link=usable_link(article.link),
        message=post_message(article),
        image=usable_link(article.image or ""),
    )
