"""/subscriptions: what this chat is subscribed to, with a button to end each."""

from bot.calls import Call, Reply
from bot.commands.call import Command, Context
from bot.commands.interests import LONGEST_BUTTON, chooser_buttons, label
from bot.format import notice
from bot.models import Button, Message
from bot.shown_text import directed

MOST_BUTTONS = 90  # Telegram takes a hundred under a message; /unsubscribe ends the others


async def subscriptions(call: Call, context: Context) -> Reply:
    """List the subscriptions of this chat, in a forum of this topic."""
    return Reply((await _list(call, context),))


async def remove(call: Call, context: Context) -> Reply:
    """End the subscription whose button was pressed, if it is one of this place, and show what is left."""
    number = call.argument
    is_a_number = number.isascii() and number.isdecimal() and len(number) <= len(str(2**62))
    if not is_a_number or not await context.readers.unsubscribe_from(
        call.chat.id, int(number), thread_id=call.thread_id
    ):
        return Reply(edit=await _list(call, context), alert=context.phrases(call).say("old_button_here"))
    return Reply(edit=await _list(call, context))


async def _list(call: Call, context: Context) -> Message:
    speak = context.phrases(call)
    held = await context.readers.subscriptions(call.chat.id, thread_id=call.thread_id)
    if not held:
        return notice(speak.say("not_subscribed"))
    names = (f"• {label(one.interest, speak)}" for one in held)
    lines = [speak.say("subscriptions_title"), *(directed(name, right_to_left=speak.right_to_left) for name in names)]
    rows = [
        (Button(f"✕ {label(one.interest, speak, LONGEST_BUTTON)}", f"subscriptions:{one.id}"),)
        for one in held[:MOST_BUTTONS]
    ]
    return notice("\n".join(lines), buttons=(*rows, *chooser_buttons(speak)))


SUBSCRIPTIONS = Command("subscriptions", subscriptions, press=remove, admins_only=True)
