"""Puts together what answers readers: the commands, what they may ask, and the receiver of Telegram's updates."""

import time
from dataclasses import replace

from bot.app.chats import Chats
from bot.app.shared import Shared
from bot.calls import InlineCall, Offers
from bot.commands import Call, Context, Reply, answer, menu, offer
from bot.delivery.paced import PacedMessenger
from bot.i18n import LANGUAGES, closest, phrases
from bot.messengers.telegram.handler import Hooks
from bot.messengers.telegram.introduction import Introduction
from bot.messengers.telegram.receiver import Receiver
from bot.messengers.telegram.rights import GroupAdmins
from bot.models import QueueStatus
from bot.patience import Patience
from bot.serving import webhook_of
from bot.store.status import StatusStore


def receiver_of(shared: Shared, chats: Chats) -> Receiver:
    """Return who takes updates and answers them, by polling or by webhook as the settings say."""
    context = _context_of(shared)

    async def reply(call: Call) -> Reply:
        return await answer(call, context)

    async def find_offers(call: InlineCall) -> Offers:
        return await offer(call, context)

    return Receiver(
        shared.bot,
        answer=reply,
        messenger=PacedMessenger(shared.messenger, shared.governor),
        hooks=Hooks(
            on_membership=chats.on_membership,
            on_gone=chats.on_gone,
            on_moved=chats.on_moved,
            on_message=shared.outbox.saw_message,
        ),
        offering=find_offers,
        introductions=introductions(closest(shared.settings.language)),
        webhook=webhook_of(shared.settings),
    )


def _context_of(shared: Shared) -> Context:
    settings, store = shared.settings, StatusStore(shared.database)

    async def status() -> QueueStatus:
        found = await store.status(int(time.time()))
        return replace(found, sent_last_minute=max(found.sent_last_minute, shared.governor.sent_within(60)))

    return Context(
        readers=shared.readers,
        clock=time.time,
        language=settings.language,
        channel=settings.telegram_channel or "",
        most_subscriptions=settings.subscription_limit,
        owners=frozenset(settings.admin_ids),
        is_admin=GroupAdmins(shared.bot).has,
        zone=settings.timezone,
        patience=Patience(rate=settings.private_rate),
        status=status,
        rates=shared.rates,
    )


def introductions(usual: str) -> dict[str, Introduction]:
    """Return how the bot presents itself in each language; first in that of readers whose own we do not speak."""
    languages = sorted(LANGUAGES, key=lambda language: language != usual)
    return {
        language: Introduction(menu(language), speak.say("welcome"), speak.say("short_description"))
        for language, speak in ((language, phrases(language)) for language in languages)
    }
