"""The terminal as a messenger: posts and answers are printed, lines that are typed are a reader's commands.

A button is shown with a number in square brackets, and pressed by typing the number.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from itertools import count
from typing import TextIO

from bot.calls import Call, Reply
from bot.errors import SendRefused
from bot.models import Button, Message
from bot.ports import ChatInfo, Sent

READER = ChatInfo(1, "private")
RULE = "─" * 60

Write = Callable[[str], None]


class ConsoleMessenger:
    """The `Messenger` of a terminal.

    Args:
        write: shows a text and ends the line.
        titles: names of chats by id, shown above what is sent to them; what goes to other chats stands alone.
    """

    def __init__(self, write: Write, titles: Mapping[int, str] | None = None) -> None:
        self._write = write
        self._titles = dict(titles or {})
        self._numbers = count(1)
        self._buttons: list[Button] = []

    async def send(self, chat_id: int, message: Message, *, thread_id: int = 0) -> Sent:
        """Print a message."""
        del thread_id  # a terminal has no topics
        title = self._titles.get(chat_id)
        self._write(f"── {title} {RULE}"[: len(RULE)] if title else RULE)
        self._print(message)
        return Sent(next(self._numbers))

    async def edit(self, chat_id: int, message_id: int, message: Message, *, form: str = "text") -> None:
        """Print what a message says now: what stands in a terminal cannot be taken back."""
        del chat_id, message_id, form
        self._write(RULE)
        self._print(message)

    async def resolve(self, name: str) -> ChatInfo:
        """Return the chat with this title."""
        for chat_id, title in self._titles.items():
            if title == name:
                return ChatInfo(chat_id, "channel", title)
        raise SendRefused(f"there is no chat {name}")

    def button(self, number: str) -> Button | None:
        """Return the button that was last shown with this number."""
        position = int(number) - 1 if number.isdecimal() and len(number) <= len("99") else -1
        return self._buttons[position] if 0 <= position < len(self._buttons) else None

    def _print(self, message: Message) -> None:
        self._write(message.plain)
        buttons = [button for row in message.buttons for button in row]
        if buttons:
            self._buttons = buttons
            self._write("   ".join(f"[{number}] {_label(button)}" for number, button in enumerate(buttons, 1)))


async def converse(
    messenger: ConsoleMessenger,
    answer: Callable[[Call], Awaitable[Reply]],
    lines: AsyncIterator[str],
    *,
    write: Write,
    language_code: str = "",
) -> None:
    """Answer each line as a reader's command or press of a button, until there are no more."""
    async for line in lines:
        text = line.strip()
        if not text:
            continue
        reply = await answer(_call(messenger, text, language_code))
        if reply.alert or reply.toast:
            write(f"({reply.alert or reply.toast})")
        for message in ((reply.edit,) if reply.edit else ()) + reply.messages:
            await messenger.send(READER.id, message)


def _call(messenger: ConsoleMessenger, text: str, language_code: str) -> Call:
    button = messenger.button(text)
    if button is not None and button.data:
        name, _, argument = button.data.partition(":")
        return Call(READER, name, argument, user_id=READER.id, language_code=language_code, pressed=True)
    if not text.startswith("/"):
        return Call(READER, argument=text, user_id=READER.id, language_code=language_code)
    name, _, argument = text[1:].partition(" ")
    return Call(READER, name.lower(), argument.strip(), user_id=READER.id, language_code=language_code)


def _label(button: Button) -> str:
    return f"{button.text}: {button.url}" if button.url else button.text


async def lines_of(stream: TextIO) -> AsyncIterator[str]:
    """Yield the lines of a terminal, pipe or file as they come, until its end.

    They are read in a thread of its own, which does not keep the program from ending while it waits for a line.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        with suppress(RuntimeError):  # the loop has ended while a line was awaited
            for line in stream:
                loop.call_soon_threadsafe(queue.put_nowait, line)
            loop.call_soon_threadsafe(queue.put_nowait, "")

    threading.Thread(target=read, name="console", daemon=True).start()
    while line := await queue.get():
        yield line
