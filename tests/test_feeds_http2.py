"""HTTP/2 where a server offers it, by a server that speaks it on loopback; whatever fails there, HTTP/1.1 brings."""

import asyncio
import functools
import gzip
import resource
import socket
import ssl
import zlib
from ipaddress import ip_network

import brotli
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from h2.errors import ErrorCodes
from h2.settings import SettingCodes
from tls_site import TlsSite, http1, plain_http2

from bot.errors import FetchError, FetchForbidden, FetchTooLarge
from bot.feeds.learnt import Learnt
from bot.models import Validators

try:
    from compression import zstd
except ImportError:  # before Python 3.14
    from backports import zstd

FRAME_HEAD = 9


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKERS = {
    "gzip": ("gzip", gzip.compress),
    "gzip in two members": ("gzip", lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:])),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
    "zstd in two frames": ("zstd", lambda body: zstd.compress(body[:9]) + zstd.compress(body[9:])),
}


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def goodbye(last: int, code: int) -> bytes:
    return frame(7, 0, 0, last.to_bytes(4, "big") + code.to_bytes(4, "big"))


def replying(body: bytes = b"<rss/>", status: int = 200, **headers: str):
    async def handle(peer, stream, _):
        await peer.reply(stream, body, status, **headers)

    return handle


async def test_http2_is_spoken_where_it_is_offered_and_one_connection_serves_all_feeds_of_a_host():
    async with TlsSite() as site, site.fetcher() as fetcher:
        bodies = [(await fetcher.fetch(f"{site.url}/{name}?q=%C3%A9")).body for name in "ab"]
        await asyncio.gather(*(fetcher.fetch(f"{site.url}/{name}") for name in "cdef"))
    assert bodies == [b"over h2 /a?q=%C3%A9", b"over h2 /b?q=%C3%A9"]
    assert site.protocols_asked == ["h2"] * 6
    assert site.spoken == ["h2"]
    assert site.peers[0].reset == []


async def test_two_first_requests_at_once_end_up_on_one_connection():
    async with TlsSite() as site, site.fetcher() as fetcher:
        await asyncio.gather(fetcher.fetch(f"{site.url}/a"), fetcher.fetch(f"{site.url}/b"))
        await fetcher.fetch(f"{site.url}/c")
        used = [peer for peer in site.peers if peer.h2.highest_inbound_stream_id]
        assert len(used) == 1


async def test_a_host_known_for_http2_has_one_handshake_for_two_requests_at_once():
    async with TlsSite() as site, site.fetcher() as fetcher:
        await fetcher.fetch(f"{site.url}/a")
        for connection in list(fetcher._opened()._kept._all):
            connection.close()
            await connection.gone
        await asyncio.gather(fetcher.fetch(f"{site.url}/b"), fetcher.fetch(f"{site.url}/c"))
    assert site.spoken == ["h2", "h2"]


@pytest.mark.parametrize("protocols", [("http/1.1",), ("http/0.9",)])
async def test_http1_is_spoken_where_that_is_chosen_without_a_request_or_connection_more(protocols):
    async with TlsSite(*protocols) as site, site.fetcher() as fetcher:
        assert [(await fetcher.fetch(f"{site.url}/{name}")).body for name in "ab"] == [b"over h1 /a", b"over h1 /b"]
    assert site.protocols_asked == ["http/1.1"] * 2
    assert len(site.spoken) == 1


async def test_a_request_names_the_program_and_nothing_of_the_reader():
    async with TlsSite(http2=replying(set_cookie="id=1")) as site, site.fetcher() as fetcher:
        await fetcher.fetch(f"{site.url}/feed")
        await fetcher.fetch(f"{site.url}/feed")
    for _, headers in site.asked:
        assert headers.pop("accept")
        assert headers == {
            ":method": "GET",
            ":scheme": "https",
            ":authority": f"127.0.0.1:{site.port}",
            ":path": "/feed",
            "user-agent": "Tidings/1 (+https://tidings.example)",
            "accept-encoding": "gzip, deflate, br, zstd",
        }


async def test_validators_go_back_byte_for_byte_and_304_keeps_and_renews_them():
    known = Validators(etag='W/"odd é, "', last_modified="Tue,  3 March", body_hash="h")
    async with TlsSite(http2=replying(b"", 304, last_modified="later")) as site, site.fetcher() as fetcher:
        answer = await fetcher.fetch(f"{site.url}/feed", validators=known)
        assert site.asked[0][1]["if-none-match"] == 'W/"odd é, "'
        assert site.asked[0][1]["if-modified-since"] == "Tue,  3 March"
    assert (answer.status, answer.body) == (304, b"")
    assert answer.validators == Validators(etag='W/"odd é, "', last_modified="later", body_hash="h")


async def test_an_answer_carries_all_that_the_next_poll_needs():
    handler = replying(etag='"1"', content_type="text/xml", cache_control="max-age=900", link="</feed>; rel=self")
    async with TlsSite(http2=handler) as site, site.fetcher() as fetcher:
        answer = await fetcher.fetch(f"{site.url}/x")
    assert (answer.status, answer.url, answer.body) == (200, f"{site.url}/x", b"<rss/>")
    assert (answer.validators.etag, answer.content_type, answer.freshness) == ('"1"', "text/xml", 900)
    assert answer.self_link == f"{site.url}/feed"


async def test_a_refusal_is_told_in_the_standards_words_and_a_wish_to_wait_is_heard():
    async with TlsSite(http2=replying(b"no", 503, retry_after="120")) as site, site.fetcher() as fetcher:
        with pytest.raises(FetchError, match="answers 503 Service Unavailable") as caught:
            await fetcher.fetch(f"{site.url}/x")
        with pytest.raises(FetchError, match="left alone"):
            await fetcher.fetch(f"{site.url}/y")
    assert (caught.value.status, caught.value.retry_after) == (503, 120)
    assert site.protocols_asked == ["h2"]


async def test_redirects_lead_from_one_protocol_to_the_other_and_back():
    async with TlsSite() as new, TlsSite("http/1.1") as old, new.fetcher(old.port) as fetcher:

        async def move(peer, stream, headers):
            if headers[":path"] == "/0":
                await peer.reply(stream, b"moved", 301, location=f"{old.url}/1")
            else:
                await plain_http2(peer, stream, headers)

        new.http2 = move
        old.http1 = lambda _: http1(b"", "301 Moved", f"Location: {new.url}/2")
        answer = await fetcher.fetch(f"{new.url}/0")
    assert (answer.body, answer.permanent_url) == (b"over h2 /2", f"{new.url}/2")


@pytest.mark.parametrize("name", PACKERS)
async def test_a_compressed_body_is_unpacked(name):
    coding, pack = PACKERS[name]
    body = b"<rss>" + b"".join(b"%d " % number for number in range(50_000)) + b"</rss>"
    async with TlsSite(http2=replying(pack(body), content_encoding=coding)) as site, site.fetcher() as fetcher:
        assert (await fetcher.fetch(f"{site.url}/feed")).body == body
    assert site.protocols_asked == ["h2"]


def packed_zeros(name: str, megabytes: int) -> bytes:
    """So many megabytes of nothing, packed piece by piece, so that the test itself never holds them."""
    piece = bytes(2**20)
    if name == "br":
        packer = brotli.Compressor(quality=1)
        return b"".join(packer.process(piece) for _ in range(megabytes)) + packer.finish()
    windows = {"gzip": 31, "deflate": 15}
    packer = zstd.ZstdCompressor() if name == "zstd" else zlib.compressobj(wbits=windows[name])
    return b"".join(packer.compress(piece) for _ in range(megabytes)) + packer.flush()


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
async def test_a_bomb_takes_no_more_memory_than_a_body_may(name):
    bomb = packed_zeros(name, 150)
    async with TlsSite(http2=replying(bomb, content_encoding=name)) as site, site.fetcher() as fetcher:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with pytest.raises(FetchTooLarge):
            await fetcher.fetch(f"{site.url}/feed")
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024
    assert site.protocols_asked == ["h2"]


async def test_a_zstandard_frame_that_asks_for_too_large_a_window_is_left_to_http1():
    packed = zstd.compress(bytes(2**26), options={zstd.CompressionParameter.window_log: 26})
    async with TlsSite(http2=replying(packed, content_encoding="zstd")) as site, site.fetcher() as fetcher:
        assert (await fetcher.fetch(f"{site.url}/feed")).body == b"over h1 /feed"


async def test_a_large_body_comes_through_however_small_the_window():
    body = bytes(range(256)) * 20_000  # five windows
    async with TlsSite(http2=replying(body)) as site, site.fetcher() as fetcher:
        for _ in range(3):
            assert (await fetcher.fetch(f"{site.url}/feed")).body == body
    assert site.spoken == ["h2"]


async def test_a_body_over_the_limit_is_given_up_on_and_asked_for_only_once():
    async with TlsSite(http2=replying(bytes(3_000_000))) as site, site.fetcher() as fetcher:
        with pytest.raises(FetchTooLarge):
            await fetcher.fetch(f"{site.url}/feed", limit=100_000)
        site.http2 = plain_http2
        assert (await fetcher.fetch(f"{site.url}/feed")).body == b"over h2 /feed"
    assert site.spoken == ["h2"]


async def test_a_body_that_says_it_is_too_large_is_not_read():
    async def announce(peer, stream, _):
        peer.head(stream, content_length="99999999999")

    async with TlsSite(http2=announce) as site, site.fetcher() as fetcher:
        with pytest.raises(FetchTooLarge):
            await fetcher.fetch(f"{site.url}/feed")


async def test_a_dripping_body_ends_at_the_deadline_and_the_next_request_takes_http1():
    async def drip(peer, stream, _):
        peer.head(stream)
        while True:
            peer.h2.send_data(stream, b"x")
            peer.flush()
            await asyncio.sleep(0.02)

    async with TlsSite(http2=drip) as site, site.fetcher() as fetcher:
        with pytest.raises(FetchError, match=r"within 0\.3 s"):
            await fetcher.fetch(f"{site.url}/feed", timeout=0.3)
        assert site.protocols_asked == ["h2"]
        assert (await fetcher.fetch(f"{site.url}/feed")).body == b"over h1 /feed"


async def test_a_time_out_over_http1_says_nothing_about_http2():
    async with TlsSite("http/1.1", http1=lambda _: b"") as site, site.fetcher() as fetcher:
        with pytest.raises(FetchError, match=r"within 0\.3 s"):
            await fetcher.fetch(f"{site.url}/feed", timeout=0.3)
        site.offer("h2", "http/1.1")
        assert (await fetcher.fetch(f"{site.url}/feed")).body == b"over h2 /feed"


async def test_a_request_that_is_cancelled_in_mid_body_is_reset_and_the_connection_goes_on():
    begun = asyncio.Event()

    async def stall(peer, stream, headers):
        if headers[":path"] != "/slow":
            await plain_http2(peer, stream, headers)
            return
        peer.head(stream)
        peer.h2.send_data(stream, bytes(9_000))
        peer.flush()
        begun.set()

    async with TlsSite(http2=stall) as site, site.fetcher() as fetcher:
        for _ in range(150):  # more than a server lets run at once
            begun.clear()
            slow = asyncio.create_task(fetcher.fetch(f"{site.url}/slow"))
            await begun.wait()
            slow.cancel()
            await asyncio.wait([slow])
        assert (await fetcher.fetch(f"{site.url}/quick")).body == b"over h2 /quick"
        assert len(site.peers[0].reset) == 150
    assert site.spoken == ["h2"]


async def test_a_request_that_is_cancelled_does_not_disturb_the_one_beside_it():
    go_on = asyncio.Event()

    async def wait(peer, stream, headers):
        peer.head(stream)
        if headers[":path"] == "/good":
            await go_on.wait()
            await peer.body(stream, b"good")

    async with TlsSite(http2=wait) as site, site.fetcher() as fetcher:
        good, bad = (asyncio.create_task(fetcher.fetch(f"{site.url}/{name}")) for name in ("good", "bad"))
        while len(site.asked) < 2:
            await asyncio.sleep(0.01)
        bad.cancel()
        await asyncio.wait([bad])
        go_on.set()
        assert (await good).body == b"good"


async def rubbish(peer, _stream, _headers):
    peer.raw(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 2_000)


async def end_with_an_error(peer, _stream, _headers):
    peer.raw(goodbye(0, ErrorCodes.ENHANCE_YOUR_CALM))


async def hang_up(peer, _stream, _headers):
    peer.writer.close()


async def break_off(peer, stream, _headers):
    peer.head(stream, content_length="100")
    peer.h2.send_data(stream, b"<rss>")
    peer.flush()
    peer.writer.close()


async def wrong_length(peer, stream, _headers):
    await peer.reply(stream, b"<rss>", content_length="100")


async def wrong_packing(peer, stream, _headers):
    await peer.reply(stream, b"plain", content_encoding="gzip")


async def cut_packing(peer, stream, _headers):
    await peer.reply(stream, gzip.compress(b"<rss/>")[:-9], content_encoding="gzip")


async def no_status(peer, stream, _headers):
    peer.raw(frame(1, 0x5, stream, b""))


async def endless_continuations(peer, stream, _headers):
    peer.raw(frame(1, 0, stream, b"\x88"))
    for _ in range(200):
        peer.raw(frame(9, 0, stream, b"\x00\x01x\x7f\x81\x7e" + b"y" * 16_000))


async def header_bomb(peer, stream, _headers):
    """One long field in the table of the compression, and then ever again: a byte each time."""
    peer.raw(frame(1, 0x4, stream, b"\x88\x40\x01x\x7f\x81\x1e" + b"y" * 4_000 + b"\xbe" * 12_000))


async def many_fields(peer, stream, _headers):
    await peer.reply(stream, b"x", **{f"x{number}": "y" for number in range(600)})


async def push(peer, stream, _headers):
    peer.raw(frame(5, 0x4, stream, (2).to_bytes(4, "big") + b"\x88"))


async def pings(peer, _stream, _headers):
    for _ in range(20_000):
        peer.raw(frame(6, 0, 0, b"12345678"))


async def settings(peer, _stream, _headers):
    for number in range(20_000):
        peer.raw(frame(4, 0, 0, b"\x00\x04" + (number + 70_000).to_bytes(4, "big")))


async def empty_pieces(peer, stream, _headers):
    peer.head(stream)
    for _ in range(20_000):
        peer.raw(frame(0, 0, stream, b""))


async def long_frame(peer, stream, _headers):
    peer.raw(frame(0, 0, stream, bytes(2**20)))


def giving_up(code: ErrorCodes):
    async def handle(peer, stream, _):
        peer.h2.reset_stream(stream, code)
        peer.flush()

    return handle


FAULTS = {
    "rubbish": rubbish,
    "GOAWAY with an error": end_with_an_error,
    "no answer": hang_up,
    "half an answer": break_off,
    "a wrong length": wrong_length,
    "not packed as it says": wrong_packing,
    "packed and cut": cut_packing,
    "no status": no_status,
    "CONTINUATION without end": endless_continuations,
    "a bomb of header fields": header_bomb,
    "600 header fields": many_fields,
    "a push nobody asked for": push,
    "PING without end": pings,
    "SETTINGS without end": settings,
    "DATA without data": empty_pieces,
    "too long a frame": long_frame,
    "HTTP_1_1_REQUIRED": giving_up(ErrorCodes.HTTP_1_1_REQUIRED),
    "INTERNAL_ERROR": giving_up(ErrorCodes.INTERNAL_ERROR),
    "REFUSED_STREAM": giving_up(ErrorCodes.REFUSED_STREAM),
    "421 Misdirected Request": replying(b"", 421),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_fails_over_http2_is_answered_over_http1_in_the_same_fetch_and_from_then_on(fault):
    async with TlsSite(http2=FAULTS[fault]) as site, site.fetcher() as fetcher:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for name in "abc":
            assert (await fetcher.fetch(f"{site.url}/{name}", timeout=10)).body == f"over h1 /{name}".encode()
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * 1024
    assert site.protocols_asked == ["h2", "http/1.1", "http/1.1", "http/1.1"]


async def test_a_fault_of_http2_is_forgiven_after_a_day():
    async with TlsSite(http2=rubbish) as site, site.fetcher() as fetcher:
        now = [0.0]
        fetcher._opened()._speaks_http2._clock = lambda: now[0]
        await fetcher.fetch(f"{site.url}/a")
        site.http2 = plain_http2
        now[0] += 86_399
        assert (await fetcher.fetch(f"{site.url}/b")).body == b"over h1 /b"
        now[0] += 2
        assert (await fetcher.fetch(f"{site.url}/c")).body == b"over h2 /c"


async def test_a_server_that_ends_a_connection_answers_first_and_the_next_request_takes_a_new_one():
    async def answer_last(peer, stream, headers):
        peer.raw(goodbye(stream, ErrorCodes.NO_ERROR))
        await asyncio.sleep(0.02)
        await plain_http2(peer, stream, headers)

    async with TlsSite(http2=answer_last) as site, site.fetcher() as fetcher:
        assert [(await fetcher.fetch(f"{site.url}/{name}")).body for name in "ab"] == [b"over h2 /a", b"over h2 /b"]
    assert site.spoken == ["h2", "h2"]


async def test_a_request_that_met_with_the_end_of_a_kept_connection_is_asked_again_over_http2():
    async def end_after_one(peer, stream, headers):
        if stream == 1:
            await plain_http2(peer, stream, headers)
        else:
            peer.raw(goodbye(1, ErrorCodes.NO_ERROR))

    async with TlsSite(http2=end_after_one) as site, site.fetcher() as fetcher:
        assert [(await fetcher.fetch(f"{site.url}/{name}")).body for name in "ab"] == [b"over h2 /a", b"over h2 /b"]
    assert site.spoken == ["h2", "h2"]


async def test_an_answer_that_is_whole_counts_though_the_connection_ends_with_it():
    async def answer_and_go(peer, stream, headers):
        await plain_http2(peer, stream, headers)
        peer.writer.close()

    async with TlsSite(http2=answer_and_go) as site, site.fetcher() as fetcher:
        assert [(await fetcher.fetch(f"{site.url}/{name}")).body for name in "ab"] == [b"over h2 /a", b"over h2 /b"]


async def test_a_server_that_takes_one_request_at_a_time_gets_a_connection_for_each():
    running, most = 0, 0

    async def one_at_a_time(peer, stream, headers):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)
        running -= 1
        await plain_http2(peer, stream, headers)

    async def first(peer, stream, headers):
        peer.h2.update_settings({SettingCodes.MAX_CONCURRENT_STREAMS: 1})
        await plain_http2(peer, stream, headers)

    async with TlsSite(http2=first) as site, site.fetcher() as fetcher:
        await fetcher.fetch(f"{site.url}/a")
        site.http2 = one_at_a_time
        await asyncio.gather(fetcher.fetch(f"{site.url}/b"), fetcher.fetch(f"{site.url}/c"))
    assert (most, site.protocols_asked) == (2, ["h2"] * 3)


async def test_a_host_that_gives_http2_up_is_asked_over_http1_and_one_that_takes_it_up_over_http2():
    async with TlsSite() as site, site.fetcher() as fetcher:
        bodies = []
        for protocol in ("h2", "http/1.1", "h2"):
            site.offer(protocol)
            bodies.append((await fetcher.fetch(f"{site.url}/{protocol}")).body)
            site.hang_up()
            await asyncio.sleep(0.05)
    assert bodies == [b"over h2 /h2", b"over h1 /http/1.1", b"over h2 /h2"]


class Leading(AbstractResolver):
    """Names that lead to these addresses, one after the other."""

    def __init__(self, *addresses: str, port: int = 0) -> None:
        self.addresses, self.port = list(addresses), port

    async def resolve(self, host, port=0, family=socket.AF_INET):
        address = self.addresses.pop(0)
        kind = socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=self.port or port, family=kind, proto=0, flags=0)]

    async def close(self):
        pass


async def test_the_certificate_is_checked_for_the_name_and_sent_the_name():
    async with TlsSite(names=("news.example",)) as site, site.fetcher() as fetcher:
        fetcher._opened()._session.connector._resolver = Leading("127.0.0.1")
        url = f"https://news.example:{site.port}/feed"
        assert (await fetcher.fetch(url)).body == b"over h2 /feed"
        assert site.asked[0][1][":authority"] == f"news.example:{site.port}"
        with pytest.raises(FetchError, match=r"certificate of 127\.0\.0\.1 is not good: .*mismatch") as caught:
            await fetcher.fetch(f"{site.url}/feed")
    assert caught.value.status is None
    assert len(site.asked) == 1


async def test_an_authority_that_is_not_trusted_is_a_failure():
    async with TlsSite() as site, site.fetcher(trust=ssl.create_default_context) as fetcher:
        with pytest.raises(FetchError, match=r"certificate of 127\.0\.0\.1 is not good"):
            await fetcher.fetch(f"{site.url}/feed")
    assert site.asked == []


async def test_a_forbidden_address_is_not_connected_to():
    async with TlsSite() as site, site.fetcher(networks=()) as fetcher:
        with pytest.raises(FetchForbidden, match="not on the public internet"):
            await fetcher.fetch(f"{site.url}/feed")
    assert site.spoken == []


async def test_a_name_that_leads_elsewhere_the_second_time_leads_nowhere():
    networks = (ip_network("127.0.0.1/32"),)
    async with TlsSite(names=("news.example",)) as site, site.fetcher(networks=networks) as fetcher:
        connector = fetcher._opened()._session.connector
        connector._resolver = Leading("127.0.0.1", "127.0.0.2")
        url = f"https://news.example:{site.port}/feed"
        assert (await fetcher.fetch(url)).body == b"over h2 /feed"
        assert (await fetcher.fetch(url)).body == b"over h2 /feed"  # over the connection that was checked
        site.hang_up()
        await asyncio.sleep(0.05)
        connector.clear_dns_cache()
        with pytest.raises(FetchForbidden):
            await fetcher.fetch(url)
    assert len(site.spoken) == 1


async def test_a_redirect_inwards_is_refused():
    inwards, networks = replying(b"", 302, location="https://127.0.0.2/"), (ip_network("127.0.0.1/32"),)
    async with TlsSite(http2=inwards) as site, site.fetcher(networks=networks) as fetcher:
        with pytest.raises(FetchForbidden):
            await fetcher.fetch(f"{site.url}/feed")
    assert site.protocols_asked == ["h2"]


async def test_a_server_that_is_not_there_is_a_failure():
    async with TlsSite() as site, site.fetcher(1) as fetcher:
        with pytest.raises(FetchError, match="cannot connect"):
            await fetcher.fetch("https://127.0.0.1:1/")


async def test_a_server_that_chokes_on_the_handshake_is_asked_once_more_over_http1():
    offered = []

    async def choke(reader, writer):
        offered.append(b"\x02h2" in await reader.read(9_000))
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(choke, "127.0.0.1", 0) as server, TlsSite() as site:
        port = server.sockets[0].getsockname()[1]
        async with site.fetcher(port) as fetcher:
            for _ in range(2):
                with pytest.raises(FetchError, match="cannot connect"):
                    await fetcher.fetch(f"https://127.0.0.1:{port}/")
    assert offered == [True, False, False]


async def test_should_aiohttp_not_ask_us_who_speaks_http1_is_spoken():
    async with TlsSite() as site, site.fetcher() as fetcher:
        connector = fetcher._opened()._session.connector
        connector._factory = functools.partial(ResponseHandler, loop=asyncio.get_running_loop())
        assert (await fetcher.fetch(f"{site.url}/feed")).body == b"over h1 /feed"


async def test_a_form_is_sent_over_http1():
    async with TlsSite() as site, site.fetcher() as fetcher:
        assert await fetcher.post(f"{site.url}/hub", {"hub.mode": "subscribe"}) == 200
    assert site.spoken == ["http/1.1"]


async def test_an_idle_connection_is_closed_with_a_word(monkeypatch):
    monkeypatch.setattr("bot.feeds.http2._KEEP_ALIVE", 0.1)
    async with TlsSite() as site, site.fetcher() as fetcher:
        await fetcher.fetch(f"{site.url}/feed")
        await asyncio.wait_for(site.ended.wait(), 3)
        assert site.peers[0].goodbyes == 1
        await asyncio.sleep(0.05)
        assert not fetcher._opened()._kept._all


async def test_closing_the_fetcher_ends_what_is_on_its_way():
    async def never(*_):
        pass

    async with TlsSite(http2=never) as site:
        async with site.fetcher() as fetcher:
            asked = asyncio.create_task(fetcher.fetch(f"{site.url}/feed"))
            while not site.asked:
                await asyncio.sleep(0.01)
        with pytest.raises(FetchError):
            await asked


def test_what_was_learnt_is_forgotten_in_time_and_when_there_is_too_much():
    now = [0.0]
    learnt = Learnt(3, 10, lambda: now[0])
    for key in "abcd":
        learnt.remember(key, key.upper())
        now[0] += 1
    assert [learnt.recall(key) for key in "abcd"] == [None, "B", "C", "D"]
    learnt.remember("b", "again")
    now[0] = 13.5
    assert [learnt.recall(key) for key in "abcd"] == [None, "again", None, None]
    assert len(learnt) == 1
