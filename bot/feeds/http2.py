"""One HTTP/2 connection: a request is a stream, an answer comes within limits (h2 knows the protocol, RFC 9113).

No lock and no task: whatever is to be sent is written at once, so a request that is cancelled leaves nothing half done.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import cast

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, Event, ResponseReceived, StreamEnded, StreamReset
from h2.exceptions import H2Error
from h2.settings import SettingCodes, Settings

from bot.feeds.http2_stream import Http2Error, Http2Stream

_KEEP_ALIVE = 15.0
_WINDOW = 2**20  # bytes of a body that may wait for their reader
_SETTINGS = {
    SettingCodes.ENABLE_PUSH: 0,
    SettingCodes.INITIAL_WINDOW_SIZE: _WINDOW,
    SettingCodes.MAX_CONCURRENT_STREAMS: 100,
    SettingCodes.MAX_HEADER_LIST_SIZE: H2Connection.DEFAULT_MAX_HEADER_LIST_SIZE,  # 64 KiB; its decoder keeps to it
}
_FRAME_HEAD = 9
_DATA, _GOAWAY = 0, 7
# A server may keep us busy with frames that bring nothing (PING, SETTINGS, empty DATA). Each costs its bytes, and as
# many again as make a frame worth its trouble; bytes of a body pay for them.
_FRAME_COST = 64
_MOST_WASTE = 2**18


class Http2Connection(asyncio.Protocol):
    """Speaks HTTP/2 on a transport whose handshake chose it. It closes itself after 15 s without a request.

    Attributes:
        gone: done when nothing is left of it.
    """

    def __init__(self) -> None:
        self._h2 = H2Connection(H2Configuration(client_side=True, header_encoding=None))
        self._h2.local_settings = Settings(client=True, initial_values=_SETTINGS)
        self._transport: asyncio.Transport | None = None
        self._streams: dict[int, Http2Stream] = {}
        self._received = bytearray()
        self._waste = 0
        self._has_greeted = self._is_leaving = False
        self._idle: asyncio.TimerHandle | None = None
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def is_usable(self) -> bool:
        """Whether one more request can be made now."""
        if self._transport is None or self._transport.is_closing() or self._is_leaving:
            return False
        return len(self._streams) < self._h2.remote_settings.max_concurrent_streams

    def ask(self, headers: Iterable[tuple[str, str]]) -> Http2Stream:
        """Send a request without a body; its stream has to be closed.

        Args:
            headers: in lower case, the pseudo-headers first.

        Raises:
            Http2Error: this connection cannot take it.
        """
        if not self.is_usable:
            raise Http2Error("the connection is closed")
        fields = [(name.encode("ascii"), value.encode()) for name, value in headers]
        try:
            number = self._h2.get_next_available_stream_id()
            self._h2.send_headers(number, fields, end_stream=True)
        except H2Error as error:
            raise Http2Error(f"no request can be made: {error}") from error
        self._stop_waiting()
        self._has_greeted = True
        self._waste = 0
        stream = self._streams[number] = Http2Stream(number, on_read=self._acknowledge, on_close=self._leave)
        self._flush()
        return stream

    def close(self) -> None:
        """End the connection; requests on their way fail."""
        self._is_leaving = True
        with suppress(H2Error):  # the other side was first
            self._h2.close_connection()
        self._flush()
        self._fail("the connection is closed")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Prepare the greeting; it is sent with the first request, as each sending costs."""
        self._transport = cast("asyncio.Transport", transport)
        self._h2.initiate_connection()
        self._h2.increment_flow_control_window(_WINDOW)
        self._wait_for_request()

    def data_received(self, data: bytes) -> None:
        """Take what the server sends, frame by frame."""
        self._received += data
        try:
            for frame in self._frames():
                self._take_frame(frame)
        except (Http2Error, H2Error) as error:
            self._flush()
            self._fail(f"the server breaks the rules of HTTP/2: {error}")
            return
        if self._has_greeted:
            self._flush()
        if self._is_leaving and not self._streams:
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing comes any more."""
        self._fail(f"the connection was lost: {exc or 'closed by the server'}")
        if not self.gone.done():
            self.gone.set_result(None)

    def _frames(self) -> Iterator[bytes]:
        """What has arrived in full. One by one: where the library refuses a frame, it forgets those before it."""
        while len(self._received) >= _FRAME_HEAD:
            end = _FRAME_HEAD + int.from_bytes(self._received[:3], "big")
            if end > _FRAME_HEAD + self._h2.max_inbound_frame_size:
                raise Http2Error("a frame is too long")
            if len(self._received) < end:
                return
            frame = bytes(self._received[:end])
            del self._received[:end]
            yield frame

    def _take_frame(self, frame: bytes) -> None:
        if frame[3] == _GOAWAY and len(frame) >= _FRAME_HEAD + 8:
            self._take_goodbye(frame)
            return
        for event in self._h2.receive_data(frame):
            self._take_event(event)
        paid = 2 * (len(frame) - _FRAME_HEAD) if frame[3] == _DATA else 0
        self._waste = max(0, self._waste + len(frame) + _FRAME_COST - paid)
        if self._waste > _MOST_WASTE:
            raise Http2Error("the server sends much that is no answer")

    def _take_goodbye(self, frame: bytes) -> None:
        """GOAWAY. The library would hear nothing after it, but a server that just ends a connection answers first."""
        last, code = (int.from_bytes(frame[at : at + 4], "big") for at in (_FRAME_HEAD, _FRAME_HEAD + 4))
        self._is_leaving = True
        for number, stream in self._streams.items():
            if code != ErrorCodes.NO_ERROR or number > last & 0x7FFF_FFFF:
                stream.fail(f"the server ended the connection ({_name(code)})")

    def _take_event(self, event: Event) -> None:
        stream = self._streams.get(getattr(event, "stream_id", None) or 0)
        if stream is None:
            return
        match event:
            case ResponseReceived(headers=fields):
                stream.take_head(fields or [])
            case DataReceived(data=piece, flow_controlled_length=size):
                stream.take_piece(piece or b"", size or 0)
            case StreamEnded():
                stream.end()
            case StreamReset(error_code=code):
                stream.fail(f"the server gave the request up ({_name(code or 0)})")

    def _acknowledge(self, number: int, size: int) -> None:
        with suppress(H2Error):  # the connection is over
            self._h2.acknowledge_received_data(size, number)
        self._flush()

    def _leave(self, stream: Http2Stream) -> None:
        if self._streams.pop(stream.number, None) is None:
            return
        if not stream.is_ended:
            with suppress(H2Error):  # it is over already
                self._h2.reset_stream(stream.number, ErrorCodes.CANCEL)
            self._flush()
        if self._streams:
            return
        if self._is_leaving:
            self.close()
        else:
            self._wait_for_request()

    def _wait_for_request(self) -> None:
        self._idle = asyncio.get_running_loop().call_later(_KEEP_ALIVE, self.close)

    def _stop_waiting(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _flush(self) -> None:
        waiting = self._h2.data_to_send()
        if waiting and self._transport is not None and not self._transport.is_closing():
            self._transport.write(waiting)

    def _fail(self, reason: str) -> None:
        """The end of everything on this connection."""
        self._is_leaving = True
        self._stop_waiting()
        for stream in self._streams.values():
            stream.fail(reason)
        if self._transport is not None:
            self._transport.abort()


def _name(code: int) -> str:
    try:
        return ErrorCodes(code).name
    except ValueError:
        return str(code)
