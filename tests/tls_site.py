"""A TLS server on loopback with an authority of its own: HTTP/2 as a test scripts it, HTTP/1.1 plainly."""

import asyncio
import ssl
from collections.abc import Callable
from functools import cache
from ipaddress import ip_network
from typing import Self

import trustme
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, RequestReceived, StreamReset, WindowUpdated
from h2.exceptions import H2Error

from bot.feeds.fetch import HttpFetcher

LOOPBACK = (ip_network("127.0.0.0/8"),)


@cache
def authority() -> trustme.CA:
    return trustme.CA()


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority().configure_trust(context)
    return context


class Peer:
    """The server's side of one HTTP/2 connection."""

    def __init__(self, site: "TlsSite", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.site, self.reader, self.writer = site, reader, writer
        self.h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self.reset: list[int] = []
        self.goodbyes = 0
        self.moved = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        self.h2.initiate_connection()
        self.flush()
        try:
            while data := await self.reader.read(65_536):
                for event in self.h2.receive_data(data):
                    self.take(event)
                self.flush()
        except (H2Error, OSError):
            pass
        finally:
            for task in self.tasks:
                task.cancel()
            self.writer.close()

    def take(self, event: object) -> None:
        if isinstance(event, RequestReceived):
            headers = dict(event.headers)
            self.site.asked.append(("h2", headers))
            task = asyncio.create_task(self.site.http2(self, event.stream_id, headers))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        elif isinstance(event, WindowUpdated):
            self.moved.set()
        elif isinstance(event, StreamReset):
            self.reset.append(event.stream_id)
        elif isinstance(event, ConnectionTerminated):
            self.goodbyes += 1

    def flush(self) -> None:
        self.writer.write(self.h2.data_to_send())

    def raw(self, data: bytes) -> None:
        self.flush()
        self.writer.write(data)

    def head(self, stream: int, status: int = 200, *, ends: bool = False, **headers: str) -> None:
        fields = [(name.lower().replace("_", "-"), value) for name, value in headers.items()]
        self.h2.send_headers(stream, [(":status", str(status)), *fields], end_stream=ends)
        self.flush()

    async def body(self, stream: int, body: bytes) -> None:
        while body:
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
            if room <= 0:
                self.moved.clear()
                await self.moved.wait()
                continue
            self.h2.send_data(stream, body[:room])
            body = body[room:]
            self.flush()
            await self.writer.drain()
        self.h2.end_stream(stream)
        self.flush()

    async def reply(self, stream: int, body: bytes = b"<rss/>", status: int = 200, **headers: str) -> None:
        self.head(stream, status, ends=not body, **headers)
        if body:
            await self.body(stream, body)


async def plain_http2(peer: Peer, stream: int, headers: dict[str, str]) -> None:
    await peer.reply(stream, b"over h2 " + headers[":path"].encode())


def plain_http1(headers: dict[str, str]) -> bytes:
    return http1(b"over h1 " + headers[":path"].encode())


def http1(body: bytes = b"", status: str = "200 OK", *more: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *more]
    return "\r\n".join([*lines, "", ""]).encode() + body


class TlsSite:
    """Counts what reaches it.

    Attributes:
        spoken: what each connection's handshake chose.
        asked: protocol and headers of each request.
        peers: of HTTP/2.
    """

    def __init__(self, *protocols: str, http2=plain_http2, http1=plain_http1, names=("127.0.0.1",)) -> None:
        self.protocols = protocols or ("h2", "http/1.1")
        self.http2, self.http1, self.names = http2, http1, names
        self.spoken: list[str] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.peers: list[Peer] = []
        self.ended: asyncio.Event = asyncio.Event()
        self.port = 0

    async def __aenter__(self) -> Self:
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority().issue_cert(*self.names).configure_cert(self._context)
        self.offer(*self.protocols)
        self._server = await asyncio.start_server(self._serve, "0.0.0.0", 0, ssl=self._context)
        self.port = self._server.sockets[0].getsockname()[1]
        self._writers: set[asyncio.StreamWriter] = set()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.hang_up()
        for _ in range(200):
            if not self._writers:
                break
            await asyncio.sleep(0.005)
        await self._server.wait_closed()

    def offer(self, *protocols: str) -> None:
        self._context.set_alpn_protocols(protocols)

    def hang_up(self) -> None:
        """End all connections."""
        for writer in list(self._writers):
            writer.transport.abort()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def protocols_asked(self) -> list[str]:
        return [protocol for protocol, _ in self.asked]

    def fetcher(self, *ports: int, networks=LOOPBACK, trust: Callable[[], ssl.SSLContext] = trusting, **options):
        return HttpFetcher(
            user_agent="Tidings/1 (+https://tidings.example)",
            allowed_networks=networks,
            allowed_ports=(self.port, *ports),
            trust=trust,
            **options,
        )

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        chosen = writer.get_extra_info("ssl_object").selected_alpn_protocol() or "none"
        self.spoken.append(chosen)
        try:
            if chosen == "h2":
                self.peers.append(Peer(self, reader, writer))
                await self.peers[-1].run()
            else:
                await self._serve_http1(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            self._writers.discard(writer)
            self.ended.set()

    async def _serve_http1(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            request, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            headers[":path"] = request.split(" ")[1]
            self.asked.append(("http/1.1", headers))
            writer.write(self.http1(headers))
            await writer.drain()
