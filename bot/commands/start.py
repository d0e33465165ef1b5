"""/start: the first words, and back to work for a chat that had been paused."""

from bot.calls import Call, Reply
from bot.commands.call import Command, Context
from bot.commands.saved import DEEP_LINK, save_from_link
from bot.format import notice
from bot.shown_text import isolated


async def start(call: Call, context: Context) -> Reply:
    """Greet, and say whether articles come here."""
    if call.argument.startswith(DEEP_LINK):
        return await save_from_link(call, context)
    speak = context.phrases(call)
    await context.readers.remember_chat(call.chat, language=speak.language)
    await context.readers.reopen(call.chat.id)
    subscribed = await context.readers.is_subscribed(call.chat.id, thread_id=call.thread_id)
    welcome = speak.say("welcome")
    if context.channel.startswith("@"):
        channel = isolated(context.channel, right_to_left=speak.right_to_left)
        welcome = speak.say("welcome_channel", channel=channel)
    follow = speak.say("already_here" if subscribed else "start_here")
    return Reply((notice(f"{welcome}\n\n{follow}"),))


START = Command("start", start)
