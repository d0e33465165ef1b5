"""How interests are named, tried out and chosen by buttons."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

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
MOST_CLOSEST = 8
SHORTEST_PART = 3
ALIKE = 0.6

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


@dataclass(frozen=True, slots=True)
class Pressed:
    """A pressed button of a list to choose from: the list's letter, its page, and what was chosen, '' for a page."""

    letter: str
    page: int
    chosen: str


def pressed(argument: str) -> Pressed | None:
    """Return what a button's data says after its command's name, None where no list of ours says so."""
    letter, _, rest = argument.partition(":")
    number, _, chosen = rest.partition(":")
    if letter not in LISTS or not (number.isascii() and number.isdecimal() and len(number) <= len("999")):
        return None
    return Pressed(letter, int(number), chosen)


def chosen_of(button: Pressed, names: Iterable[str]) -> Interest | None:
    """Return the interest whose button was pressed, None where none of the `names` has it any more."""
    if button.chosen == ALL:
        return EVERYTHING
    return next((Interest(LISTS[button.letter], name) for name in names if digest(name) == button.chosen), None)


def closest(typed: str, interests: Iterable[Interest]) -> list[Interest]:
    """Return the sources and categories that may be meant: those with a part in common first, then those alike."""
    wanted = key(typed)
    by_key = {key(interest.text): interest for interest in interests}
    parts = [
        name for name in by_key if wanted in name or (name in wanted and min(len(name), len(wanted)) >= SHORTEST_PART)
    ]
    alike = get_close_matches(wanted, by_key, n=MOST_CLOSEST, cutoff=ALIKE)
    return [by_key[name] for name in dict.fromkeys((*parts, *alike))][:MOST_CLOSEST]


def choice(interest: Interest, command: str, speak: Phrases) -> Button:
    """Return the button that chooses a source or category, under a message that is no list."""
    letter = next(letter for letter, kind in LISTS.items() if kind is interest.kind)
    return Button(label(interest, speak, LONGEST_BUTTON), f"{command}:{letter}:0:{digest(interest.text)}")


def in_rows(buttons: Sequence[Button]) -> Rows:
    """Return buttons side by side."""
    return tuple(tuple(buttons[start : start + CHOICES_A_ROW]) for start in range(0, len(buttons), CHOICES_A_ROW))


def chooser_buttons(speak: Phrases) -> Rows:
    """Return the buttons that open the lists to choose from."""
    return (
        (
            Button(speak.say("choose_sources"), "subscribe:s:0"),
            Button(speak.say("choose_categories"), "subscribe:c:0"),
        ),
    )


def choices(
    names: Sequence[str],
    letter: str,
    page: int,
    speak: Phrases,
    *,
    command: str = "subscribe",
    held: Iterable[Interest] = (),
) -> Rows:
    """Return a page of a list to choose from, what is subscribed to marked, and the buttons to the other pages.

    Args:
        names: of all sources or categories.
        letter: 's' for sources, 'c' for categories.
        page: counts from 0; one beyond the last is the last.
        speak: the reader's language.
        command: gets the pressed buttons.
        held: what the place is subscribed to.
    """
    kept = {(interest.kind, identity(interest)) for interest in held}
    pages = max(1, -(-len(names) // CHOICES_A_PAGE))
    page = min(page, pages - 1)
    here = f"{command}:{letter}:{page}"

    def marked(interest: Interest, chosen: str) -> Button:
        mark = "✓ " if (interest.kind, identity(interest)) in kept else ""
        return Button(mark + label(interest, speak, LONGEST_BUTTON), f"{here}:{chosen}")

    shown = names[page * CHOICES_A_PAGE : (page + 1) * CHOICES_A_PAGE]
    rows = in_rows([marked(Interest(LISTS[letter], name), digest(name)) for name in shown])
    turn = []
    if page > 0:
        turn.append(Button(speak.say("previous"), f"{command}:{letter}:{page - 1}"))
    if page + 1 < pages:
        turn.append(Button(speak.say("next"), f"{command}:{letter}:{page + 1}"))
    return tuple(row for row in ((marked(EVERYTHING, ALL),), *rows, tuple(turn)) if row)


def digest(name: str) -> str:
    """Return a short word for a name of any length, for a button's data."""
    return hashlib.blake2b(key(name).encode(), digest_size=DIGEST_BYTES).hexdigest()
