"""The headline of a page: the titles that it states in several places, weighed against each other."""

import re

from .chrome import same_text_key
from .headline import tidy_headline
from .metadata import Metadata
from .sites import is_site_name, names_of_site, site_key, title_parts

# The heading outweighs what one form of a publishing system fills in (og, twitter, title), not JSON-LD with them.
_WEIGHTS = {"heading": 2.4, "json": 1.2, "og": 1.0, "stated": 0.9, "title": 0.6, "twitter": 0.3}
_BEST_WRITTEN = ("og", "json", "stated", "title", "twitter", "heading")
_WORD = re.compile(r"\w{2,}")
_LEAST_LIKENESS = 0.7  # of a subheading that stands for the heading
_LEAST_SHARE = 0.5  # of the longer's letters: 'Sport' stands in many a title, and a short title in many a standfirst
_QUOTES = "\"“”«»„'‘’「」"


def choose_headline(metadata: Metadata, site: str, text: str = "") -> str:
    """The headline that most of the page's statements agree on; the heading on the page weighs most.

    Args:
        metadata: what the page states.
        site: the site's names, one a line.
        text: the beginning of the article, which shows the form of shouted words.
    """
    parts = title_parts(metadata.titles.get("title", ""))
    tails = [heading for heading in metadata.headings if _is_tail(heading, parts)]
    site = names_of_site(site, *tails)
    stated = {source: tidy_headline(title, site=site, text=text) for source, title in metadata.titles.items()}
    if set(stated) == {"title"} and len(metadata.headings) == 0:
        stated["title"] = _without_name(stated["title"])
    titles = [title for title in stated.values() if title]
    told = [*titles, *metadata.titles.values()]
    heading = _heading(metadata.headings or _telling(metadata.subheadings, told, parts), site, titles, parts)
    if heading:
        stated["heading"] = tidy_headline(heading, site=site, text=text)
    stated = {source: title for source, title in stated.items() if title and not is_site_name(title, site)} or stated
    if not stated:
        return ""
    votes: dict[str, float] = {}
    for source, title in stated.items():
        key = same_text_key(title)
        votes[key] = votes.get(key, 0.0) + _WEIGHTS[source]
    best = _without_kicker(max(votes, key=lambda key: votes[key]), stated)
    written = next(title for source in _BEST_WRITTEN if same_text_key(title := stated.get(source, "")) == best)
    return _whole(written, list(stated.values()))


def _without_kicker(best: str, stated: dict[str, str]) -> str:
    """The winning title's key, or that of a stated title before which the heading only sets a kicker."""
    if same_text_key(stated.get("heading", "")) != best:
        return best
    tails = [
        key
        for source in ("json", "og")
        if best.endswith(key := same_text_key(stated.get(source, ""))) and len(key) > len(best) // 2
    ]
    return tails[0] if tails else best


def _telling(subheadings: tuple[str, ...], titles: list[str], parts: list[str]) -> tuple[str, ...]:
    """The subheadings that say what a title says, as the headline does on a page without a first heading."""
    return tuple(
        heading
        for heading in subheadings
        if not _is_tail(heading, parts) and any(_says_as_much(heading, title) for title in titles)
    )


def _says_as_much(heading: str, title: str) -> bool:
    shorter, longer = sorted((len(same_text_key(heading)), len(same_text_key(title))))
    return shorter >= _LEAST_SHARE * longer and _likeness(heading, title) >= _LEAST_LIKENESS


def _heading(headings: tuple[str, ...], site: str, titles: list[str], parts: list[str]) -> str:
    """The heading that is this article's: not the site's name, and about what the titles are about."""
    headings = tuple(heading for heading in headings if not is_site_name(heading, site) and 2 <= len(heading) <= 300)
    best, best_score = "", 0.45
    longest = max(map(len, map(same_text_key, titles)), default=0) or 1
    for heading in headings:
        key = same_text_key(heading)
        score = max((_likeness(heading, title) for title in titles), default=0.5)
        score += 0.3 * any(key == same_text_key(title) for title in titles) + 0.2 * (
            key == same_text_key("".join(parts[:1]))
        )
        score += 0.1 * min(1.0, len(key) / longest)  # of 'Releases' and 'Releases of June' in one title, the fuller
        if score > best_score:
            best, best_score = heading, score
    return best


def _is_tail(heading: str, parts: list[str]) -> bool:
    """Whether a heading only repeats a later part of the page's title, where the name of the site stands."""
    key = site_key(heading)
    if len(parts) > 1 and key == site_key(parts[-1]) and len(heading) <= len("".join(parts[:-1])):
        return True
    if len(parts) > 1 and _likeness(heading, parts[-1]) > 0.75 and _likeness(heading, parts[0]) == 0:
        return len(heading) <= len("".join(parts[:-1]))
    runs = (
        site_key("".join(parts[start:end]))
        for start in range(1, len(parts))
        for end in range(start + 1, len(parts) + 1)
    )
    return bool(key) and len(key) <= len(site_key("".join(parts[:1]))) and key in runs


def _without_name(title: str) -> str:
    """A title that nothing else on the page confirms, without a last part of up to three words."""
    found = re.match(r"(.*\S)\s+[-–—]\s+(\S+(?:\s+\S+){0,2})$", title)
    return found.group(1) if found and len(found.group(1).split()) >= 4 and found.group(2)[0].isupper() else title


def _likeness(first: str, second: str) -> float:
    """The share of words two titles have in common; 1 where one holds the other whole."""
    keys = same_text_key(first), same_text_key(second)
    if keys[0] in keys[1] or keys[1] in keys[0]:
        return 1.0
    words, others = set(_WORD.findall(first.casefold())), set(_WORD.findall(second.casefold()))
    return len(words & others) / max(1, min(len(words), len(others)))


def _whole(title: str, others: list[str]) -> str:
    """The title, or the longer one of which it is only the beginning, cut off at a quotation mark or an ellipsis."""
    start = title.rstrip("….").rstrip()
    for other in others:
        rest = other[len(start) :].lstrip()
        if (
            len(other) > len(title)
            and other.startswith(start)
            and (rest[:1] in _QUOTES or title.endswith(("…", "...")))
        ):
            return other
    return title
