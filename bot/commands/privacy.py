"""/privacy and /forget: what is kept about a reader, and the end of it."""

from bot.calls import Call, Reply
from bot.commands.call import Command, Context
from bot.format import notice


async def privacy(call: Call, context: Context) -> Reply:
    """Say what is stored."""
    return Reply((notice(context.phrases(call).say("privacy")),))


async def forget(call: Call, context: Context) -> Reply:
    """Delete everything about the reader who asks, wherever they ask, and say so."""
    if call.user_id:
        await context.readers.forget(call.user_id)
    return Reply((notice(context.phrases(call).say("forgotten")),))


PRIVACY = Command("privacy", privacy)
FORGET = Command("forget", forget)
