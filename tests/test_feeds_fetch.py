import asyncio
import gzip
import resource
import socket
import threading
import zlib
from contextlib import asynccontextmanager
from ipaddress import ip_address, ip_network
from types import SimpleNamespace

import brotli
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from bot.errors import FetchError, FetchForbidden, FetchTooLarge
from bot.feeds.addresses import check_url, is_allowed, ports_of
from bot.feeds.answer import redirect_of
from bot.feeds.fetch import HttpFetcher
from bot.feeds.headers import freshness, linked, retry_after
from bot.feeds.hosts import Hosts
from bot.feeds.resolver import ThreadResolver
from bot.models import Validators

try:
    from compression import zstd
except ImportError:  # before Python 3.14
    from backports import zstd

LOOPBACK = (ip_network("127.0.0.0/8"),)
NOW = 1_772_452_800
PACKERS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}


@asynccontextmanager
async def serving(*routes):
    """A server with these (path, handler) routes, and a fetcher that may reach it."""
    application = web.Application()
    application.add_routes([web.get(path, handler) for path, handler in routes])
    async with TestServer(application) as server, fetching(server.port) as fetcher:
        yield str(server.make_url("")).rstrip("/"), fetcher


@asynccontextmanager
async def answering(answer: bytes, *, pause: float = 0.0):
    """A server that sends these bytes to whoever connects, one by one where there is a pause."""

    async def handle(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        try:
            for piece in [answer] if not pause else [answer[at : at + 1] for at in range(len(answer))]:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(pause)
        except ConnectionError:
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with fetching(port) as fetcher:
            yield f"http://127.0.0.1:{port}/feed", fetcher


def fetching(*ports, networks=LOOPBACK, **options):
    return HttpFetcher(
        user_agent="Tidings/1 (+https://tidings.example)", allowed_networks=networks, allowed_ports=ports, **options
    )


def replying(body: bytes = b"<rss/>", status: int = 200, **headers):
    async def handle(request):
        return web.Response(body=body, status=status, headers={n.replace("_", "-"): v for n, v in headers.items()})

    return handle


def sending_to(target: str, status: int = 301):
    return replying(b"", status, Location=target)


async def test_a_good_answer_carries_all_that_the_next_poll_needs():
    handler = replying(
        b"<rss/>",
        ETag='W/"a b"',
        Last_Modified="Mon, 02 Mar 2026 10:00:00 GMT",
        Content_Type="text/xml; charset=koi8-r",
        Cache_Control="public, max-age=900",
        Link='<https://hub.example/>; rel="hub", </feed>; rel=self',
    )
    async with serving(("/feed", handler)) as (base, fetcher):
        answer = await fetcher.fetch(f"{base}/feed")
    assert (answer.status, answer.body, answer.content_type) == (200, b"<rss/>", "text/xml; charset=koi8-r")
    assert (answer.validators.etag, answer.validators.last_modified) == ('W/"a b"', "Mon, 02 Mar 2026 10:00:00 GMT")
    assert answer.validators.body_hash
    assert (answer.freshness, answer.hub, answer.self_link) == (900, "https://hub.example/", f"{base}/feed")
    assert answer.permanent_url == ""


async def test_a_request_names_the_program_and_nothing_of_the_reader():
    asked = []

    async def handle(request):
        asked.append(request.headers)
        return web.Response(body=b"x", headers={"Set-Cookie": "id=1"})

    async with serving(("/feed", handle)) as (base, fetcher):
        await fetcher.fetch(f"{base}/feed")
        await fetcher.fetch(f"{base}/feed")
    assert all(headers["User-Agent"] == "Tidings/1 (+https://tidings.example)" for headers in asked)
    assert all({"gzip", "br", "zstd"} <= set(headers["Accept-Encoding"].split(", ")) for headers in asked)
    assert not any({"Cookie", "Referer", "If-None-Match", "If-Modified-Since"} & set(headers) for headers in asked)


async def test_validators_go_back_byte_for_byte_and_304_keeps_and_renews_them():
    asked = []

    async def handle(request):
        asked.append((request.headers["If-None-Match"], request.headers["If-Modified-Since"]))
        return web.Response(status=304, headers={"Last-Modified": "later"})

    known = Validators(etag='W/"odd é, "', last_modified="Tue,  3 March", body_hash="h")
    async with serving(("/feed", handle)) as (base, fetcher):
        answer = await fetcher.fetch(f"{base}/feed", validators=known)
    assert asked == [('W/"odd é, "', "Tue,  3 March")]
    assert (answer.status, answer.body) == (304, b"")
    assert answer.validators == Validators(etag='W/"odd é, "', last_modified="later", body_hash="h")


@pytest.mark.parametrize(
    ("modified", "etag", "kept"),
    [
        ("Mon, 02 Mar 2026 11:59:58 GMT", "", False),
        ("Mon, 02 Mar 2026 11:59:00 GMT", "", True),
        ("Mon, 02 Mar 2026 11:59:58 GMT", '"x"', True),
        ("today", "", True),
    ],
)
async def test_a_date_under_which_a_later_change_could_hide_is_no_validator(modified, etag, kept):
    handler = replying(Date="Mon, 02 Mar 2026 12:00:00 GMT", Last_Modified=modified, ETag=etag)
    async with serving(("/feed", handler)) as (base, fetcher):
        assert ((await fetcher.fetch(f"{base}/feed")).validators.last_modified == modified) is kept


async def test_a_304_that_nobody_asked_for_is_a_failure():
    async with serving(("/feed", replying(b"", 304))) as (base, fetcher):
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(f"{base}/feed")
    assert caught.value.status == 304


@pytest.mark.parametrize(
    ("encoding", "packed"),
    # Named by the encoding: gzip writes the time into its bytes, and the workers of a test run must agree on names.
    [pytest.param(name, pack(b"<rss/>"), id=name) for name, pack in PACKERS.items()],
)
async def test_a_compressed_body_is_unpacked(encoding, packed):
    async with serving(("/feed", replying(packed, Content_Encoding=encoding))) as (base, fetcher):
        assert (await fetcher.fetch(f"{base}/feed")).body == b"<rss/>"


@pytest.mark.parametrize("name", PACKERS)
async def test_a_bomb_is_stopped_at_the_limit(name):
    bomb = PACKERS[name](bytes(5_000_000))
    async with serving(("/feed", replying(bomb, Content_Encoding=name))) as (base, fetcher):
        with pytest.raises(FetchTooLarge):
            await fetcher.fetch(f"{base}/feed", limit=100_000)


def packed_zeros(name: str, megabytes: int) -> bytes:
    """So many megabytes of nothing, packed piece by piece, so that the test itself never holds them."""
    piece = bytes(2**20)
    if name == "br":
        packer = brotli.Compressor(quality=1)
        return b"".join(packer.process(piece) for _ in range(megabytes)) + packer.finish()
    packer = zstd.ZstdCompressor() if name == "zstd" else zlib.compressobj(wbits=31)
    return b"".join(packer.compress(piece) for _ in range(megabytes)) + packer.flush()


@pytest.mark.parametrize("name", ["gzip", "br", "zstd"])
async def test_a_bomb_takes_no_more_memory_than_a_body_may(name):
    bomb = packed_zeros(name, 150)
    async with serving(("/feed", replying(bomb, Content_Encoding=name))) as (base, fetcher):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with pytest.raises(FetchTooLarge):
            await fetcher.fetch(f"{base}/feed")
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024


async def test_a_body_that_says_it_is_too_large_is_not_read():
    async with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n") as (url, fetcher):
        with pytest.raises(FetchTooLarge):
            await fetcher.fetch(url)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nwrong",
        b"nonsense\r\n\r\n",
        b"",
    ],
)
async def test_a_broken_answer_is_a_failure_not_a_short_feed(answer):
    async with answering(answer) as (url, fetcher):
        with pytest.raises(FetchError):
            await fetcher.fetch(url)


async def test_a_dripping_body_ends_at_the_deadline():
    async with answering(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 500, pause=0.02) as (url, fetcher):
        with pytest.raises(FetchError, match=r"within 0\.2 s"):
            await fetcher.fetch(url, timeout=0.2)


async def test_a_server_that_is_not_there_is_a_failure():
    async with fetching(1) as fetcher:
        with pytest.raises(FetchError, match="cannot connect"):
            await fetcher.fetch("http://127.0.0.1:1/")


@pytest.mark.parametrize(
    ("statuses", "is_permanent"),
    [((301,), True), ((308, 301), True), ((302,), False), ((301, 307), False), ((303,), False)],
)
async def test_redirects_are_followed_and_only_wholly_permanent_ones_are_a_move(statuses, is_permanent):
    routes = [(f"/{n}", sending_to(f"/{n + 1}", status)) for n, status in enumerate(statuses)]
    async with serving(*routes, (f"/{len(statuses)}", replying())) as (base, fetcher):
        answer = await fetcher.fetch(f"{base}/0")
    assert answer.url == f"{base}/{len(statuses)}"
    assert answer.permanent_url == (answer.url if is_permanent else "")


@pytest.mark.parametrize(
    "target", ["/0", "http://127.0.0.1:1/", "file:///etc/passwd", "http://user@x.example/", "//[", ""]
)
async def test_a_redirect_to_nowhere_good_is_a_failure(target):
    async with serving(("/0", sending_to(target))) as (base, fetcher):
        with pytest.raises(FetchError):
            await fetcher.fetch(f"{base}/0")


async def test_five_redirects_are_followed_and_six_are_not():
    routes = [(f"/{n}", sending_to(f"/{n + 1}")) for n in range(6)]
    async with serving(*routes, ("/6", replying())) as (base, fetcher):
        assert (await fetcher.fetch(f"{base}/1")).status == 200
        with pytest.raises(FetchError, match="more than 5"):
            await fetcher.fetch(f"{base}/0")


async def test_a_redirect_inwards_is_refused():
    async with serving(("/0", sending_to("http://127.0.0.2/secret", 302))) as (base, _):
        port = int(base.rpartition(":")[2])
        async with fetching(port, networks=(ip_network("127.0.0.1/32"),)) as strict:
            with pytest.raises(FetchForbidden, match="not on the public internet"):
                await strict.fetch(f"{base}/0")


class Rebinding(AbstractResolver):
    """A name that leads to a good address when it is asked for first, and to another from then on."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)

    async def resolve(self, host, port=0, family=socket.AF_INET):
        address = self.addresses.pop(0)
        return [ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self):
        pass


async def test_a_name_that_leads_elsewhere_the_second_time_leads_nowhere():
    asked = []

    async def handle(request):
        asked.append(request.host)
        return web.Response(body=b"<rss/>", headers={"Connection": "close"})

    application = web.Application()
    application.add_routes([web.get("/feed", handle)])
    async with TestServer(application, host="0.0.0.0") as server:
        url = f"http://rebinding.example:{server.port}/feed"
        async with fetching(server.port, networks=(ip_network("127.0.0.1/32"),)) as fetcher:
            connector = fetcher._opened()._session.connector
            connector._resolver = Rebinding("127.0.0.1", "127.0.0.2")
            assert (await fetcher.fetch(url)).status == 200
            connector.clear_dns_cache()
            with pytest.raises(FetchForbidden, match="not on the public internet"):
                await fetcher.fetch(url)
    assert len(asked) == 1


async def test_a_form_goes_no_more_inwards_than_a_question_does():
    async with fetching(networks=()) as fetcher:
        for url in ("http://127.0.0.1/hub", "http://[::ffff:10.0.0.1]/hub", "http://hub.example:22/", "file:///hub"):
            with pytest.raises(FetchForbidden):
                await fetcher.post(url, {"hub.mode": "subscribe"})


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0/",
        "http://127.0.0.1./",
        "http://１２７.０.０.１/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fe80::1%25lo]/",
    ],
)
async def test_no_notation_leads_to_a_private_address(url):
    async with fetching(networks=()) as fetcher:
        with pytest.raises(FetchForbidden):
            await fetcher.fetch(url, timeout=3)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.0.0.8", "192.0.2.1",
        "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "255.255.255.255", "::",
        "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1", "64:ff9b:1::1", "2001:db8::1", "2002:7f00:1::",
        "2002:a00:1::", "2001::1", "fc00::1", "fd00::1", "fe80::1", "fec0::1", "ff02::1", "fe80::1%eth0",
    ],
)  # fmt: skip
def test_addresses_that_lead_inwards_are_refused(address):
    assert not is_allowed(ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "2a00:1450::1"])
def test_public_addresses_are_allowed(address):
    assert is_allowed(ip_address(address))


def test_what_the_admin_allows_is_allowed_in_its_mapped_form_too():
    assert is_allowed(ip_address("::ffff:127.0.0.1"), LOOPBACK)
    assert not is_allowed(ip_address("10.0.0.1"), LOOPBACK)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://x.example/", "only http"),
        ("file:///etc/passwd", "only http"),
        ("x.example/feed", "only http"),
        ("http://user:secret@x.example/", "password"),
        ("http://x.example:22/", "port 22"),
        ("http://x.example:0/", "port 0"),
        ("http:///feed", "no host"),
        ("http://x.example:99999/", "cannot be read"),
    ],
)
def test_addresses_that_are_not_fetched(url, reason):
    with pytest.raises(FetchForbidden, match=reason):
        check_url(url, frozenset({80, 443}))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "１２７.０.０.１", "169.254.169.254", "[::1]",
     "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "localhost", "metadata.google.internal", "printer.local", "redis"],
)  # fmt: skip
async def test_a_proxy_is_not_asked_for_what_is_plainly_inside(host):
    async with fetching(networks=(), proxy="http://127.0.0.1:1") as fetcher:
        with pytest.raises(FetchForbidden, match=r"not on the public internet|cannot be read"):
            await fetcher.fetch(f"http://{host}/")


async def test_a_proxy_is_asked_for_the_rest_and_a_redirect_inwards_through_it_is_refused():
    asked = []

    async def handle(request):
        asked.append(request.raw_path)
        return web.Response(status=302, headers={"Location": "http://10.0.0.1/secret"})

    application = web.Application()
    application.add_routes([web.get("/{tail:.*}", handle)])
    async with TestServer(application) as server, fetching(networks=(), proxy=str(server.make_url("/"))) as fetcher:
        with pytest.raises(FetchForbidden, match=r"10\.0\.0\.1 is not on the public internet"):
            await fetcher.fetch("http://news.example/feed")
    assert asked == ["http://news.example/feed"]


async def test_names_that_nobody_answers_for_keep_no_other_name_waiting():
    blocked = threading.Event()

    def look_up(host, port, **_options):
        if host.startswith("slow"):
            blocked.wait()
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", port))]

    resolver = ThreadResolver(look_up)
    waiting = [asyncio.create_task(resolver.resolve(f"slow{number}.example", 80)) for number in range(40)]
    try:
        assert (await resolver.resolve("quick.example", 80))[0]["host"] == "192.0.2.1"
        assert not any(task.done() for task in waiting)
    finally:
        blocked.set()
    await asyncio.gather(*waiting)


async def test_a_name_without_an_address_is_a_failure():
    def look_up(*_arguments, **_options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async with fetching() as fetcher:
        fetcher._opened()._session.connector._resolver = ThreadResolver(look_up)
        with pytest.raises(FetchError, match=r"cannot connect to news\.example: .*Name or service not known"):
            await fetcher.fetch("http://news.example/")


async def test_long_headers_are_read_and_endless_ones_are_not():
    policy = b"Content-Security-Policy: " + b"x" * 30_000 + b"\r\n"
    async with answering(b"HTTP/1.1 200 OK\r\n" + policy + b"\r\n<rss/>") as (url, fetcher):
        assert (await fetcher.fetch(url)).body == b"<rss/>"
    for endless in (b"X: " + b"y" * 300_000, b"X: y\r\n" * 10_000):
        async with answering(b"HTTP/1.1 200 OK\r\n" + endless) as (url, fetcher):
            with pytest.raises(FetchError):
                await fetcher.fetch(url)


def test_a_redirect_in_another_character_set_is_followed_byte_by_byte():
    answer = SimpleNamespace(status=301, headers={"Location": "/caf\udce9"})  # as the library hands over a byte E9
    assert redirect_of("http://news.example/", answer).target == "http://news.example/caf%E9"


def test_the_ports_written_in_feeds_are_found():
    assert ports_of(["http://x.example:8000/f", "https://y.example/", "http://[broken", "http://z.example:8001"]) == {
        8000,
        8001,
    }


@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_that_asks_to_wait_is_left_alone(status):
    asked = []

    async def handle(request):
        asked.append(request.path)
        return web.Response(status=status, headers={"Retry-After": "120"})

    async with serving(("/a", handle), ("/b", handle)) as (base, fetcher):
        with pytest.raises(FetchError) as first:
            await fetcher.fetch(f"{base}/a")
        with pytest.raises(FetchError, match="left alone") as second:
            await fetcher.fetch(f"{base}/b")
    assert asked == ["/a"]
    assert (first.value.status, first.value.retry_after) == (status, 120)
    assert 118 <= second.value.retry_after <= 121


async def test_a_hub_that_asks_to_wait_is_left_alone():
    answer = b"HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    async with answering(answer) as (hub, fetcher):
        assert await fetcher.post(hub, {"hub.mode": "subscribe"}) == 503
        with pytest.raises(FetchError, match="left alone"):
            await fetcher.post(hub, {"hub.mode": "subscribe"})


async def test_a_host_that_has_too_much_and_does_not_say_for_how_long_is_left_alone_twice_as_long_each_time():
    now, hosts = [0.0], Hosts(5, lambda: now[0], pause=100)
    for wait in (100, 200, 400):
        hosts.close("x.example", None)
        hosts.close("x.example", None)  # the request that ran beside it
        now[0] += wait - 1
        with pytest.raises(FetchError, match="left alone") as caught:
            async with hosts.turn("x.example"):
                pass
        assert caught.value.retry_after <= 2
        now[0] += 1
    async with hosts.turn("x.example"):
        pass
    hosts.close("x.example", None)
    now[0] += 100
    async with hosts.turn("x.example"):
        pass


async def test_a_refused_feed_closes_its_host_and_a_refused_page_does_not():
    async def handle(request):
        return web.Response(status=429)

    async with serving(("/a", handle)) as (base, fetcher):
        for _ in range(2):
            with pytest.raises(FetchError, match="answers 429"):
                await fetcher.fetch(f"{base}/a", closes_host=False)
        with pytest.raises(FetchError, match="answers 429"):
            await fetcher.fetch(f"{base}/a")
        with pytest.raises(FetchError, match="left alone") as caught:
            await fetcher.fetch(f"{base}/a")
        assert 3_500 < caught.value.retry_after <= 3_601


async def test_at_most_two_requests_go_to_a_host_at_once():
    now, most = 0, 0

    async def handle(request):
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.02)
        now -= 1
        return web.Response(body=b"x")

    async with serving(("/feed", handle)) as (base, fetcher):
        await asyncio.gather(*(fetcher.fetch(f"{base}/feed") for _ in range(8)))
    assert most == 2


async def test_a_dead_host_does_not_keep_those_who_wait():
    async with answering(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 500, pause=0.05) as (url, fetcher):
        begun = asyncio.get_running_loop().time()
        found = await asyncio.gather(*(fetcher.fetch(url, timeout=0.2) for _ in range(20)), return_exceptions=True)
        assert asyncio.get_running_loop().time() - begun < 1.2
    assert all(isinstance(error, FetchError) for error in found)
    assert sum("does not answer" in str(error) for error in found) >= 16


async def test_one_refusal_says_nothing_about_the_host():
    async with serving(("/good", replying())) as (base, fetcher):
        wanted = [f"{base}/{name}" for name in ("bad", "bad", "bad", "good")]
        found = await asyncio.gather(*(fetcher.fetch(url) for url in wanted), return_exceptions=True)
    assert [getattr(one, "status", None) for one in found] == [404, 404, 404, 200]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=600"}, 600),
        ({"Cache-Control": "public, MAX-AGE=600", "Age": "100"}, 500),
        ({"Cache-Control": "max-age=600", "Age": "900"}, None),
        ({"Cache-Control": "s-maxage=600"}, None),
        ({"Cache-Control": "no-cache, max-age=600"}, None),
        ({"Cache-Control": "max-age=0", "Expires": "Mon, 02 Mar 2026 13:00:00 GMT"}, None),
        ({"Expires": "Mon, 02 Mar 2026 13:00:00 GMT"}, 3600),
        ({"Expires": "Mon, 02 Mar 2026 13:00:00 GMT", "Date": "Mon, 02 Mar 2026 12:30:00 GMT"}, 1800),
        ({"Expires": "0"}, None),
        ({"Expires": "-1"}, None),
    ],
)
def test_freshness_by_the_servers_word(headers, seconds):
    assert freshness(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("Mon, 02 Mar 2026 12:10:00 GMT", 601),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(value, seconds):
    assert retry_after({"Retry-After": value}, NOW) == seconds


def test_a_date_to_come_again_is_read_by_the_servers_own_clock():
    headers = {"Retry-After": "Mon, 02 Mar 2026 09:10:00 GMT", "Date": "Mon, 02 Mar 2026 09:00:00 GMT"}
    assert retry_after(headers, NOW) == 601


def test_link_headers_are_read():
    values = ['<a>; rel="alternate", <https://hub.example/>; type=x; rel="up hub"', "<b>; rel=self"]
    assert linked(values, "hub", "https://x.example/") == "https://hub.example/"
    assert linked(values, "self", "https://x.example/y") == "https://x.example/b"
    assert linked(values, "next", "https://x.example/") == ""
