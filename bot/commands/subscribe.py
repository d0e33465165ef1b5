"""/subscribe: each new article comes to this chat, or only those of a source, of a category or with some words."""

from bot.calls import Call, Reply
from bot.commands.call import Command, Context
from bot.commands.interests import LISTS, choices, chooser_buttons, chosen_of, dry_run, label, pressed, same
from bot.format import notice
from bot.i18n import Phrases
from bot.interest import EVERYTHING, Interest, Kind, Outcome, interest_of
from bot.models import Button


async def subscribe(call: Call, context: Context) -> Reply:
    """Subscribe this chat, in a forum this topic, to what the words after the command ask for."""
    speak = context.phrases(call)
    interest = interest_of(call.argument, await context.readers.sources())
    if interest is None:
        return Reply((notice(speak.say("subscribe_how", example=speak.say("search_example"))),))
    outcome = await add(call, context, interest)
    lines = [await _said(interest, outcome, context, speak)]
    if outcome is Outcome.ADDED and interest != EVERYTHING and await _has_everything(call, context):
        lines.append(speak.say("everything_too"))
    buttons: tuple[tuple[Button, ...], ...] = ()
    if interest == EVERYTHING and outcome is not Outcome.FULL:
        buttons = chooser_buttons(speak)
    return Reply((notice("\n".join(lines), buttons=buttons),))


async def choose(call: Call, context: Context) -> Reply:
    """Show a list to choose from; a choice that was pressed is added first, or removed if it was there."""
    speak = context.phrases(call)
    button = pressed(call.argument)
    if button is None:
        return Reply(alert=speak.say("old_button"))
    is_sources = LISTS[button.letter] is Kind.SOURCE
    names = await (context.readers.sources() if is_sources else context.readers.categories())
    alert = ""
    if button.chosen:
        interest = chosen_of(button, names)
        alert = await _toggle(call, context, interest, speak) if interest else speak.say("old_button")
    held = [one.interest for one in await context.readers.subscriptions(call.chat.id, thread_id=call.thread_id)]
    buttons = choices(names, button.letter, button.page, speak, held=held)
    return Reply(edit=notice(speak.say("choose_how"), buttons=buttons), alert=alert)


async def _toggle(call: Call, context: Context, interest: Interest, speak: Phrases) -> str:
    """Change whether an interest is subscribed to; return what the reader has to know."""
    for held in await context.readers.subscriptions(call.chat.id, thread_id=call.thread_id):
        if same(held.interest, interest):
            await context.readers.unsubscribe_from(call.chat.id, held.id, thread_id=call.thread_id)
            return ""
    outcome = await add(call, context, interest)
    return speak.say("subscriptions_full", most=context.most_subscriptions) if outcome is Outcome.FULL else ""


async def add(call: Call, context: Context, interest: Interest) -> Outcome:
    """Subscribe the place of a call to an interest."""
    await context.readers.remember_chat(call.chat, language=context.phrases(call).language)
    return await context.readers.subscribe(
        call.chat.id,
        interest,
        thread_id=call.thread_id,
        private=call.is_private,
        now=context.now,
        most=context.most_subscriptions,
    )


async def _said(interest: Interest, outcome: Outcome, context: Context, speak: Phrases) -> str:
    if outcome is Outcome.FULL:
        return speak.say("subscriptions_full", most=context.most_subscriptions)
    if interest == EVERYTHING:
        return speak.say("subscribed" if outcome is Outcome.ADDED else "subscribed_before")
    if outcome is Outcome.HAD:
        return speak.say("interest_before", interest=label(interest, speak))
    said = speak.say("interest_added", interest=label(interest, speak))
    return f"{said} {await dry_run(interest, context, speak)}"


async def _has_everything(call: Call, context: Context) -> bool:
    held = await context.readers.subscriptions(call.chat.id, thread_id=call.thread_id)
    return any(subscription.interest == EVERYTHING for subscription in held)


SUBSCRIBE = Command("subscribe", subscribe, press=choose, usage="usage_subscribe", admins_only=True)
