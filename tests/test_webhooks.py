"""What the settings of the web server take, and which of them do not go together."""

import pytest

from bot.config import parse_settings
from bot.errors import ConfigurationError
from bot.serving import webhook_of
from bot.webhooks import derived_secret, read_listen

TOKEN = "123456:a-token-that-only-tests-know"
PUBLIC = "https://bot.example.org"


def problems_of(**values):
    with pytest.raises(ConfigurationError) as caught:
        parse_settings(values)
    return caught.value.problems


def test_without_any_of_them_there_is_no_server():
    assert parse_settings({}).listen is None
    assert webhook_of(parse_settings({})) is None


def test_a_public_address_alone_listens_on_loopback():
    assert parse_settings({"webhook_url": PUBLIC}).listen == ("127.0.0.1", 8080)
    assert parse_settings({"webhook_url": PUBLIC, "webhook_listen": "0.0.0.0:80"}).listen == ("0.0.0.0", 80)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("127.0.0.1:8080", ("127.0.0.1", 8080)),
        ("[::1]:8080", ("::1", 8080)),
        ("localhost:1", ("localhost", 1)),
        ("8080", None),
        (":8080", None),
        ("127.0.0.1:0", None),
        ("127.0.0.1:65536", None),
        ("::1:8080", None),
        ("http://x:1", None),
        ("127.0.0.1:٨٠", None),
    ],
)
def test_a_place_to_listen_is_a_host_and_a_port(text, place):
    assert read_listen(text) == place


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"telegram_mode": "webhook"}, "WEBHOOK_URL is missing"),
        ({"telegram_mode": "webhook", "webhook_url": "http://bot.example.org"}, "https:// addresses only"),
        ({"telegram_mode": "webhook", "webhook_url": PUBLIC + ":9000"}, "ports 443, 80, 88 and 8443"),
        ({"webhook_url": PUBLIC + "/?a=b"}, "plain address"),
        ({"webhook_url": "https://me:secret@bot.example.org"}, "plain address"),
        ({"webhook_url": "bot.example.org"}, "begins with http:// or https://"),
        ({"webhook_listen": "8080"}, "such as 127.0.0.1:8080"),
        ({"telegram_mode": "push"}, "polling or webhook"),
        ({"telegram_webhook_secret": "short"}, "16 to 256"),
        ({"telegram_webhook_secret": "not a secret of Telegram's!"}, "16 to 256"),
    ],
)
def test_a_wrong_setting_or_combination_is_named(values, said):
    [problem] = problems_of(**values)
    assert said in problem
    assert "not a secret of" not in problem


def test_a_bot_api_server_of_ones_own_may_call_without_tls():
    settings = parse_settings(
        {
            "telegram_mode": "webhook",
            "webhook_url": "http://10.0.0.7:9000/bot/",
            "telegram_api_url": "http://10.0.0.8:8081",
            "telegram_bot_token": TOKEN,
        }
    )
    webhook = webhook_of(settings)
    assert webhook.url == "http://10.0.0.7:9000/bot/telegram"
    assert webhook.secret == derived_secret(TOKEN)


def test_the_derived_secret_tells_nothing_of_the_token_and_stays_the_same():
    secret = derived_secret(TOKEN)
    assert secret == derived_secret(TOKEN) != derived_secret(TOKEN + "x")
    assert "token" not in secret
    assert 16 <= len(secret) <= 256


def test_no_secret_stands_in_the_representation():
    settings = parse_settings(
        {
            "telegram_mode": "webhook",
            "webhook_url": PUBLIC,
            "telegram_bot_token": TOKEN,
            "telegram_webhook_secret": "hush-hush-hush-hush",
        }
    )
    assert settings.webhook_secret == "hush-hush-hush-hush"
    assert "hush-hush" not in repr(settings) + repr(webhook_of(settings))
