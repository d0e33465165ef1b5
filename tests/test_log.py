"""What a log line looks like, and that no secret gets into one."""

import logging

import pytest

from bot.log import LineFormatter, redact, set_up_logging

TOKEN = "110201543:" + "AbC-dEf_" * 4 + "xyz"


def line_of(message, *args, error=None, secrets=()):
    record = logging.LogRecord("bot.x", logging.INFO, __file__, 1, message, args, error)
    return LineFormatter(secrets=secrets).format(record)


def failure(text):
    try:
        return {}[text]
    except KeyError as error:
        return (KeyError, error, error.__traceback__)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"POST https://api.telegram.org/bot{TOKEN}/sendMessage", "POST https://api.telegram.org/bot***/sendMessage"),
        ("postgresql://me:hush@host/name", "postgresql://me:***@host/name"),
        ("key sk-proj-abcdefghij0123456789 given", "key *** given"),
        ("Authorization: Bearer abcdef.123456", "Authorization: Bearer ***"),
        ("https://x.example/feed?id=1&token=abc&b=2", "https://x.example/feed?id=1&token=***&b=2"),
        ("posted: chat=-1001234567890 at=12:30:05 id=7", "posted: chat=-1001234567890 at=12:30:05 id=7"),
        ("a task-force-of-the-united-cities-met", "a task-force-of-the-united-cities-met"),
    ],
)
def test_secrets_are_taken_out_by_their_shape_and_nothing_else_is(text, left):
    assert redact(text) == left


def test_a_secret_without_shape_is_taken_out_by_its_value():
    assert line_of("sent with %s", "1:short", secrets=["1:short"]).endswith("INFO sent with ***")


def test_a_traceback_holds_no_secret():
    text = line_of("poll failed: feed=1", error=failure(f"GET /bot{TOKEN}/getMe"))
    assert "KeyError: 'GET /bot***/getMe'" in text
    assert TOKEN not in text


def test_an_event_stays_one_line_whatever_a_feed_puts_into_it():
    text = line_of("skipped: title=%s", "fine\nERROR forged: chat=1\x1b[31m\u2028end")
    assert text.splitlines() == [text]
    assert "\x1b" not in text


def test_libraries_that_log_addresses_are_quiet_at_info_and_at_debug():
    root = logging.getLogger()
    before = (root.level, root.handlers[:])
    try:
        set_up_logging("DEBUG")
        assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
        assert logging.getLogger("bot.poller").isEnabledFor(logging.DEBUG)
    finally:
        root.setLevel(before[0])
        root.handlers[:] = before[1]
