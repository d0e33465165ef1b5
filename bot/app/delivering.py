"""Puts together what sends: the channels' lanes, the readers' broadcasts and digests, the editor of posts."""

import random
import time
from contextlib import AsyncExitStack

from bot.app.chats import Chats
from bot.app.looks import Renderer
from bot.app.shared import Shared
from bot.app.web import fetcher_of
from bot.condense import canonical_link
from bot.delivery.broadcast import Broadcaster, BroadcastTools
from bot.delivery.compose import Composer
from bot.delivery.doubt import Settler
from bot.delivery.editions import Editions
from bot.delivery.edits import Editor, EditTools
from bot.delivery.lanes import Lanes
from bot.delivery.looking import Looker
from bot.delivery.strays import Strays
from bot.delivery.tools import Tools
from bot.feeds.pictures_web import PictureSource
from bot.format import burst_groups
from bot.messengers.telegram.sender import TelegramProber
from bot.ports import Broadcasts
from bot.store.broadcasts import BroadcastStore
from bot.store.digests import DigestStore

PICTURES_AT_ONCE = 8


async def composer_of(shared: Shared, renderer: Renderer, stack: AsyncExitStack) -> Composer:
    """Return who makes messages. Pictures have a fetcher of their own: posts do not wait because feeds are polled."""
    fetcher = await stack.enter_async_context(fetcher_of(shared.settings, PICTURES_AT_ONCE))
    is_pushed = shared.settings.webhook_url is not None
    pictures = await stack.enter_async_context(PictureSource(fetcher, stays_ready=is_pushed))
    return Composer(
        pictures=pictures,
        images=shared.settings.images,
        images_of=shared.feeds.images_of,
        render=renderer.article,
    )


def lanes_of(shared: Shared, chats: Chats, composer: Composer) -> Lanes:
    """Return the worker of the outbox, who looks doubtful posts up."""
    settings, outbox = shared.settings, shared.outbox
    looker = Looker(TelegramProber(shared.bot, shared.admin_chats), shared.governor, outbox)
    settler = Settler(
        outbox=outbox,
        looker=looker,
        alerts=shared.alerts,
        now=time.time,
        same_link=lambda one, other: _link_key(one) == _link_key(other),
        policy=settings.doubtful,
        wait=settings.doubt_wait,
    )
    tools = Tools(
        outbox=outbox,
        messenger=shared.messenger,
        governor=shared.governor,
        alerts=shared.alerts,
        now=time.time,
        compose=composer.compose,
        chance=random.random,
        channels=chats.ids,
        on_moved=chats.moved,
        burst_fold=settings.burst_fold,
        groups_of=burst_groups,
    )
    return Lanes(tools, settler, Strays(outbox=outbox, looker=looker, alerts=shared.alerts, link_key=_link_key))


def broadcaster_of(shared: Shared, chats: Chats, composer: Composer) -> Broadcaster:
    """Return who sends each new article to those who want it at once."""
    store = BroadcastStore(shared.database, shared.settings.timezone)
    return _broadcaster(shared, chats, store, Editions(composer.show))


def digests_of(shared: Shared, chats: Chats) -> Broadcaster:
    """Return who sends digests."""
    settings = shared.settings
    store = DigestStore(shared.database, now=time.time, zone=settings.timezone, language=settings.language)
    return _broadcaster(shared, chats, store, None)


def _broadcaster(shared: Shared, chats: Chats, store: Broadcasts, editions: Editions | None) -> Broadcaster:
    return Broadcaster(
        BroadcastTools(
            store=store,
            messenger=shared.messenger,
            governor=shared.governor,
            now=time.time,
            chance=random.random,
            editions=editions,
            on_gone=chats.on_gone,
            on_moved=chats.on_moved,
            policy=shared.settings.doubtful,
        )
    )


def editor_of(shared: Shared, renderer: Renderer) -> Editor:
    """Return who edits posts when their articles change."""
    return Editor(
        EditTools(
            outbox=shared.outbox,
            messenger=shared.messenger,
            governor=shared.governor,
            now=time.time,
            render=renderer.standing,
            window=int(shared.settings.edit_window),
        )
    )


def _link_key(link: str) -> str:
    return canonical_link(link).rstrip("/")
