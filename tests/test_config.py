"""What the settings take, what they refuse, and in which words."""

from ipaddress import ip_network
from zoneinfo import ZoneInfo

import pytest

from bot.config import Settings, load_settings, parse_settings
from bot.errors import ConfigurationError
from bot.feed_list import read_feed_list
from bot.models import FeedOptions, FeedSource

TOKEN = "123456:a-token-that-only-tests-know"


@pytest.fixture
def in_empty_folder(tmp_path, monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def problems_of(need=(), **values):
    with pytest.raises(ConfigurationError) as caught:
        parse_settings(values, need=need)
    return caught.value.problems


def test_without_any_setting_the_defaults_of_the_contract_hold():
    settings = parse_settings({})
    assert (settings.poll_interval, settings.backfill, settings.summary_length) == (300, 0, 350)
    assert (settings.global_rate, settings.chat_rate, settings.private_rate) == (30, 20, 1)
    assert settings.database_url == "sqlite:///data/tidings.db"
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert (settings.doubtful, settings.doubt_wait) == (None, 60)
    assert (settings.language, settings.timezone) == ("en", ZoneInfo("UTC"))
    assert settings.http_user_agent.startswith("Tidings/")


def test_words_become_values():
    settings = parse_settings(
        {
            "telegram_channel": "https://t.me/wire_news",
            "admin_ids": "7, 8 7",
            "allowed_networks": "127.0.0.0/8 fd00::/8",
            "timezone": "Asia/Tokyo",
            "chat_rate": "0.5",
            "telegram_api_url": "http://127.0.0.1:8081/",
            "log_level": "warning",
        }
    )
    assert settings.telegram_channel == "@wire_news"
    assert settings.admin_ids == (7, 8)
    assert settings.allowed_networks == (ip_network("127.0.0.0/8"), ip_network("fd00::/8"))
    assert settings.timezone == ZoneInfo("Asia/Tokyo")
    assert settings.chat_rate == 0.5
    assert settings.telegram_api_url == "http://127.0.0.1:8081"
    assert settings.log_level == "WARNING"


def test_every_wrong_and_every_missing_setting_is_named_at_once():
    found = problems_of(
        need=["telegram_bot_token", "telegram_channel", "feeds"],
        telegram_channel="my channel",
        poll_interval="soon",
        chat_rate="-1",
        timezone="Moon/Base",
        doubtful="maybe",
        allowed_networks="10.0.0.1/8",
        admin_ids="@somebody",
        database_url="mysql://host/name",
        telegram_api_url="api.telegram.org",
        log_level="loud",
        language="?",
    )
    named = [line.split(":")[0].split()[0] for line in found]
    assert sorted(named) == sorted(
        [
            "TELEGRAM_BOT_TOKEN",
            "FEEDS",
            "TELEGRAM_CHANNEL",
            "POLL_INTERVAL",
            "CHAT_RATE",
            "TIMEZONE",
            "DOUBTFUL",
            "ALLOWED_NETWORKS",
            "ADMIN_IDS",
            "DATABASE_URL",
            "TELEGRAM_API_URL",
            "LOG_LEVEL",
            "LANGUAGE",
        ]
    )


def test_a_problem_shows_the_value_and_says_what_is_right():
    (problem,) = problems_of(poll_interval="0")
    assert problem == "POLL_INTERVAL: '0' is not right: it must be whole seconds, from 1 to 604800 (a week)"


def test_a_wrong_token_is_not_shown():
    (problem,) = problems_of(telegram_bot_token="not-a-token-but-secret")
    assert "not-a-token-but-secret" not in problem


def test_passwords_in_addresses_are_not_shown_in_problems():
    found = problems_of(database_url="mysql://me:hushhush@host/x", http_proxy_url="socks5://me:hushhush@host")
    assert len(found) == 2
    assert "hushhush" not in "".join(found)


def test_no_secret_stands_in_the_representation():
    settings = parse_settings(
        {
            "telegram_bot_token": TOKEN,
            "database_url": "postgresql://a:hushhush@h/d",
            "http_proxy_url": "http://a:hushhush@p",
        }
    )
    assert TOKEN not in repr(settings)
    assert "hushhush" not in repr(settings)


def test_settings_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        parse_settings({}).backfill = 3  # type: ignore[misc]


def test_alerts_go_to_the_first_admin_unless_a_chat_is_named():
    assert parse_settings({}).alert_chat is None
    assert parse_settings({"admin_ids": "5 6"}).alert_chat == "5"
    assert parse_settings({"admin_ids": "5 6", "log_chat_id": "-10077"}).alert_chat == "-10077"


@pytest.mark.parametrize(("given", "taken"), [("ar", "ar"), ("EN", "en"), ("pt_BR", "pt-BR"), ("de_DE.UTF-8", "de-DE")])
def test_a_language_is_taken_in_the_forms_that_people_write(given, taken):
    assert parse_settings({"language": given}).language == taken


def test_the_environment_wins_over_the_file_and_an_empty_value_counts_as_unset(in_empty_folder, monkeypatch):
    (in_empty_folder / ".env").write_text(
        "BACKFILL=3\nPOLL_INTERVAL=77\nSUMMARY_LENGTH=\nUNRELATED=1\n", encoding="utf-8"
    )
    monkeypatch.setenv("BACKFILL", "4")
    monkeypatch.setenv("POLL_INTERVAL", "")
    settings = load_settings()
    assert (settings.backfill, settings.poll_interval, settings.summary_length) == (4, 77, 350)


@pytest.mark.parametrize(("set_there", "taken"), [("de_DE:de", "ar"), ("de_DE", "ar"), ("en", "en")])
def test_what_a_desktop_sets_as_language_for_its_own_programs_is_not_for_us(
    in_empty_folder, monkeypatch, set_there, taken
):
    (in_empty_folder / ".env").write_text("LANGUAGE=ar\n", encoding="utf-8")
    monkeypatch.setenv("LANGUAGE", set_there)
    assert load_settings().language == taken


def test_a_quoted_value_of_several_lines_in_the_file_is_one_list_of_feeds(in_empty_folder):
    text = 'FEEDS="\nhttps://a.example/feed tag=world\n# resting: https://b.example/feed\nhttps://c.example/#top\n"\n'
    (in_empty_folder / ".env").write_text(text, encoding="utf-8")
    assert [feed.url for feed in load_settings(need=["feeds"]).feeds] == [
        "https://a.example/feed",
        "https://c.example/#top",
    ]


def test_feeds_of_comments_only_count_as_missing():
    assert problems_of(need=["feeds"], feeds="# nothing yet")[0].startswith("FEEDS is missing")


def test_options_belong_to_the_address_before_them():
    feeds, problems = read_feed_list(
        "https://a.example/?a=b channel=@other tag=world,news tag=#Asia interval=120 backfill=3 images=no\nhttps://b.example"
    )
    assert problems == ()
    options = FeedOptions(channel="@other", tags=("world", "news", "Asia"), interval=120, backfill=3, images="no")
    assert feeds == (FeedSource("https://a.example/?a=b", options), FeedSource("https://b.example"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tag=x https://a.example", "before any address"),
        ("https://a.example https://A.example/", "twice"),
        ("https://a.example colour=red", "channel, tag, interval, backfill, images"),
        ("ftp://a.example/feed", "no http:// or https:// address"),
        ("a.example/feed", "did you mean https://a.example/feed ?"),
        ("https:///feed", "no http:// or https:// address"),
        ("http://[::1/feed", "no address that can be read"),
        ("https://a.example interval=0", "a whole number, 1 or more"),
        ("https://a.example backfill=-1", "a whole number, 0 or more"),
        ("https://a.example interval=²", "a whole number, 1 or more"),
        ("https://a.example images=perhaps", "yes, no, photo, preview or off"),
        ("https://a.example channel=me", "@name"),
        ("https://a.example tag=", "a tag is a word"),
    ],
)
def test_a_wrong_list_of_feeds_says_what_is_wrong(text, said):
    _feeds, problems = read_feed_list(text)
    assert len(problems) == 1
    assert said in problems[0]


def test_options_of_a_wrong_address_make_no_second_problem_and_touch_no_other_feed():
    feeds, problems = read_feed_list("https://a.example ftp://b.example tag=x")
    assert len(problems) == 1
    assert feeds == (FeedSource("https://a.example"),)
