"""Tells Telegram what the bot is and which commands it has, in each language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from telegram import Bot, BotCommand


@dataclass(frozen=True, slots=True)
class Introduction:
    """How the bot presents itself in one language.

    Attributes:
        commands: each with what it does, for the menu.
        description: shown in a chat with the bot before the first word.
        short_description: shown on the bot's page and where somebody shares it.
    """

    commands: Sequence[tuple[str, str]]
    description: str
    short_description: str


Introductions = Mapping[str, Introduction]


async def introduce(bot: Bot, introductions: Introductions) -> None:
    """Register commands and descriptions; the first language stands in for those that are not there.

    What stands already is not set again: Telegram allows that only now and then.
    """
    languages = list(introductions.items())
    for language, introduction in [("", languages[0][1]), *languages] if languages else []:
        await _set(bot, introduction, language or None)


async def _set(bot: Bot, introduction: Introduction, language: str | None) -> None:
    commands = tuple(BotCommand(name, meaning) for name, meaning in introduction.commands)
    if await bot.get_my_commands(language_code=language) != commands:
        await bot.set_my_commands(commands, language_code=language)
    if (await bot.get_my_description(language_code=language)).description != introduction.description:
        await bot.set_my_description(introduction.description, language_code=language)
    standing = await bot.get_my_short_description(language_code=language)
    if standing.short_description != introduction.short_description:
        await bot.set_my_short_description(introduction.short_description, language_code=language)
