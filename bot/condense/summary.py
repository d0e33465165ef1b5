"""Summaries: whole sentences from the beginning of an article."""

import re
import unicodedata
from itertools import dropwhile, islice

from .chrome import clean_paragraphs, is_chrome, is_pointer, same_text_key
from .language import detect_language, primary_code
from .phrases import ANSWER, MID_AIR, MID_AIR_IN
from .plain import paragraphs_of, unbroken
from .sentences import ends_a_sentence, is_small, open_quotes, split_sentences

_MOST_SENTENCES = 3
_LOOK_AHEAD = 4
_PARAGRAPHS = 12
_UNKNOWN = frozenset({"", "und", "mul", "zxx"})  # ISO 639-2: not determined, several, none
_LONGEST_LEAD = 6_000  # of one paragraph; its last sentence may be cut there and is not used
_LONGEST_TITLE = 1_000
READ = 40_000  # the lead is at the beginning; more of a text is never looked at

# Of Greek as it is typed too; the question mark of Armenian stands within the sentence.
QUESTION = re.compile(r"(?:[?？؟\u037e\u1367‽⁇⁈]|(?<=[\u0370-\u03ff\u1f00-\u1fff]);)[!！?？]*[\"'”’“»«」』)]*$|\u055e")
_STRAY_SPACE = re.compile(r"(?<=[.!?])\s+(?=[\"”]$)")
_CUT_OFF = re.compile(r"(?:…|\.\.\.\])[\])]?$")
_CLAUSE = re.compile(r"[,;:，、；：،؛]\s?|\s[–—-]\s")
_THAI_OR_LAO = re.compile("[\u0e01-\u0eff]")
_DENSE = re.compile("[\u0e01-\u0eff\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff]")
# Chinese and Japanese have no space between sentences.
_TIGHT_END = re.compile("[\u3001-\u9fff！？”’…]$")
_TIGHT_START = re.compile("[“‘《]?[\u3008-\u9fff]")
_FULL_STOPS = {
    "zh": "。",
    "ja": "。",
    "hi": "।",
    "ne": "।",
    "sa": "।",
    "bn": "।",
    "as": "।",
    "pa": "।",
    "or": "।",
    "ur": "۔",
    "hy": "։",
    "am": "።",
    "ti": "።",
    "my": "။",
    "km": "។",
    "bo": "།",
    "dz": "།",
    "th": "",
    "lo": "",
}
_MID_SENTENCE = re.compile(r"[,;:)\]]|[\"'“«„(]*([^\W\d_])(.?)")
_BULLET = re.compile(r"^(?:[•·▪▫●○◦‣⁃■□►▶▸➤➜✓✔★☆*]+\s*|[-–—]\s+)(?=\S)")
_NUMBERED = re.compile(r"^\(?(\d{1,2})[.)]\s+(?=\S)")
_CLOSING = "\"'”’“»«」』)"  # a question that somebody in the article asks is no teaser
_ENOUGH = 80
_LEAST = 25  # Latin characters; 'Here is how.' says nothing yet
_SYLLABLES = re.compile("[\u1100-\u139f\uac00-\ud7a3]")


def summarise(text: str, *, title: str = "", language: str | None = None, limit: int = 350) -> str:
    """Whole sentences of the text, from its beginning: at most three, at most `limit` characters.

    Not the title again, not the chrome of a page; does not begin in mid-air or with a question where a better beginning
    is near, nor end with a question. Only where no sentence near the beginning fits is the first one cut, at a clause
    with '…'. A text that is nothing but its title or chrome is given back, '' only for empty text. Deterministic.
    """
    if limit <= 0:
        return ""
    original = unbroken(paragraphs_of(text[:READ]))
    title = title[:_LONGEST_TITLE]
    paragraphs = list(islice(clean_paragraphs(original, title), _PARAGRAPHS)) or original[:_PARAGRAPHS]
    given = primary_code(language or "")
    language = given if given not in _UNKNOWN else detect_language(" ".join(paragraphs))
    paragraphs = _without_list_marks(paragraphs)
    prose = [paragraph for paragraph in paragraphs if _is_prose(paragraph)] or paragraphs
    sentences = _sentences_of(prose, language, title, limit)
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
        for sentence in split_sentences(paragraph[:_LONGEST_LEAD], language or detect_language(paragraph)):
            return _fitted(sentence, limit).rstrip("。.।۔")
    return ""


def _without_list_marks(paragraphs: list[str]) -> list[str]:
    """The paragraphs without bullets, and without the numbers of a list that counts from one."""
    numbers = [found[1] for paragraph in paragraphs if (found := _NUMBERED.match(paragraph))]
    counted = numbers[:2] == ["1", "2"]
    bare = [_BULLET.sub("", paragraph) for paragraph in paragraphs]
    return [_NUMBERED.sub("", paragraph) for paragraph in bare] if counted else bare


def _sentences_of(paragraphs: list[str], language: str, title: str, limit: int) -> list[str]:
    """The sentences that a summary may be made of, in order, with one that fits among them if there is any."""
    sentences: list[str] = []
    for number, paragraph in enumerate(paragraphs, start=1):
        pieces = _pieces(paragraph, language)
        if not sentences and number < len(paragraphs):
            pieces = after_question(pieces)
        for sentence in pieces:
            if _is_news(sentence, title) and sentence not in sentences[-3:]:
                sentences.append(sentence)
        if len(sentences) >= _MOST_SENTENCES + _LOOK_AHEAD and any(len(sentence) <= limit for sentence in sentences):
            break
    return (
        sentences or [piece for paragraph in paragraphs[:3] for piece in _pieces(paragraph, language)][:_MOST_SENTENCES]
    )


def _is_news(sentence: str, title: str) -> bool:
    return not repeats(sentence, title) and not is_chrome(sentence) and not is_pointer(sentence)


def _pieces(paragraph: str, language: str) -> list[str]:
    """The sentences of a paragraph; Thai and Lao have no full stops, there the space between clauses is the cut."""
    start = paragraph[:_LONGEST_LEAD]
    if language not in {"th", "lo"}:
        sentences = split_sentences(start, language)
        return sentences[:-1] or sentences if len(paragraph) > _LONGEST_LEAD else sentences
    pieces: list[str] = []
    for clause in start.split(" "):
        if pieces and len(pieces[-1]) < 60:
            pieces[-1] += f" {clause}"
        else:
            pieces.append(clause)
    return pieces


def after_question(pieces: list[str]) -> list[str]:
    """The sentences of a paragraph without a question it begins with, and without the answers that hang on it."""
    if not pieces or not QUESTION.search(pieces[0]):
        return pieces
    return list(dropwhile(lambda piece: QUESTION.search(piece) or ANSWER.match(piece), pieces))


def _is_prose(paragraph: str) -> bool:
    """Whether a paragraph is sentences rather than a subhead, an item of a list or a caption."""
    return ends_a_sentence(paragraph) or weight(paragraph) > 120 or _THAI_OR_LAO.search(paragraph) is not None


def lead(sentences: list[str], language: str, limit: int) -> str:
    """The first whole sentences worth reading, at most three, within the limit; `sentences` must hold one."""
    sentences = [_STRAY_SPACE.sub("", sentence) for sentence in sentences]
    start = _beginning(sentences, language, limit)
    chosen: list[str] = []
    for sentence in sentences[start : start + _MOST_SENTENCES]:
        if len(_run_on([*chosen, sentence], language)) > limit:
            break
        chosen.append(sentence)
    while len(chosen) > 1 and _ends_badly(chosen, language):
        chosen.pop()
    if not chosen:
        return _closed(_fitted(sentences[start], limit), limit)
    summary = _run_on(chosen, language)
    whole = _is_whole(chosen[-1], language) or len(stopped(summary, language)) > limit
    return _closed(summary if whole else stopped(summary, language), limit)


def _run_on(chosen: list[str], language: str) -> str:
    """The sentences as a text; each that another follows has its full stop."""
    before = (
        sentence if _is_whole(sentence, language) or sentence.endswith((":", "：")) else stopped(sentence, language)
        for sentence in chosen[:-1]
    )
    return _joined([*before, *chosen[-1:]])


def _ends_badly(chosen: list[str], language: str) -> bool:
    """Whether the last of several sentences had better go: it is cut off, or asks what the article answers."""
    *before, last = chosen
    if _CUT_OFF.search(last) or (not _is_whole(last, language) and _is_whole(before[-1], language)):
        return True
    asks = QUESTION.search(last) and last[-1] not in _CLOSING
    return bool(asks) and weight(_joined(before)) >= _ENOUGH


def _is_whole(sentence: str, language: str) -> bool:
    """Whether a sentence ends as one; Thai and Lao have no full stop to tell by, and none stands behind an emoji."""
    if _FULL_STOPS.get(language) == "" or ends_a_sentence(sentence):
        return True
    return unicodedata.category(sentence.rstrip("\u200d\ufe0f")[-1:] or " ") in {"So", "Sk"}


def _beginning(sentences: list[str], language: str, limit: int) -> int:
    """Where the summary begins: the first sentence nearby that fits and stands alone, else the first that fits."""
    fitting = [index for index, sentence in enumerate(sentences) if len(sentence) <= limit]
    near = (index for index in fitting if index < _LOOK_AHEAD and _stands_alone(sentences[index], language))
    return next(near, fitting[0] if fitting else 0)


def _stands_alone(sentence: str, language: str) -> bool:
    """Whether a sentence says something without the one before it."""
    hanging = MID_AIR.match(sentence) or (language in MID_AIR_IN and MID_AIR_IN[language].match(sentence))
    if hanging or QUESTION.search(sentence):
        return False
    begun = _MID_SENTENCE.match(sentence)
    small = begun is not None and (begun[1] is None or (is_small(begun[1]) and not begun[2].isupper()))
    said = len(sentence) + 3 * dense_letters(sentence) + 2 * len(_SYLLABLES.findall(sentence))
    return not small and said >= _LEAST


def _joined(sentences: list[str]) -> str:
    joined = ""
    for sentence in sentences:
        tight = not joined or (_TIGHT_END.search(joined) and _TIGHT_START.match(sentence))
        joined += sentence if tight else f" {sentence}"
    return joined


def _fitted(sentence: str, limit: int) -> str:
    """A sentence cut at a clause, else at a word, else between letters, with an ellipsis; as it is where it fits."""
    if len(sentence) <= limit:
        return sentence
    window = sentence[: limit - 1]
    clauses = [found.start() for found in _CLAUSE.finditer(window) if found.start() > limit // 2]
    cut = clauses[-1] if clauses else window.rfind(" ")
    if cut <= limit // 3:
        cut = len(window)
        while cut and (unicodedata.category(sentence[cut])[0] == "M" or "\u200d" in sentence[cut - 1 : cut + 1]):
            cut -= 1
    return window[:cut].rstrip(" ,;:–—-،，、") + "…"


def repeats(sentence: str, title: str) -> bool:
    """Whether a sentence says no more than the title does."""
    key, title_key = same_text_key(sentence), same_text_key(title)
    return bool(title_key) and (key == title_key or (len(key) > 15 and key in title_key))


def stopped(sentence: str, language: str) -> str:
    """A standfirst that ends without a full stop, with one; what holds no letter is no sentence."""
    if not any(character.isalnum() for character in sentence):
        return sentence
    return sentence.rstrip(" ,;:–—-") + _FULL_STOPS.get(language, ".")


def _closed(text: str, limit: int) -> str:
    """The text with the quotation it leaves open closed, where there is room."""
    closed = text + open_quotes(text)
    return closed if len(closed) <= limit else text
