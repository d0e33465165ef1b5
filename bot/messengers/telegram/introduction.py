"""Tells Telegram what the bot is and which commands it has, in each language."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from telegram import Bot, BotCommand

T = TypeVar("T")

Menus = Mapping[str, Sequence[tuple[str, str]]]


async def introduce(bot: Bot, menus: Menus, descriptions: Mapping[str, str]) -> None:
    """Register commands and descriptions; the first language stands in for those that are not there.

    A description that stands already is not set again: Telegram allows that only now and then.
    """
    for language, commands in _with_default(menus):
        listed = [BotCommand(name, meaning) for name, meaning in commands]
        await bot.set_my_commands(listed, language_code=language or None)
    for language, description in _with_default(descriptions):
        standing = await bot.get_my_description(language_code=language or None)
        if standing.description != description:
            await bot.set_my_description(description, language_code=language or None)


def _with_default(by_language: Mapping[str, T]) -> list[tuple[str, T]]:
    pairs = list(by_language.items())
    return [("", pairs[0][1]), *pairs] if pairs else []
