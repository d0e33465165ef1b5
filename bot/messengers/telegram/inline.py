"""Answers inline queries: what a reader types after the bot's name in any chat."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from telegram import InlineQuery, InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.calls import InlineCall, Offer, Offers

logger = logging.getLogger(__name__)

CACHED_SECONDS = 60

Offering = Callable[[InlineCall], Awaitable[Offers]]


async def answer_inline(query: InlineQuery, offering: Offering) -> None:
    """Answer a query with what there is to share; it is always answered, at worst with nothing."""
    user = query.from_user
    try:
        offers = await offering(InlineCall(query.query, query.offset, user.id, user.language_code or ""))
    except Exception:  # the bulkhead: one query may fail, and is answered all the same
        logger.exception("inline query failed")
        offers = Offers()
    try:
        await _answer(query, offers)
    except TelegramError as error:
        logger.info("inline query not answered: error=%s", error)  # mostly, the reader has typed on meanwhile
        if isinstance(error, BadRequest):
            with suppress(TelegramError):
                await _answer(query, Offers())


async def _answer(query: InlineQuery, offers: Offers) -> None:
    # Ages are told in the reader's language, so an answer is theirs alone.
    await query.answer(
        [_result(offer) for offer in offers.offers],
        cache_time=CACHED_SECONDS,
        is_personal=True,
        next_offset=offers.next_offset,
    )


def _result(offer: Offer) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        id=offer.id,
        title=offer.title,
        description=offer.description,
        url=offer.link or None,
        thumbnail_url=offer.image or None,
        input_message_content=InputTextMessageContent(
            offer.message.html, ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
        ),
    )
