"""What went wrong with a request, in words for an admin (aiohttp)."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp

from bot.errors import FetchError, FetchForbidden
from bot.feeds.addresses import ForbiddenAddressError
from bot.feeds.answer import printable


@contextmanager
def translated(host: str) -> Iterator[None]:
    """Every way in which a request to a host may fail becomes a FetchError, but for time-outs.

    Raises:
        FetchForbidden: the address may not be reached.
        FetchError: anything else but TimeoutError.
    """
    try:
        yield
    except TimeoutError:
        raise
    except aiohttp.ClientConnectorCertificateError as error:
        raise FetchError(f"the certificate of {host} is not good: {_flaw(error.certificate_error)}") from error
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, ForbiddenAddressError):
            raise FetchForbidden(f"{host} is not on the public internet (see ALLOWED_NETWORKS)") from error
        raise FetchError(f"cannot connect to {host}: {error.os_error.strerror or error.os_error}") from error
    except aiohttp.InvalidURL as error:
        raise FetchForbidden(f"{host} is no proper host name or address") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise FetchError(f"the answer of {host} is broken: {_words(error)}") from error


def _flaw(error: Exception) -> str:
    return error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else _words(error)


def _words(error: Exception) -> str:
    return printable(str(error)) or type(error).__name__
