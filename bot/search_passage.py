"""The piece of an article that answers a search."""

from bot.models import Article
from bot.search_query import Query
from bot.search_text import normalise

WIDTH = 160
BEFORE = 40
LONGEST_SCANNED = 20_000


def passage(article: Article, query: Query) -> str:
    """Return the surroundings of the first of the query's words in summary or text, '' where none stands there."""
    wanted = {sequence[0] for term in query.required for sequence in term.variants}
    if not wanted:
        return ""
    for text in (article.summary, article.text[:LONGEST_SCANNED]):
        place = _first_place(text, wanted, article.language)
        if place is not None:
            return _surroundings(text, place)
    return ""


def _first_place(text: str, wanted: set[str], language: str) -> int | None:
    position = 0
    for chunk in text.split(" "):
        if not wanted.isdisjoint(normalise(chunk, language).split()):
            return position + _place_within(chunk, wanted)
        position += len(chunk) + 1
    return None


def _place_within(chunk: str, wanted: set[str]) -> int:
    # Where no blanks are written, a whole paragraph is one chunk.
    places = [place for place in map(chunk.find, wanted) if place >= 0]
    return min(places, default=0) if len(chunk) > BEFORE else 0


def _surroundings(text: str, place: int) -> str:
    start = _start(text, place)
    piece = text[start : start + WIDTH]
    if start + WIDTH < len(text):
        piece = piece[: max(piece.rfind(" "), WIDTH // 2)] + "…"
    return ("…" if start else "") + " ".join(piece.split())


def _start(text: str, place: int) -> int:
    """Return where to begin so that a little stands before `place`: at a word, in the same paragraph."""
    earliest = max(place - BEFORE, text.rfind("\n", 0, place) + 1)
    if earliest == 0 or text[earliest - 1].isspace():
        return earliest
    blank = text.find(" ", earliest, place)
    return earliest if blank < 0 else blank + 1
