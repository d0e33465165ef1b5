"""How interests are named, tried out and chosen by buttons."""

import hashlib
from collections.abc import Iterable, Sequence

from bot.commands.call import Context
from bot.i18n import Phrases
from bot.interest import EVERYTHING, Interest, Kind, identity, key
from bot.models import Button
from bot.shown_text import isolated, one_line, shorten

WEEK = 7 * 86_400
LONGEST_LABEL = 60
LONGEST_BUTTON = 30
CHOICES_A_PAGE = 8
CHOICES_A_ROW = 2
DIGEST_BYTES = 6
ALL = "all"
LISTS = {"s": Kind.SOURCE, "c": Kind.CATEGORY}

Rows = tuple[tuple[Button, ...], ...]


def label(interest: Interest, speak: Phrases, longest: int = LONGEST_LABEL) -> str:
    """Return the name of an interest as a reader knows it."""
    if interest.kind is Kind.ALL:
        return speak.say("everything")
    name = shorten(one_line(interest.text), longest)
    return isolated(f"#{name}" if interest.kind is Kind.CATEGORY else name, right_to_left=speak.right_to_left)


async def dry_run(interest: Interest, context: Context, speak: Phrases) -> str:
    """Say how many articles of the last week an interest would have brought."""
    number = await context.readers.would_have_brought(interest, context.now - WEEK)
    return speak.count("would_have_brought", number) if number else speak.say("would_have_brought_none")


def same(one: Interest, other: Interest) -> bool:
    """Say whether two interests ask for the same."""
    return one.kind is other.kind and identity(one) == identity(other)


def chooser_buttons(speak: Phrases) -> Rows:
    """Return the buttons that open the lists to choose from."""
    return (
        (
            Button(speak.say("choose_sources"), "subscribe:s:0"),
            Button(speak.say("choose_categories"), "subscribe:c:0"),
        ),
    )


def choices(names: Sequence[str], held: Iterable[Interest], letter: str, page: int, speak: Phrases) -> Rows:
    """Return a page of a list to choose from, what is subscribed to marked, and the buttons to the other pages.

    Args:
        names: of all sources or categories.
        held: what the place is subscribed to.
        letter: 's' for sources, 'c' for categories.
        page: counts from 0; one beyond the last is the last.
        speak: the reader's language.
    """
    kept = {(interest.kind, identity(interest)) for interest in held}
    pages = max(1, -(-len(names) // CHOICES_A_PAGE))
    page = min(page, pages - 1)
    here = f"subscribe:{letter}:{page}"

    def choice(interest: Interest, chosen: str) -> Button:
        mark = "✓ " if (interest.kind, identity(interest)) in kept else ""
        return Button(mark + label(interest, speak, LONGEST_BUTTON), f"{here}:{chosen}")

    shown = names[page * CHOICES_A_PAGE : (page + 1) * CHOICES_A_PAGE]
    buttons = [choice(Interest(LISTS[letter], name), digest(name)) for name in shown]
    rows = [tuple(buttons[start : start + CHOICES_A_ROW]) for start in range(0, len(buttons), CHOICES_A_ROW)]
    turn = []
    if page > 0:
        turn.append(Button(speak.say("previous"), f"subscribe:{letter}:{page - 1}"))
    if page + 1 < pages:
        turn.append(Button(speak.say("next"), f"subscribe:{letter}:{page + 1}"))
    return tuple(row for row in ((choice(EVERYTHING, ALL),), *rows, tuple(turn)) if row)


def digest(name: str) -> str:
    """Return a short word for a name of any length, for a button's data."""
    return hashlib.blake2b(key(name).encode(), digest_size=DIGEST_BYTES).hexdigest()
