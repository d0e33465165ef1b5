"""Each answer of the Bot API, and each way to get none, becomes the error that says what to do about it."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

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
from bot.messengers.telegram.sender import TelegramMessenger, TelegramProber, connect, disconnect
from bot.models import Message

TOKEN = "123456:secret-of-the-bot"
CHANNEL = -1001
MESSAGE = Message(html="<b>Headline</b>", plain="Headline")

Respond = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def response(status: int, body: bytes, *, content_type: str = "application/json", length: int | None = None) -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {length or len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body


def refusal(code: int, description: str, **parameters: object) -> bytes:
    facts = {"ok": False, "error_code": code, "description": description}
    return json.dumps({**facts, **({"parameters": parameters} if parameters else {})}).encode()


def replying(answer: bytes) -> Respond:
    """Read the whole request, give this answer and hang up."""

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        if "content-length:" in head:
            await reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0]))
        writer.write(answer)
        await writer.drain()

    return respond


async def silence(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Neither read nor answer."""
    await asyncio.sleep(30)


@asynccontextmanager
async def server(respond: Respond) -> AsyncIterator[str]:
    """A server on loopback that treats each connection in the given way."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())  # type: ignore[arg-type]
        try:
            await respond(reader, writer)
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def client(url: str, **limits: float) -> AsyncIterator[Bot]:
    """The library's client with short time-outs; nothing is asked of the server in advance."""
    facts = {"connection_pool_size": 4, "read_timeout": 0.3, "write_timeout": 0.3, "connect_timeout": 0.3, **limits}
    request = HTTPXRequest(**facts)  # type: ignore[arg-type]
    bot = Bot(TOKEN, base_url=f"{url}/bot", request=request)
    await request.initialize()
    try:
        yield bot
    finally:
        await request.shutdown()


async def error_of(bot: Bot, message: Message = MESSAGE) -> TidingsError:
    with pytest.raises(TidingsError) as caught:
        await TelegramMessenger(bot).send(CHANNEL, message)
    return caught.value


WORDINGS = [
    (403, "Forbidden: bot was blocked by the user", ChatGone),
    (403, "Forbidden: user is deactivated", ChatGone),
    (403, "Forbidden: bot can't initiate conversation with a user", ChatGone),
    (403, "Forbidden: bot is not a member of the channel chat", ChatGone),
    (403, "Forbidden: bot was kicked from the supergroup chat", ChatGone),
    (400, "Bad Request: chat not found", ChatGone),
    (400, "Bad Request: USER_IS_BLOCKED", ChatGone),
    (400, "Bad Request: need administrator rights in the channel chat", ChatClosed),
    (400, "Bad Request: not enough rights to send text messages to the chat", ChatClosed),
    (400, "Bad Request: have no rights to send a message", ChatClosed),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN", ChatClosed),
    (400, "Bad Request: TOPIC_CLOSED", ChatClosed),
    (400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0', MarkupRefused),
    (400, "Bad Request: can't parse MessageEntity: Field length must be positive", MarkupRefused),
    (400, "Bad Request: message is too long", SendRefused),
    (400, "Bad Request: text is too long", SendRefused),
    (400, "Bad Request: message text is empty", SendRefused),
    (400, "Bad Request: text must be non-empty", SendRefused),
    (400, "Bad Request: message thread not found", SendRefused),
    (400, "Bad Request: chat_id is empty", SendRefused),
    (400, "Bad Request: reply markup is too long", SendRefused),
    (400, "Bad Request: BUTTON_DATA_INVALID", SendRefused),
    (400, "Bad Request: message to be replied not found", SendRefused),
    (400, "Bad Request: there is no photo in the request", PictureRefused),
    (400, "Bad Request: wrong file identifier/HTTP URL specified", PictureRefused),
    (400, "Bad Request: wrong remote file identifier specified: Wrong character in the string", PictureRefused),
    (400, "Bad Request: failed to get HTTP URL content", PictureRefused),
    (400, "Bad Request: wrong type of the web page content", PictureRefused),
    (400, "Bad Request: wrong HTTP URL specified", PictureRefused),
    (400, "Bad Request: can't use file of type Video as Photo", PictureRefused),
    (400, "Bad Request: IMAGE_PROCESS_FAILED", PictureRefused),
    (400, "Bad Request: invalid file HTTP URL specified: URL host is empty", PictureRefused),
    (400, "Bad Request: file is too big for a photo", PictureRefused),
    (400, "Bad Request: file must be non-empty", PictureRefused),
    (400, "Bad Request: FILE_REFERENCE_EXPIRED", PictureRefused),
    (400, "Bad Request: message caption is too long", PictureRefused),
    (400, "Bad Request: PHOTO_INVALID_DIMENSIONS", PictureRefused),
    (400, "Bad Request: not enough rights to send photos to the chat", PictureRefused),
    (400, "Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN", PictureRefused),
    (413, "Request Entity Too Large", PictureRefused),
    (401, "Unauthorized", TokenRefused),
    (401, "Unauthorized: invalid token specified", TokenRefused),
    (404, "Not Found", TokenRefused),
    (400, "Logged out", TokenRefused),
    (409, "Conflict: terminated by other getUpdates request", TokenInUse),
    (500, "Internal Server Error", Doubtful),
    (502, "Bad Gateway", Doubtful),
    (504, "Gateway Timeout", Doubtful),
]


@pytest.mark.parametrize(("code", "description", "expected"), WORDINGS, ids=[wording for _, wording, _ in WORDINGS])
async def test_each_wording_says_what_to_do(code: int, description: str, expected: type[TidingsError]) -> None:
    async with server(replying(response(code, refusal(code, description)))) as url, client(url) as bot:
        error = await error_of(bot)
    assert type(error) is expected
    assert TOKEN not in str(error)


async def test_a_limit_tells_its_time_whatever_its_size() -> None:
    answer = refusal(429, "Too Many Requests: retry after 86399", retry_after=86_399)
    async with server(replying(response(429, answer))) as url, client(url) as bot:
        error = await error_of(bot)
    assert isinstance(error, SendLater)
    assert error.retry_after == 86_399


async def test_an_upgraded_group_tells_its_new_id() -> None:
    answer = refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-100777)
    async with server(replying(response(400, answer))) as url, client(url) as bot:
        error = await error_of(bot)
    assert isinstance(error, ChatMoved)
    assert error.chat_id == -100777


ANSWERED = json.dumps({"ok": True, "result": {"message_id": 5, "date": 1, "chat": {"id": CHANNEL, "type": "channel"}}})
UNANSWERED = {
    "closed without a word": b"",
    "a page of a proxy": response(502, b"<html>502 Bad Gateway</html>", content_type="text/html"),
    "a page with status 200": response(200, b"<html>Welcome</html>", content_type="text/html"),
    "half of the JSON": response(200, ANSWERED[:30].encode()),
    "half of the body": response(200, ANSWERED[:30].encode(), length=len(ANSWERED)),
    "nothing in the body": response(200, b""),
    "half of the head": b"HTTP/1.1 200 OK\r\nContent-",
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    **{f"a proxy's page with {code}": response(code, b"<html>no</html>") for code in (400, 401, 403, 404, 409, 503)},
    "JSON without a result": response(200, b'{"ok": true}'),
    "JSON that is no object": response(200, b"[]"),
    "a result that is no message": response(200, b'{"ok": true, "result": {"message_id": "x"}}'),
}


@pytest.mark.parametrize("answer", UNANSWERED.values(), ids=UNANSWERED.keys())
async def test_an_answer_that_says_nothing_leaves_it_open_whether_it_was_sent(answer: bytes) -> None:
    async with server(replying(answer)) as url, client(url) as bot:
        assert type(await error_of(bot)) is Doubtful


@pytest.mark.parametrize(("code", "expected"), [(429, SendLater), (413, PictureRefused)])
async def test_a_proxy_that_takes_no_such_request_has_not_passed_it_on(code: int, expected: type[TidingsError]) -> None:
    async with server(replying(response(code, b"<html>no</html>" * 1000))) as url, client(url) as bot:
        error = await error_of(bot)
    assert type(error) is expected
    assert len(str(error)) <= 200


async def test_no_answer_in_time_leaves_it_open_whether_it_was_sent() -> None:
    async with server(silence) as url, client(url) as bot:
        assert type(await error_of(bot)) is Doubtful


async def test_a_request_that_was_written_in_part_leaves_it_open() -> None:
    huge = Message(html="", plain="x" * 20_000_000)  # more than the sockets between take without a reader
    async with server(silence) as url, client(url, read_timeout=10) as bot:
        assert type(await error_of(bot, huge)) is Doubtful


async def test_a_refused_connection_proves_that_nothing_was_sent() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        async with client(url) as bot:
            assert type(await error_of(bot)) is NotSent


async def test_a_name_that_leads_nowhere_proves_that_nothing_was_sent() -> None:
    async with client("http://api.telegram.invalid", connect_timeout=5) as bot:
        assert type(await error_of(bot)) is NotSent


async def test_a_message_that_got_no_connection_was_not_sent() -> None:
    async with server(silence) as url, client(url, connection_pool_size=1, pool_timeout=0.1, read_timeout=1) as bot:
        first = asyncio.create_task(error_of(bot))
        await asyncio.sleep(0.05)
        assert type(await error_of(bot)) is NotSent
        assert type(await first) is Doubtful


async def test_an_edit_that_changes_nothing_is_no_error() -> None:
    answer = refusal(400, "Bad Request: message is not modified: specified new message content is exactly the same")
    async with server(replying(response(400, answer))) as url, client(url) as bot:
        await TelegramMessenger(bot).edit(CHANNEL, 5, MESSAGE)


async def test_an_edit_of_a_deleted_post_is_refused_for_good() -> None:
    answer = refusal(400, "Bad Request: message to edit not found")
    async with server(replying(response(400, answer))) as url, client(url) as bot:
        with pytest.raises(SendRefused):
            await TelegramMessenger(bot).edit(CHANNEL, 5, MESSAGE)


@pytest.mark.parametrize(("code", "description"), [(401, "Unauthorized"), (404, "Not Found")])
async def test_a_wrong_token_is_told_at_the_start_without_showing_it(code: int, description: str) -> None:
    async with server(replying(response(code, refusal(code, description)))) as url, client(url) as bot:
        with pytest.raises(TokenRefused) as caught:
            await connect(bot)
        await disconnect(bot)
    assert "BotFather" in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_a_page_that_is_no_bot_api_is_not_taken_for_a_wrong_token() -> None:
    async with server(replying(response(404, b"<html>Not Found</html>"))) as url, client(url) as bot:
        with pytest.raises(Doubtful) as caught:
            await connect(bot)
        await disconnect(bot)
    assert TOKEN not in str(caught.value)


CALLS: dict[str, Callable[[Bot], Awaitable[object]]] = {
    "edit": lambda bot: TelegramMessenger(bot).edit(CHANNEL, 5, MESSAGE),
    "edit of a caption": lambda bot: TelegramMessenger(bot).edit(CHANNEL, 5, MESSAGE, form="photo"),
    "resolve": lambda bot: TelegramMessenger(bot).resolve("@news"),
    "probe": lambda bot: TelegramProber(bot, [42]).probe(CHANNEL, 5),
    "exists": lambda bot: TelegramProber(bot, []).exists(CHANNEL, 5),
    "connect": connect,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
@pytest.mark.parametrize("answer", [response(500, b"oops"), response(200, b"[]")], ids=["a 500", "senseless JSON"])
async def test_no_call_lets_an_error_of_the_library_out(
    call: Callable[[Bot], Awaitable[object]], answer: bytes
) -> None:
    async with server(replying(answer)) as url, client(url) as bot:
        with pytest.raises(Doubtful):
            await call(bot)


@pytest.mark.parametrize(
    ("description", "there"),
    [
        ("Bad Request: message to copy not found", False),
        ("Bad Request: can't parse reply keyboard markup JSON object", True),
    ],
)
async def test_a_copy_that_can_never_be_made_tells_whether_a_message_is_there(description: str, there: bool) -> None:
    async with server(replying(response(400, refusal(400, description)))) as url, client(url) as bot:
        assert await TelegramProber(bot, []).exists(CHANNEL, 5) is there


async def test_whether_a_message_is_there_is_not_guessed_from_another_refusal() -> None:
    answer = response(400, refusal(400, "Bad Request: chat not found"))
    async with server(replying(answer)) as url, client(url) as bot:
        with pytest.raises(ChatGone):
            await TelegramProber(bot, []).exists(CHANNEL, 5)


async def test_a_chat_is_never_looked_up_through_itself() -> None:
    answer = response(400, refusal(400, "Bad Request: message to forward not found"))
    async with server(replying(answer)) as url, client(url) as bot:
        with pytest.raises(SendRefused, match="itself"):
            await TelegramProber(bot, [CHANNEL]).probe(CHANNEL, 5)
        assert await TelegramProber(bot, [CHANNEL, 42]).probe(CHANNEL, 5) is None
