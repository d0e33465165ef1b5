"""What a request costs over HTTP/2 and over HTTP/1.1: CPU of the program, and memory of a connection that is kept.

    PYTHONPATH=. python benchmarks/http2_cost.py [--requests 1000] [--connections 300]

A TLS server on loopback, in a process of its own, speaks one of the two; the fetcher is the program's. Each figure is
taken in a fresh process: 'not modified' and a feed of 60 kB on one kept connection, two at once; 'not modified' on a
new connection each time; the resident memory that so many idle connections to as many hosts add.
"""

import argparse
import asyncio
import gzip
import multiprocessing
import os
import random
import socket
import ssl
import sys
from ipaddress import ip_network
from pathlib import Path

from aiohttp.abc import AbstractResolver, ResolveResult

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
VALIDATOR, DOMAIN = '"1"', "news.example"
CASES = ("not modified, kept", "feed of 60 kB, kept", "not modified, new")


def feed() -> bytes:
    chance = random.Random(1)
    return gzip.compress("".join(chance.choices("aaaabcdefghij <>/", k=30_000) * 2).encode())


async def serve(protocol: str, ready) -> None:
    from tls_site import TlsSite, authority, http1

    body = feed()

    async def over_http2(peer, stream, headers):
        if headers[":path"] == "/feed":
            await peer.reply(stream, body, content_encoding="gzip", etag=VALIDATOR)
        else:
            await peer.reply(stream, b"", 304, etag=VALIDATOR)
        site.asked.clear()

    def over_http1(headers):
        site.asked.clear()
        if headers[":path"] == "/feed":
            return http1(body, "200 OK", "Content-Encoding: gzip", f"ETag: {VALIDATOR}")
        return f"HTTP/1.1 304 Not Modified\r\nETag: {VALIDATOR}\r\n\r\n".encode()

    async with TlsSite(protocol, http2=over_http2, http1=over_http1, names=(DOMAIN, f"*.{DOMAIN}")) as site:
        ready.send((site.port, authority().cert_pem.bytes().decode()))
        await asyncio.Event().wait()


def run_server(protocol: str, ready) -> None:
    asyncio.run(serve(protocol, ready))


class Loopback(AbstractResolver):
    """Every name leads here."""

    async def resolve(self, host, port=0, family=socket.AF_INET):  # noqa: ARG002
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self):
        pass


def resident() -> float:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024


async def ask(case: str, count: int, port: int, authority: str) -> float:
    """Microseconds of CPU a request; kB a connection for the case of idle connections."""
    from bot.feeds.fetch import HttpFetcher
    from bot.models import Validators

    def trust():
        context = ssl.create_default_context()
        context.load_verify_locations(cadata=authority)
        return context

    path = "feed" if case.startswith("feed") else "304"
    networks = (ip_network("127.0.0.0/8"),)
    known = Validators(etag=VALIDATOR)

    async def one(number: int) -> None:
        host = f"x{number + 10}.{DOMAIN}" if case.endswith(("new", "idle")) else DOMAIN
        await fetcher.fetch(f"https://{host}:{port}/{path}", validators=known)

    async with HttpFetcher(user_agent="x", allowed_networks=networks, allowed_ports=(port,), trust=trust) as fetcher:
        fetcher._opened()._session.connector._resolver = Loopback()  # noqa: SLF001
        for number in range(-10, 0):
            await one(number)
        before, spent = resident(), sum(os.times()[:2])
        for number in range(0, count, 2):
            await asyncio.gather(one(number), one(number + 1))
        return resident() - before if case.endswith("idle") else (sum(os.times()[:2]) - spent) / count * 1e6


def run_client(case: str, count: int, port: int, authority: str, result) -> None:
    result.send(asyncio.run(ask(case, count, port, authority)))


def measured(protocol: str, case: str, count: int) -> float:
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    server = context.Process(target=run_server, args=(protocol, sender), daemon=True)
    server.start()
    client = context.Process(target=run_client, args=(case, count, *receiver.recv(), sender))
    client.start()
    figure = receiver.recv()
    client.join()
    server.terminate()
    return figure


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--requests", type=int, default=1_000)
    options.add_argument("--connections", type=int, default=300)
    chosen = options.parse_args()
    for case in CASES:
        http1, http2 = (measured(protocol, case, chosen.requests) for protocol in ("http/1.1", "h2"))
        print(f"{case:22} {http1:6.0f} µs over HTTP/1.1, {http2:6.0f} µs over HTTP/2")
    http1, http2 = (measured(name, "idle", chosen.connections) / chosen.connections for name in ("http/1.1", "h2"))
    print(f"an idle connection     {http1:6.0f} kB over HTTP/1.1, {http2:6.0f} kB over HTTP/2")


if __name__ == "__main__":
    main()
