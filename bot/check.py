"""Tries the configuration out for real: token, channels and rights, admins, database, and each feed."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from bot.app import model_of
from bot.config import Settings
from bot.errors import (
    AnswerRefused,
    ChatGone,
    FetchError,
    ModelError,
    SendError,
    StoreUnavailable,
    TidingsError,
    TokenRefused,
    WorkerError,
)
from bot.feeds.discover import find_feed
from bot.feeds.document import ParsedFeed
from bot.feeds.fetch import HttpFetcher, ports_of
from bot.feeds.parse import read_document
from bot.i18n import LANGUAGES
from bot.messengers.telegram.rights import Inspector, inspector
from bot.models import Condensed, FeedSource
from bot.store.open import open_database
from bot.store.trial import try_out
from bot.summary_check import Wish, prompt, read_answer
from bot.workers import Workers

MONTH = 30 * 86_400
SAMPLE = Condensed(
    headline="Town library stays open on Sundays",
    summary="",
    link="",
    text="The town library will stay open on Sundays until the end of March, the council decided on Tuesday. Since"
    " the trial began in October, 4,200 readers have come on a Sunday, about half of them with children.\n\nThe council"
    " pays 18,000 crowns for the longer hours. The librarian, Marta Lind, said that the reading room had never been so"
    " full. In April the council will decide whether the library stays open for good.",
    language="en",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried: whether it works, and if not what to do about it."""

    fine: bool
    subject: str
    said: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.fine else 'FAIL'}  {self.subject}: {self.said}"


async def findings(settings: Settings) -> AsyncIterator[Finding]:
    """Try everything, and tell each finding as soon as it is known."""
    async for finding in _telegram(settings):
        yield finding
    yield _language(settings.language)
    yield await _database(settings.database_url)
    if settings.summariser == "llm":
        yield await _model(settings)
    async for finding in _feeds(settings):
        yield finding


async def _telegram(settings: Settings) -> AsyncIterator[Finding]:
    token = settings.telegram_bot_token.get_secret_value() if settings.telegram_bot_token else ""
    try:
        async with inspector(token, settings.telegram_api_url, settings.http_proxy_url) as connected:
            yield Finding(True, "token", f"Telegram knows it, the bot is {connected.name}")
            for channel in settings.channels:
                yield await _channel(connected, channel)
            async for finding in _admins(connected, settings):
                yield finding
            if settings.telegram_channel:
                yield await _looking_up(connected, settings, settings.telegram_channel)
    except TokenRefused:
        yield Finding(False, "token", "Telegram does not know it; copy it again from @BotFather (/mybots, API Token)")
    except SendError as error:
        yield Finding(False, "token", f"no answer from {settings.telegram_api_url} ({error}); is the network up?")


async def _channel(connected: Inspector, channel: str) -> Finding:
    subject = f"channel {channel}"
    try:
        standing = await connected.standing(channel)
    except SendError as error:
        return Finding(False, subject, f"{_sentence(error)}; is the name right, and is {connected.name} a member?")
    if not standing.may_post:
        advice = f"make {connected.name} an administrator there who may post messages"
        return Finding(False, subject, f"'{standing.title}' is there, but the bot may not post; {advice}")
    return Finding(True, subject, f"the bot may post in '{standing.title}' ({standing.kind} {standing.id})")


async def _admins(connected: Inspector, settings: Settings) -> AsyncIterator[Finding]:
    if settings.alert_chat is None:
        yield Finding(True, "admins", "none (ADMIN_IDS); nobody will be told when something goes wrong")
    chats = dict.fromkeys([*([settings.log_chat_id] if settings.log_chat_id else []), *map(str, settings.admin_ids)])
    for chat in chats:
        subject = f"{'log chat' if chat == settings.log_chat_id else 'admin'} {chat}"
        try:
            standing = await connected.standing(chat)
        except ChatGone:
            advice = f"they must open {connected.name} and press Start, or the bot be added there"
            yield Finding(False, subject, f"the bot cannot write to them; {advice}")
        except SendError as error:
            yield Finding(False, subject, f"the bot cannot look them up ({error})")
        else:
            said = "gets alerts" if standing.may_post else "the bot may not write there; give it the right to post"
            yield Finding(standing.may_post, subject, said)


async def _looking_up(connected: Inspector, settings: Settings, channel: str) -> Finding:
    subject, through = "doubtful posts", settings.alert_chat
    if through is None:
        obstacle = "it takes a chat of the admins: LOG_CHAT_ID or ADMIN_IDS"
    else:
        obstacle = await connected.obstacle_to_looking_up(channel, through)
    if not obstacle:
        return Finding(True, subject, f"can be looked up in {channel}, through {through}")
    advice = "a post that may have arrived without an answer is sent again or skipped, as DOUBTFUL says"
    wanted = "" if settings.doubtful else "; set it to say which"
    return Finding(through is None or not wanted, subject, f"cannot be looked up ({obstacle}); {advice}{wanted}")


def _language(language: str) -> Finding:
    if language.partition("-")[0] in LANGUAGES:
        return Finding(True, "language", language)
    return Finding(False, "language", f"there are no texts in '{language}'; LANGUAGE may be {' or '.join(LANGUAGES)}")


async def _database(url: str) -> Finding:
    kind = "PostgreSQL" if url.startswith("postgres") else url.removeprefix("sqlite:///")
    try:
        database = await open_database(url)
        try:
            articles = await try_out(database)
        finally:
            await database.close()
    except StoreUnavailable as error:
        return Finding(
            False, "database", f"{_sentence(error)}; look at DATABASE_URL, the folder's rights, the space left"
        )
    except TidingsError as error:
        return Finding(False, "database", str(error))
    return Finding(True, "database", f"{kind} can be written and read; {articles} articles in it")


async def _model(settings: Settings) -> Finding:
    """One question with a short article of ours; its answer has to pass the same checks as any."""
    subject = f"language model {settings.llm_model}"
    wish = Wish(settings.summary_length, settings.summary_language or "")
    asked, began = prompt(SAMPLE, wish), time.monotonic()
    try:
        async with model_of(settings) as model:
            answer = await model.ask(asked, settings.llm_timeout)
        read_answer(answer, SAMPLE, wish, asked)
    except AnswerRefused as error:
        return Finding(False, subject, f"it answers, but {error}; try another model, articles keep their own sentences")
    except ModelError as error:
        advice = "look at LLM_API_URL, LLM_API_KEY, LLM_MODEL and LLM_TIMEOUT"
        return Finding(False, subject, f"{_sentence(error)}; {advice}")
    return Finding(True, subject, f"its summary of a trial article passes, after {time.monotonic() - began:.1f} s")


async def _feeds(settings: Settings) -> AsyncIterator[Finding]:
    if not settings.feeds:
        yield Finding(False, "feeds", "FEEDS names none; `tidings run` needs at least one")
    async with (
        HttpFetcher(
            user_agent=settings.http_user_agent,
            allowed_networks=settings.allowed_networks,
            allowed_ports=ports_of(feed.url for feed in settings.feeds),
            concurrency=settings.poll_concurrency,
            proxy=settings.http_proxy_url,
        ) as fetcher,
        Workers() as workers,
    ):
        trials = [asyncio.create_task(_feed(fetcher, workers, feed)) for feed in settings.feeds]
        for trial in trials:
            yield await trial


async def _feed(fetcher: HttpFetcher, workers: Workers, feed: FeedSource) -> Finding:
    async def read(body: bytes, url: str, content_type: str) -> ParsedFeed:
        return await workers.run(read_document, body, url, content_type)

    subject = f"feed {feed.url}"
    try:
        found = await find_feed(fetcher.fetch, read, feed.url)
    except (FetchError, WorkerError) as error:
        return Finding(False, subject, f"{_sentence(error)}; open it in a browser, correct it or take it out of FEEDS")
    dates = [entry.published for entry in found.parsed.entries if entry.published is not None]
    return Finding(True, subject, f"'{found.parsed.title}', {len(found.parsed.entries)} entries{_newest(dates)}")


def _newest(dates: Sequence[int]) -> str:
    if not dates:
        return ", without dates"
    newest = max(dates)
    asleep = "; nothing new for a month, does it still live?" if newest < time.time() - MONTH else ""
    return f", the newest of {time.strftime('%Y-%m-%d %H:%M', time.gmtime(newest))} UTC{asleep}"


def _sentence(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__
