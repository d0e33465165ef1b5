"""Notices: the phrases put together by their first letters find what they found one by one."""

import re

import pytest

from bot.condense.notices import by_first_letter, is_notice

PATTERN = r"ab|a[x|y]d|(?:b|c)ab|b?cd|aé(?:u|v)|\d+ ad|\bza"


@pytest.mark.parametrize(
    "text",
    ["ab", "axd", "a|d", "bab", "cab", "cd", "bcd", "aév", "12 ad", "za", "a", "b", "aé", "1ad", "yza", "xy", ""],
)
def test_alternatives_put_together_match_as_they_did(text):
    together = re.fullmatch(by_first_letter(PATTERN), text)
    assert (together is None) == (re.fullmatch(PATTERN, text) is None)


def test_alternatives_with_one_first_letter_are_tried_as_one():
    assert by_first_letter("ab|cd|ae") == "a(?:b|e)|c(?:d)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We use cookies to improve your visit.", True),
        ("Abonnez-vous à notre lettre.", True),
        ("Alle Rechte vorbehalten.", True),
        ("(c) 2024 The Example", True),
        ("Все права защищены.", True),
        ("The minister spoke of cookies baked by his mother.", False),
    ],
)
def test_a_notice_is_known_in_its_language(text, expected):
    assert is_notice(text) is expected
