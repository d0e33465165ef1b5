"""What readers can ask for: a registry, and a file a command."""

from bot.calls import Call, Reply
from bot.commands.call import Command, Context, Readers
from bot.commands.inline import offer
from bot.commands.registry import COMMANDS, answer, menu

__all__ = ["COMMANDS", "Call", "Command", "Context", "Readers", "Reply", "answer", "menu", "offer"]
