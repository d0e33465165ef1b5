"""/unsubscribe: no more articles come to this chat, or none of one subscription."""

from bot.calls import Call, Reply
from bot.commands.call import Command, Context
from bot.commands.interests import label, same
from bot.format import notice
from bot.interest import EVERYTHING, interest_of


async def unsubscribe(call: Call, context: Context) -> Reply:
    """End all subscriptions of this chat, in a forum of this topic, or the one that is named."""
    speak = context.phrases(call)
    if not call.argument:
        had_some = await context.readers.unsubscribe(call.chat.id, thread_id=call.thread_id)
        return Reply((notice(speak.say("unsubscribed" if had_some else "not_subscribed")),))
    wanted = interest_of(call.argument, await context.readers.sources())
    for held in await context.readers.subscriptions(call.chat.id, thread_id=call.thread_id):
        named = label(held.interest, speak)
        is_meant = wanted is not None and wanted != EVERYTHING and same(held.interest, wanted)
        if is_meant or named.casefold() == call.argument.casefold():
            await context.readers.unsubscribe_from(call.chat.id, held.id, thread_id=call.thread_id)
            return Reply((notice(speak.say("interest_removed", interest=named)),))
    return Reply((notice(speak.say("no_such_interest")),))


UNSUBSCRIBE = Command("unsubscribe", unsubscribe, usage="usage_unsubscribe", admins_only=True)
