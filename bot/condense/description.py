"""The publisher's own summary of an article: whether it is a real one, and what of it can stand."""

import re
from itertools import dropwhile

from .chrome import is_chrome, is_pointer, same_text_key, without_more
from .datelines import without_dateline
from .language import detect_language
from .notices import is_notice
from .plain import one_line, paragraphs_of
from .sentences import ends_a_sentence, ends_in_abbreviation, split_sentences
from .summary import READ, after_question, dense_letters, lead, repeats, stopped, weight

_BEGINNING = 3_000
_LEAST = 40
_LEAST_AFTER_QUESTION = 60  # so that the rest stands without it
_LEAST_OF_LEAD = 120  # more of the text is a better summary than less
_LONGEST = 5_000  # of a description or title; what is longer is neither
_START = 30
_SHORTEST_KEY = 15
_AFTER_TITLE = re.compile(r"\s*[-–—|:·.]\s*(?:[^-–—|:·]{2,30}\s[-–—|:·]\s+)?(?=\w)")
_WORD = re.compile(r"\w{5,}")
_SELF_PRAISE = re.compile(
    r"\b(?:news|portal|website|blog|magazine|newspaper|online|breaking|latest|updates|official|nachrichten|aktuelle?|noticias"
    r"|periódico|diario|actualités?|journal|notizie|quotidiano|notícias|nieuws|nyheter|новости|портал|газета|сайт|haberleri?"
    r"|haber|wiadomości|zprávy|أخبار|موقع|صحيفة|اخبار|خبری)\b"
)


def usable_description(description: str, *, title: str, text: str, language: str = "", limit: int = 350) -> str:
    """The publisher's own summary as a summary of ours, '' where it is none.

    None is: too short, the title again, words of a wall, about something else (a slogan of the site), a question
    alone, or only the first words of the text cut off.
    """
    title = title[:_LONGEST]
    words = without_dateline(_without_title(without_more(one_line(description[:_LONGEST])), title))
    if weight(words) < _LEAST or is_chrome(words) or is_notice(words) or same_text_key(words) == same_text_key(title):
        return ""
    if not shares_words(words, f"{title} {text}") or _is_slogan(words, title):
        return ""
    language = language or detect_language(words)
    said = [sentence for sentence in split_sentences(words, language) if not repeats(sentence, title)]
    sentences = [sentence for sentence in _whole(said, text, language) if not is_pointer(sentence)]
    rest = after_question(sentences)
    least = _LEAST if len(rest) == len(sentences) else _LEAST_AFTER_QUESTION
    if _weight_of(rest) < least or len(rest[0]) > limit:
        return ""
    return lead(rest, language, limit)


def _without_title(words: str, title: str) -> str:
    """A description without the headline that it begins with ('Headline - site.example - In the year …')."""
    if not title or not words.casefold().startswith(title.casefold()):
        return words
    rest = _AFTER_TITLE.match(words[len(title) :])
    return words[len(title) + rest.end() :] if rest else words


def shares_words(words: str, article: str) -> bool:
    """Whether a description shares enough words with an article to be about the same.

    A quarter of its longer words stand in the beginning, or some do and nearly half stand in the whole. Measured on 106
    standfirsts of news sites: all of them pass, and 6 to 10 of 106 of another article.
    """
    said = _telling_words(words)
    near = len(said & _telling_words(article[:_BEGINNING]))
    if near >= 0.25 * len(said):
        return True
    return near >= 0.12 * len(said) and len(said & _telling_words(article[:READ])) >= 0.4 * len(said)


def _is_slogan(words: str, title: str) -> bool:
    """Whether a short description speaks of a site rather than of the article that the title names."""
    own = len(set(_SELF_PRAISE.findall(words.casefold())))
    return own >= 2 and len(words) < 200 and not _telling_words(words) & _telling_words(title)


def _telling_words(text: str) -> set[str]:
    """The beginnings of the longer words: whatever their ending; pairs of letters where no spaces are."""
    text = text.casefold()
    if dense_letters(text) > len(text) // 4:
        return {text[index : index + 2] for index in range(len(text) - 1)}
    return {word[:6] for word in _WORD.findall(text)}


def _whole(sentences: list[str], text: str, language: str) -> list[str]:
    """The sentences with the last one whole or gone; none where they are the text's first words and end too soon."""
    if not sentences:
        return []
    last = sentences[-1]
    whole = [*sentences[:-1], *_completed(last, text, language)]
    was_cut = same_text_key(whole[-1] if whole else "") != same_text_key(last)
    begins = same_text_key(text[:_LONGEST]).startswith(same_text_key(sentences[0])[:_START])
    return [] if was_cut and begins and _weight_of(whole) < _LEAST_OF_LEAD else whole


def _weight_of(sentences: list[str]) -> int:
    return sum(weight(sentence) for sentence in sentences)


def _completed(sentence: str, text: str, language: str) -> list[str]:
    """The last sentence of a description with its full stop; where it is cut off, its paragraph from there, or none."""
    cut = sentence.endswith(("…", "...", "[…]", "[...]")) or ends_in_abbreviation(sentence, language)
    if not cut and ends_a_sentence(sentence):
        return [sentence]
    if weight(sentence) <= _SHORTEST_KEY:  # 'Here are', before what is cut off: too little to be looked for
        return []
    key = same_text_key(sentence)
    there = _from_key_on(key, text, language)
    if not cut and (not there or same_text_key(there[0]).endswith(key)):
        return [stopped(sentence, language)]
    return there if there and same_text_key(there[0]).startswith(key) and ends_a_sentence(there[-1]) else []


def _from_key_on(key: str, text: str, language: str) -> list[str]:
    """The sentences of a paragraph of the article, from the one on in which the words of a key stand."""
    if len(key) <= _SHORTEST_KEY:
        return []
    paragraph = next((line for line in paragraphs_of(text[:READ]) if key in same_text_key(line)), "")
    return list(dropwhile(lambda sentence: key not in same_text_key(sentence), split_sentences(paragraph, language)))
