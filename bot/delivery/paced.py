"""A messenger whose every call waits for its turn with the governor."""

from bot.errors import SendLater
from bot.governor import Governor, Priority
from bot.models import Message
from bot.ports import ChatInfo, Messenger, Sent


class PacedMessenger:
    """Sends answers: before everything else, yet under the same limits (`ports.Messenger`)."""

    def __init__(self, messenger: Messenger, governor: Governor) -> None:
        self._messenger = messenger
        self._governor = governor

    async def send(self, chat_id: int, message: Message, *, thread_id: int = 0) -> Sent:
        """Send when it is this message's turn; a 429 closes the chat for everybody."""
        async with self._governor.turn(chat_id, Priority.ANSWER):
            try:
                return await self._messenger.send(chat_id, message, thread_id=thread_id)
            except SendLater as error:
                await self._governor.refused(chat_id, error.retry_after)
                raise

    async def edit(self, chat_id: int, message_id: int, message: Message, *, form: str = "text") -> None:
        """Edit when it is this message's turn."""
        async with self._governor.turn(chat_id, Priority.ANSWER):
            try:
                await self._messenger.edit(chat_id, message_id, message, form=form)
            except SendLater as error:
                await self._governor.refused(chat_id, error.retry_after)
                raise

    async def resolve(self, name: str) -> ChatInfo:
        """Look a chat up; nothing is sent, so nobody waits."""
        return await self._messenger.resolve(name)
