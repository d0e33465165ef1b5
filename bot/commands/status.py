"""/status, for the admins of the bot alone: what waits, how fast it goes, when it will be done, which feeds fail."""

from bot.calls import Call, Reply
from bot.commands.call import Command, Context
from bot.format import notice
from bot.i18n import Phrases
from bot.models import QueueStatus
from bot.shown_text import one_line, shorten

LONGEST_ERROR = 120
LONGEST_ADDRESS = 80


async def status(call: Call, context: Context) -> Reply:
    """Tell how the queue and the feeds stand."""
    speak = context.phrases(call)
    if context.status is None:
        return Reply((notice(speak.say("unknown_command", command="status")),))
    found = await context.status()
    lines = [*_queue(found, context, speak), "", *_feeds(found, speak)]
    return Reply((notice("\n".join(lines)),))


def _queue(found: QueueStatus, context: Context, speak: Phrases) -> list[str]:
    waiting = sum(found.waiting_by_chat.values())
    lines = [
        speak.count("status_waiting", waiting),
        speak.count("status_rate", found.sent_last_minute),
    ]
    if found.oldest_found_at is not None:
        lines.insert(1, speak.say("status_oldest", age=speak.age(context.now - found.oldest_found_at)))
    if waiting:
        longest = max(
            found.closed_for.get(chat, 0) + count / context.rates.chat * 60
            for chat, count in found.waiting_by_chat.items()
        )
        lines.append(speak.say("status_end", time=speak.span(int(longest))))
    if found.broadcasts:
        seconds = int(found.recipients_left / context.rates.overall)
        lines.append(speak.count("status_broadcasts", found.recipients_left, time=speak.span(seconds)))
    if found.failed:
        lines.append(speak.count("status_failed", found.failed))
    return lines


def _feeds(found: QueueStatus, speak: Phrases) -> list[str]:
    lines = [speak.count("status_feeds", found.feeds)]
    lines += [
        f"✗ {shorten(one_line(url), LONGEST_ADDRESS)}: {shorten(one_line(error), LONGEST_ERROR)}"
        for url, error in found.failing_feeds
    ]
    return lines


STATUS = Command("status", status, owners_only=True)
