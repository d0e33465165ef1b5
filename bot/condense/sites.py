"""Names of sites and of their sections, found in titles and cut from them."""

import re
import unicodedata
from functools import lru_cache

from .chrome import same_text_key
from .plain import one_line

_SEPARATOR = re.compile(
    r"\s+(?:[|¦│┃«»›·•∙⋅★]|::?|//?|[-–—―]{1,2})\s+|\s*[|│｜]\s*|\s+>>?\s+|_(?=[^\x00-\x7f])|\s*［"
    r"|(?<=[^\x00-\x7f])－(?=[^\x00-\x7f])"
)
_STRONG = re.compile(r"[|¦│┃｜«»›•:/>_]")
_PREFIX = re.compile(r"^([^:|]{2,40}):\s+")
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}")
_NAME_WORD = re.compile(
    r"^(?:[^\W\d_a-zß-öø-ÿа-яё][\w.'’&+!-]*|of|the|and|de|del|la|le|les|di|der|die|das|du|et|y|e|&|-"
    r"|[\w-]+\.(?:com|org|net|de|fr|es|it|ru|co\.uk|[a-z]{2,3}))$"
)
_SECTION_NAMES = (
    "blog archive|blog archiv|news|world|world news|politics|business|sport|sports|opinion|culture|"
    "technology|tech|science|health|environment|local news|breaking news|latest news|us news|uk news|"
    "money|finance|economy|entertainment|arts|life|lifestyle|travel|video|videos|blog|home|magazine|live|"
    "nachrichten|politik|wirtschaft|panorama|kultur|wissen|sport|gesellschaft|noticias|política|economía|"
    "deportes|sociedad|internacional|mundo|cultura|actualités|actualité|politique|économie|monde|société|"
    "notizie|cronaca|politica|economia|esteri|notícias|brasil|esportes|nieuws|binnenland|buitenland|"
    "nyheter|новости|политика|общество|экономика|спорт|мир|wiadomości|haberler|haber|gündem|spor|dünya|"
    "ekonomi|أخبار|سياسة|اقتصاد|رياضة|اخبار|新闻|要闻|财经|ニュース|국제|뉴스|사회|정치"
)
_SECTIONS = frozenset(_SECTION_NAMES.split("|"))
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "o", "æ": "ae", "ß": "ss"})
# Words that names of papers and stations are made of.
_PRESS = re.compile(
    r"\b(?:News|Times|Post|Herald|Tribune|Gazette|Journal|Chronicle|Press|Daily|Today|Online|Magazine|TV|Radio|FM|Zeitung"
    r"|Rundschau|Nachrichten|Anzeiger|Tageblatt|Allgemeine|Presse|Nyheter|Dagblad(?:et)?|Tidning(?:en)?|Avis(?:en)?|Diario"
    r"|Periódico|Noticias|Notícias|Jornal|Folha|Giornale|Gazzetta|Quotidiano|Libre|Actu|Gazeta|Wiadomości|Zprávy|Noviny"
    r"|Novosti|Vijesti|Dnevnik|Hírek|Ziarul|Haber(?:leri)?|Gazetesi|Новости|Газета|Вести|Новини|Известия)\b"
    r"|新聞|新闻|日報|日报|晚報|晚报|時報|时报|周刊|ニュース|デジタル|テレビ|放送|通信|通讯社|일보|신문|뉴스|방송|경제$|網$|网$"
    r"|نيوز|صحيفة|أخبار|جريدة|خبرگزاری|روزنامه|الجزيرة|समाचार|न्यूज|নিউজ|ข่าว|ไทยรัฐ"
)


def without_site(line: str, site: str) -> str:
    """A title without the names of its site and sections at either end; guessed by their form where none matches."""
    names = _forms_of(site)
    for cut in (_without_suffix, _without_prefix):
        while (shorter := cut(line, names)) != line:
            line = shorter
    return line


def names_of_site(*names: str) -> str:
    """Several names of one site as the single `site` argument of the functions here."""
    return "\n".join(dict.fromkeys(name for name in names if name))


def is_site_name(part: str, site: str) -> bool:
    """Whether a text is only the name of the site."""
    return _is_site(part, _forms_of(site))


def title_parts(title: str) -> list[str]:
    """The parts of a title between its separators."""
    return [part.strip() for part in _SEPARATOR.split(title) if part.strip()]


def site_key(name: str) -> str:
    """What the writings of one site's name share: no accents, case, spaces or punctuation."""
    if not name.isascii():
        name = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return same_text_key(name)


@lru_cache(maxsize=64)
def _forms_of(site: str) -> frozenset[str]:
    """The forms in which a site's names may stand in a title: whole, their parts, a host and its labels."""
    forms: set[str] = set()
    for name in filter(None, map(one_line, site.split("\n"))):
        forms.update((name, re.sub(r"(?i)^the\s+", "", name), *_SEPARATOR.split(name)))
        if _HOST.fullmatch(name):
            labels = name.split(".")
            forms.update(labels[:-1], (" ".join(labels[:-1]), re.sub(r"(?i)^www\.", "", name)))
    return frozenset(key for form in forms if form and len(key := site_key(form)) > 1)


def _without_suffix(line: str, names: frozenset[str]) -> str:
    cuts = [cut for cut in _SEPARATOR.finditer(line) if not _is_in_brackets(line, cut.start())]
    if not cuts:
        left, _, right = max(line.rpartition(": "), line.rpartition("："), key=lambda parts: len(parts[0]))
        return (
            left if left and right and (site_key(right) in names or ("：" in line and _PRESS.search(right))) else line
        )
    cut = cuts[-1]
    left, right = line[: cut.start()].strip(), line[cut.end() :].strip(" ］")
    if not left or not right:
        return left or right
    if _DATE.fullmatch(right) or (_is_site(right, names) and not _is_site(left, names)):
        return left
    if right.casefold() in _SECTIONS and _size(left) > _size(right):
        return left
    strong = _sets_off_a_name(cut.group(), right)
    if (len(cuts) > 1 or _size(left) >= 3) and _looks_like_a_site(right, left, strong=strong, known=bool(names)):
        return left
    return line


def _sets_off_a_name(separator: str, right: str) -> bool:
    """Whether a separator is one of those before names; a stroke lists, and behind a colon small letters go on."""
    if "/" in separator or (":" in separator and right[:1].islower()):
        return False
    return _STRONG.search(separator) is not None


def _is_in_brackets(line: str, place: int) -> bool:
    """Whether a place is inside brackets, where no site is named: 'A poor feed reader (RSS / Atom)'."""
    return line.count("(", 0, place) > line.count(")", 0, place)


def _looks_like_a_site(right: str, left: str, *, strong: bool, known: bool) -> bool:
    """Whether the last part of a title is a site's or a section's name by its form, where no name is known to match."""
    words = right.split()
    named = all(_NAME_WORD.match(word) for word in words) and (right != right.lower() or right == right.upper())
    if named and len(words) <= 5 and len(right) <= 35 and _PRESS.search(right) and _size(left) >= 3:
        return True
    if len(right) > 35 or _size(right) >= _size(left) or right.endswith(("?", "!", "…")):
        return False
    if strong:
        return len(words) <= 5
    return not known and named and len(words) <= 4 and _size(left) >= 4


def _without_prefix(line: str, names: frozenset[str]) -> str:
    cut = _SEPARATOR.search(line)
    if cut and _is_site(line[: cut.start()], names) and line[cut.end() :].strip():
        return line[cut.end() :].strip()
    if cut and _STRONG.search(cut.group()) and line[: cut.start()].strip().casefold() in _SECTIONS:
        return line[cut.end() :].strip() or line
    named = _PREFIX.match(line)
    if named and site_key(named.group(1)) in names:
        return line[named.end() :].strip()
    return line


def _is_site(part: str, names: frozenset[str]) -> bool:
    """Whether a part of a title is the site's name, perhaps with a word or two more ('BBC News'), or spelt out."""
    key = site_key(part)
    if not key or key in names or site_key(part.casefold().translate(_UMLAUTS)) in names:
        return True
    words = re.split(r"[\s,]+", part)
    if len(words) > 5:
        return False
    if _is_spelt_out(words, names):
        return True
    least = max(1, len(words) - 2)
    runs = (words[start:end] for start in range(len(words)) for end in range(start + least, len(words) + 1))
    return any(run in names for run in (site_key(" ".join(run)) for run in runs) if len(run) > 2)


def _is_spelt_out(words: list[str], names: frozenset[str]) -> bool:
    """Whether a site is known by the initials of these words, as 'The New York Times' is at nytimes.com."""
    initials = (
        "".join(word[0] for word in words if word[:1].isupper())
        .casefold()
        .removeprefix("t" if words[0] == "The" else "")
    )
    if len(initials) < 2:
        return False
    return initials in names or (len(initials) > 2 and any(name.startswith(initials) for name in names))


def _size(part: str) -> int:
    """The words of a part; scripts without spaces count two letters as a word."""
    dense = len(re.findall(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]", part))
    return len(part.split()) + dense // 2
