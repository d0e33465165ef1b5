"""Puts together what reads the web: the fetcher, the poller around it, and the language model's client."""

import random
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bot.app.shared import Shared
from bot.config import Settings
from bot.feeds.fetch import HttpFetcher, ports_of
from bot.feeds.web import HttpWeb
from bot.filters import Filter
from bot.models import Feed
from bot.poller import Poller, PollSettings, PollTools
from bot.ports import Summariser
from bot.schedule import host_pause
from bot.store.summaries import SummaryStore

if TYPE_CHECKING:
    from bot.summarisers.openai import OpenAiModel


def fetcher_of(settings: Settings, concurrency: int) -> HttpFetcher:
    """Return a fetcher for what the settings name, with so many requests at once."""
    return HttpFetcher(
        user_agent=settings.http_user_agent,
        allowed_networks=settings.allowed_networks,
        allowed_ports=ports_of(feed.url for feed in settings.feeds),
        concurrency=concurrency,
        pause=host_pause(settings.poll_interval),
        proxy=settings.http_proxy_url,
    )


def model_of(settings: Settings) -> "OpenAiModel":
    """Return the language model that the settings name; few have one, so it is loaded for them alone."""
    from bot.summarisers.openai import OpenAiModel  # noqa: PLC0415

    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
    return OpenAiModel(settings.llm_api_url or "", settings.llm_model or "", key, proxy=settings.http_proxy_url)


def poller_of(
    shared: Shared,
    web: HttpWeb,
    summariser: Summariser | None,
    *,
    channels_of: Callable[[Feed], list[int]],
    on_articles: Callable[[], None],
    on_hub: Callable[[], None],
) -> Poller:
    """Return the poller as the settings want it; it tells of new articles and of a feed's hub by calls."""
    settings = shared.settings
    tools = PollTools(
        feeds=shared.feeds,
        web=web,
        alerts=shared.alerts,
        now=time.time,
        chance=random.random,
        channels_of=channels_of,
        on_articles=on_articles,
        summariser=summariser,
        on_hub=on_hub,
    )
    return Poller(
        tools,
        PollSettings(
            interval=settings.poll_interval,
            backfill=settings.backfill,
            concurrency=settings.poll_concurrency,
            edit_window=int(settings.edit_window),
            images=settings.images,
            filter=Filter(settings.include, settings.exclude),
            story_window=settings.story_window if settings.story_merge else 0,
            catch_up=int(settings.catch_up) if settings.catch_up else None,
        ),
    )


async def summariser_of(shared: Shared, stack: AsyncExitStack) -> Summariser | None:
    """Return who writes summaries with a language model, None where sentences of the articles are wanted."""
    settings = shared.settings
    if settings.summariser != "llm":
        return None
    from bot.summarisers.model import ModelSettings, ModelSummariser  # noqa: PLC0415 - as above
    from bot.summary_check import Wish  # noqa: PLC0415

    model = await stack.enter_async_context(model_of(settings))
    chosen = ModelSettings(
        model=settings.llm_model or "",
        wish=Wish(settings.summary_length, settings.summary_language or ""),
        daily_budget=settings.llm_daily_budget,
        timeout=settings.llm_timeout,
    )
    return ModelSummariser(model.ask, SummaryStore(shared.database), chosen, now=time.time)
