"""Summaries: whole sentences from the beginning of an article."""

import re
from itertools import dropwhile, islice

from .chrome import clean_paragraphs, is_chrome, is_pointer, same_text_key
from .language import detect_language
from .phrases import ANSWER, MID_AIR
from .plain import paragraphs_of
from .sentences import ends_a_sentence, open_quotes, split_sentences

_MOST_SENTENCES = 3
_LOOK_AHEAD = 4
_PARAGRAPHS = 12
_LONGEST_LEAD = 6_000  # of one paragraph; its last sentence may be cut there and is not used
READ = 40_000  # the lead is at the beginning; more of a text is never looked at

QUESTION = re.compile(r"[?？؟\u037e][\"'”’»」』)]*$")
_CUT_OFF = re.compile(r"(?:…|\.\.\.\])[\])]?$")
_CLAUSE = re.compile(r"[,;:，、；：،؛]\s?|\s[–—-]\s")
_THAI_OR_LAO = re.compile("[\u0e01-\u0eff]")
_DENSE = re.compile("[\u0e01-\u0eff\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff]")
_FULL_STOPS = {
    "zh": "。",
    "ja": "。",
    "hi": "।",
    "mr": ".",
    "ne": "।",
    "bn": "।",
    "pa": "।",
    "or": "।",
    "ur": "۔",
    "hy": "։",
    "am": "።",
    "my": "။",
    "th": "",
    "lo": "",
    "km": "។",
}
_LOWER_START = re.compile(r"^[,;:)\]]|^[\"'“«„(]*[a-zß-öø-ÿа-яё][a-zß-öø-ÿа-яё ,]")


def summarise(text: str, *, title: str = "", language: str | None = None, limit: int = 350) -> str:
    """Whole sentences of the text, from its beginning: at most three, at most `limit` characters.

    Not the title again, not the chrome of a page; does not begin in mid-air where a better beginning is near. A first
    sentence longer than the limit ends at a clause with '…'. '' only for empty text. Deterministic.
    """
    if limit <= 0:
        return ""
    original = paragraphs_of(text[:READ])
    paragraphs = list(islice(clean_paragraphs(original, title), _PARAGRAPHS)) or original[:_PARAGRAPHS]
    language = language or detect_language(" ".join(paragraphs[:12]))
    prose = [paragraph for paragraph in paragraphs if _is_prose(paragraph)] or paragraphs
    sentences = _sentences_of(prose, language, title)
    return lead(sentences, language, limit) if sentences else ""


def weight(text: str) -> int:
    """The length of a text in Latin characters, about: a letter of Chinese, Japanese or Thai says more."""
    dense = dense_letters(text[:READ])
    return len(text) + (dense if _THAI_OR_LAO.search(text) is None else 0)


def dense_letters(text: str) -> int:
    """How many letters of a text are of scripts that write without spaces."""
    return len(_DENSE.findall(text))


def first_sentence(text: str, *, language: str = "", limit: int = 200) -> str:
    """The first sentence of a text as a headline: without its full stop, '' for no text."""
    paragraphs = paragraphs_of(text[:READ])
    for paragraph in (*islice(clean_paragraphs(paragraphs), 1), *paragraphs):
        for sentence in split_sentences(paragraph, language or detect_language(paragraph)):
            return _fitted(sentence, limit).rstrip("。.।۔")
    return ""


def _sentences_of(paragraphs: list[str], language: str, title: str) -> list[str]:
    sentences: list[str] = []
    for number, paragraph in enumerate(paragraphs, start=1):
        pieces = _pieces(paragraph, language)
        if not sentences and number < len(paragraphs):
            pieces = _after_question(pieces)
        for sentence in pieces:
            if (
                not repeats(sentence, title)
                and not is_chrome(sentence)
                and not is_pointer(sentence)
                and sentence not in sentences[-3:]
            ):
                sentences.append(sentence)
        if len(sentences) >= _MOST_SENTENCES + _LOOK_AHEAD:
            break
    return (
        sentences or [piece for paragraph in paragraphs[:3] for piece in _pieces(paragraph, language)][:_MOST_SENTENCES]
    )


def _pieces(paragraph: str, language: str) -> list[str]:
    """The sentences of a paragraph; Thai and Lao have no full stops, there the space between clauses is the cut."""
    if language not in {"th", "lo"}:
        sentences = split_sentences(paragraph[:_LONGEST_LEAD], language)
        return sentences[:-1] or sentences if len(paragraph) > _LONGEST_LEAD else sentences
    pieces: list[str] = []
    for clause in paragraph.split(" "):
        if pieces and len(pieces[-1]) < 60:
            pieces[-1] += f" {clause}"
        else:
            pieces.append(clause)
    return pieces


def _after_question(pieces: list[str]) -> list[str]:
    """The sentences of a paragraph without a question it begins with, and without the answers that hang on it."""
    if not QUESTION.search(pieces[0]):
        return pieces
    return list(dropwhile(lambda piece: QUESTION.search(piece) or ANSWER.match(piece), pieces))


def _is_prose(paragraph: str) -> bool:
    """Whether a paragraph is sentences rather than a subhead, an item of a list or a caption."""
    return ends_a_sentence(paragraph) or weight(paragraph) > 120 or _THAI_OR_LAO.search(paragraph) is not None


def lead(sentences: list[str], language: str, limit: int) -> str:
    """The first whole sentences worth reading, at most three, within the limit; `sentences` must hold one."""
    start = _beginning(sentences, limit)
    chosen: list[str] = []
    for sentence in sentences[start : start + _MOST_SENTENCES]:
        if len(_joined([*chosen, sentence])) > limit:
            break
        chosen.append(sentence)
    if len(chosen) > 1 and (_CUT_OFF.search(chosen[-1]) or not _is_whole(chosen[-1], language)):
        chosen.pop()
    if not chosen:
        return _closed(_fitted(sentences[start], limit), limit)
    if not _is_whole(chosen[-1], language) and len(_joined(chosen)) < limit:
        chosen[-1] = stopped(chosen[-1], language)
    return _closed(_joined(chosen), limit)


def _is_whole(sentence: str, language: str) -> bool:
    """Whether a sentence ends as one; Thai, Lao and Khmer have no full stop to tell by."""
    return _FULL_STOPS.get(language) == "" or ends_a_sentence(sentence)


def _beginning(sentences: list[str], limit: int) -> int:
    """Where the summary begins: the first sentence that fits, stands alone and is no question."""
    near = range(min(len(sentences), _LOOK_AHEAD))
    for index in near:
        sentence = sentences[index]
        if (
            len(sentence) <= limit
            and not _starts_in_mid_air(sentence)
            and not QUESTION.search(sentence)
            and weight(sentence) >= 25
        ):
            return index
    return next((index for index in near if len(sentences[index]) <= limit), 0)


def _starts_in_mid_air(sentence: str) -> bool:
    return MID_AIR.match(sentence) is not None or _LOWER_START.match(sentence) is not None


def _joined(sentences: list[str]) -> str:
    joined = ""
    for sentence in sentences:
        tight = not joined or (
            (_DENSE.match(joined[-1:]) or joined[-1:] in "。！？」』”")
            and _DENSE.match(sentence[:1])
            and not _THAI_OR_LAO.match(sentence)
        )
        joined += sentence if tight else f" {sentence}"
    return joined


def _fitted(sentence: str, limit: int) -> str:
    """A sentence cut at a clause, else at a word, with an ellipsis; as it is where it fits."""
    if len(sentence) <= limit:
        return sentence
    window = sentence[: limit - 1]
    clauses = [found.start() for found in _CLAUSE.finditer(window) if found.start() > limit // 2]
    cut = clauses[-1] if clauses else window.rfind(" ")
    return (window[:cut] if cut > limit // 3 else window).rstrip(" ,;:–—-،，、") + "…"


def repeats(sentence: str, title: str) -> bool:
    """Whether a sentence says no more than the title does."""
    key, title_key = same_text_key(sentence), same_text_key(title)
    return bool(title_key) and (key == title_key or (len(key) > 15 and key in title_key))


def stopped(sentence: str, language: str) -> str:
    """A standfirst that ends without a full stop, with one."""
    return sentence.rstrip(" ,;:–—-") + _FULL_STOPS.get(language, ".")


def _closed(text: str, limit: int) -> str:
    """The text with the quotation it leaves open closed, where there is room."""
    closed = text + open_quotes(text)
    return closed if len(closed) <= limit else text
