"""All commands, and which of them answers a call."""

import logging
from dataclasses import replace

from bot.calls import Call, Reply
from bot.commands.call import Command, Context
from bot.commands.help import help_command
from bot.commands.latest import LATEST
from bot.commands.privacy import FORGET, PRIVACY
from bot.commands.saved import SAVED
from bot.commands.search import SEARCH
from bot.commands.settings import SETTINGS
from bot.commands.start import START
from bot.commands.status import STATUS
from bot.commands.subscribe import SUBSCRIBE
from bot.commands.subscriptions import SUBSCRIPTIONS
from bot.commands.unsubscribe import UNSUBSCRIBE
from bot.errors import StoreUnavailable
from bot.format import notice
from bot.i18n import phrases
from bot.patience import Verdict
from bot.shown_text import one_line, shorten

logger = logging.getLogger(__name__)

_OTHERS = (LATEST, SEARCH, SAVED, SUBSCRIBE, SUBSCRIPTIONS, UNSUBSCRIBE, SETTINGS, PRIVACY, FORGET, START)
COMMANDS: tuple[Command, ...] = (*_OTHERS, help_command(_OTHERS))
BY_NAME = {command.name: command for command in (*COMMANDS, STATUS)}
LONGEST_NAME = 32


async def answer(call: Call, context: Context) -> Reply:
    """Answer any call; what is no command of ours gets a line that helps, in groups only if we were meant."""
    try:
        return await _answer(call, context)
    except StoreUnavailable as error:
        logger.error("command not carried out: command=%r error=%s", _ours(call.name), error)
    except Exception:  # the bulkhead: one command may fail, and its reader is told so
        logger.exception("command failed: command=%r", _ours(call.name))
    sorry = context.phrases(call).say("something_failed")
    return Reply(alert=sorry) if call.pressed else Reply((notice(sorry),))


def _ours(name: str) -> str:
    """Return a command's name for the log; what a reader typed beside that may be anything, and is not written down."""
    return name if name in BY_NAME else ""


def menu(language: str) -> tuple[tuple[str, str], ...]:
    """Return the commands with their descriptions, for the messenger's own menu."""
    speak = phrases(language)
    return tuple((command.name, speak.say(f"menu_{command.name}")) for command in COMMANDS)


async def _answer(call: Call, context: Context) -> Reply:
    command = BY_NAME.get(call.name)
    if command is not None and command.owners_only and call.user_id not in context.owners:
        command = None
    is_meant = call.pressed or command is not None or call.addressed or call.is_private
    if not is_meant:
        return Reply()
    verdict = _judge(call, context)
    if verdict is not Verdict.ANSWER:
        return _slow_down(call, context) if verdict is Verdict.SLOW_DOWN else Reply()
    call = await _in_chosen_language(call, context)
    if call.pressed:
        return await _press(command, call, context)
    if command is None:
        return _not_understood(call, context)
    if await _is_forbidden(command, call, context):
        return Reply((notice(context.phrases(call).say("admins_only")),))
    return await command.run(call, context)


def _judge(call: Call, context: Context) -> Verdict:
    reader = call.user_id or call.chat.id  # whoever writes in the name of a chat is that chat
    if call.is_private:
        return context.patience.judge(reader, context.clock())
    return context.patience_in_groups.judge((call.chat.id, reader), context.clock())


async def _in_chosen_language(call: Call, context: Context) -> Call:
    chosen = await context.readers.chosen_language(call.user_id) if call.user_id else ""
    return replace(call, language_code=chosen, telegram_language=call.language_code) if chosen else call


def _slow_down(call: Call, context: Context) -> Reply:
    said = context.phrases(call).say("slow_down")
    return Reply(alert=said) if call.pressed else Reply((notice(said),), at_once=True)


async def _press(command: Command | None, call: Call, context: Context) -> Reply:
    # Button data comes from outside: it may be of an older program, or made up.
    if command is None or command.press is None:
        return Reply(alert=context.phrases(call).say("old_button"))
    if await _is_forbidden(command, call, context):
        return Reply(alert=context.phrases(call).say("admins_only"))
    return await command.press(call, context)


async def _is_forbidden(command: Command, call: Call, context: Context) -> bool:
    if not command.admins_only or call.is_private or call.is_chat_admin:
        return False
    return not call.user_id or not await context.is_admin(call.chat.id, call.user_id)


def _not_understood(call: Call, context: Context) -> Reply:
    speak = context.phrases(call)
    if call.name:
        return Reply((notice(speak.say("unknown_command", command=shorten(one_line(call.name), LONGEST_NAME))),))
    return Reply((notice(speak.say("not_a_command", example=speak.say("search_example"))),))
