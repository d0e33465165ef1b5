"""Which articles a feed's filters keep from being posted; pure. Words and phrases in any script, no patterns."""

from dataclasses import dataclass

from bot.interest import Interest, Kind, Subject, anchors, conditions
from bot.models import Condensed, FeedOptions
from bot.search_query import parse_query


@dataclass(frozen=True, slots=True)
class Filter:
    """What an article must hold one of (where anything is named), and what it must hold none of."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def together_with(self, options: FeedOptions) -> "Filter":
        """Return this filter with a feed's own words; the feed's `include` takes the place of the general one."""
        return Filter(options.include or self.include, (*self.exclude, *options.exclude))


def removed_by(chosen: Filter, text: Condensed, *, source: str, categories: tuple[str, ...]) -> str:
    """Return what keeps an article from being posted, as `exclude=ferry` or `include=…`; '' where nothing does."""
    if not chosen.include and not chosen.exclude:
        return ""
    subject = Subject(
        headline=text.headline,
        summary=text.summary,
        body=text.text,
        source=source,
        language=text.language,
        categories=categories,
    )
    for words in chosen.exclude:
        if _holds(subject, words):
            return f"exclude={words}"
    if chosen.include and not any(_holds(subject, words) for words in chosen.include):
        return f"include={','.join(chosen.include)}"
    return ""


def _holds(subject: Subject, words: str) -> bool:
    # In quotes, so that several words are a phrase, and nothing in them is taken for the syntax of a search.
    interest = Interest(Kind.WORDS, f'"{words.replace(chr(34), " ")}"')
    if not parse_query(interest.text).required:
        return False
    return not subject.anchors().isdisjoint(anchors(interest)) and subject.meets(conditions(interest))
