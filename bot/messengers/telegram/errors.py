"""Turns python-telegram-bot's exceptions into ours, each named after what the caller should do.

What proves that nothing was sent: a connection that was refused, was never made or was not to be had. Everything
else without a verdict of the server (a time-out after the request went out, a lost connection, 5xx, an answer that
is no JSON, with whatever status) leaves it open. Wordings: the Bot API server's source (tdlib/telegram-bot-api,
Client.cpp).
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.errors import (
    ChatClosed,
    ChatGone,
    ChatMoved,
    Doubtful,
    MarkupRefused,
    NotSent,
    PictureRefused,
    SendLater,
    SendRefused,
    TidingsError,
    TokenInUse,
    TokenRefused,
)

NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
LIMIT_WITHOUT_A_TIME = 5.0
LONGEST_WORDING = 200

# A server or a proxy that does not take so large a request has not looked into it: only a picture is so large.
TOO_LARGE = ("entity too large", "content too large", "(413)")

MARKUP = ("can't parse entities", "can't parse messageentity")
RIGHTS = (
    "not enough rights",
    "need administrator rights",
    "have no rights",
    "chat_write_forbidden",
    "chat_admin_required",
    "topic_closed",
    "chat_restricted",
)
LOGGED_OUT = ("logged out",)
GONE = ("chat not found", "peer_id_invalid", "user not found", "user_is_blocked", "input_user_deactivated")
PICTURE = (
    "wrong file identifier",
    "wrong remote file",
    "failed to get http url content",
    "wrong type of the web page content",
    "wrong http url",
    "invalid file http url",
    "can't use file of type",
    "image_process_failed",
    "photo_",
    "picture_",
    "media_empty",
    "media_invalid",
    "file_reference_",
    "file_part",
    "caption is too long",
    "caption_too_long",
    "there is no photo in the request",
    "not enough rights to send photos",
    "send_photos_forbidden",
    "send_media_forbidden",
    "webpage_",
    "file is too big",
    "file must be non-empty",
)
# In this order: a picture that may not be sent does not close the chat.
KINDS: tuple[tuple[tuple[str, ...], type[TidingsError]], ...] = (
    (PICTURE, PictureRefused),
    (MARKUP, MarkupRefused),
    (RIGHTS, ChatClosed),
    (GONE, ChatGone),
    (LOGGED_OUT, TokenRefused),
)
# What the library trips over when the answer is JSON, but no answer of the Bot API.
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)


def translate(error: TelegramError) -> TidingsError:
    """Return our error for one of python-telegram-bot's."""
    if isinstance(error, RetryAfter):
        return SendLater(_seconds(error.retry_after))
    if isinstance(error, ChatMigrated):
        return ChatMoved(error.new_chat_id)
    unread = _with_unread_answer(error)
    if unread is not None:
        return _without_verdict(unread)
    for theirs, ours in ((Forbidden, ChatGone), (InvalidToken, TokenRefused), (Conflict, TokenInUse)):
        if isinstance(error, theirs):
            return ours(str(error))
    if isinstance(error, BadRequest):  # a subclass of NetworkError: it comes first
        return _bad_request(str(error))
    return _without_verdict(error)


def _bad_request(text: str) -> TidingsError:
    low = text.lower()
    for words, kind in KINDS:
        if any(word in low for word in words):
            return kind(text)
    return SendRefused(text)


def _with_unread_answer(error: TelegramError) -> TelegramError | None:
    """The error of an answer that is no JSON: a proxy's page, whatever its status, is no verdict of Telegram's."""
    while isinstance(error.__cause__, TelegramError):
        if type(error.__cause__) is TelegramError:  # the library's 'Invalid server response'
            return error
        error = error.__cause__
    return None


def _without_verdict(error: TelegramError) -> TidingsError:
    text = str(error)[:LONGEST_WORDING] or type(error).__name__
    if isinstance(error.__cause__, NEVER_SENT):
        return NotSent(text)
    if "too many requests" in text.lower():
        return SendLater(LIMIT_WITHOUT_A_TIME)
    if any(words in text.lower() for words in TOO_LARGE):
        return PictureRefused(text)
    return Doubtful(text)


def _seconds(value: int | dt.timedelta) -> float:
    return value.total_seconds() if isinstance(value, dt.timedelta) else float(value)


@contextmanager
def translated() -> Iterator[None]:
    """Raise ours for any of python-telegram-bot's errors inside, and for an answer that it cannot read."""
    try:
        yield
    except TelegramError as error:
        raise translate(error) from error
    except UNREADABLE as error:
        raise Doubtful(f"the answer cannot be read: {type(error).__name__}: {error}") from error
