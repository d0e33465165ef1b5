"""/help: every command with its meaning."""

from collections.abc import Sequence

from bot.calls import Call, Reply
from bot.commands.call import Command, Context
from bot.format import notice
from bot.i18n import Phrases
from bot.shown_text import directed


def help_command(others: Sequence[Command]) -> Command:
    """Return the command that explains `others` and itself."""

    async def show_help(call: Call, context: Context) -> Reply:
        speak = context.phrases(call)
        lines = [_line(command, speak) for command in (*others, command_itself)]
        return Reply((notice("\n".join([speak.say("help_title"), "", *lines, "", speak.say("help_search")])),))

    command_itself = Command("help", show_help)
    return command_itself


def _line(command: Command, speak: Phrases) -> str:
    meaning = speak.say(f"menu_{command.name}")
    if command.usage:
        line = speak.say("help_line", command=command.name, usage=speak.say(command.usage), meaning=meaning)
    else:
        line = speak.say("help_line_short", command=command.name, meaning=meaning)
    return directed(line, right_to_left=speak.right_to_left)
