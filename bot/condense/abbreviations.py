"""Abbreviations after which a sentence goes on, by language; and those that only a number follows."""

_COMMON = "dr drs prof st ste vs ca cf approx e.g i.e vol mr mrs ms mx"
_BY_LANGUAGE = {
    "en": "rev hon gov sen rep pres gen col capt lt sgt cpl cmdr adm maj det insp supt messrs mt ft dept est ave blvd"
    " rd jan feb mar apr jun jul aug sept sep oct nov dec viz esq",
    "de": "z.b bzw sog d.h u.a ggf geb str dipl ing hr fr zt inkl exkl mind u frz engl dt amerik ehem evtl vgl bspw jh"
    " jhd jan feb apr aug sept okt nov dez abs allg",
    "fr": "m mm mme mlle mgr me av bd env janv févr avr juil sept oct nov déc",
    "es": "sr sra srta dr dra d dña ud uds excmo lic ing av avda gral cía c dpto",
    "pt": "sr sra dr dra d av dep sen gov eng profa pe exmo min gen r",
    "it": "sig sigg dott avv ing on.le arch geom ecc tzv rag s",
    "nl": "dhr mw mevr mr drs ir ing o.a m.b.t d.w.z bijv mln mld jan feb okt",
    "sv": "bl.a t.ex kl s.k d.v.s m.fl dvs ca st",
    "da": "bl.a f.eks kl ca hr fr nr mio mia jf pga",
    "no": "bl.a f.eks kl ca nr mill mrd jf pga",
    "fi": "mm esim ns klo n tri prof toht",
    "pl": "ul prof dr inż mgr al gen płk ks ok godz tzw m.in np św im nr tys mln mld abp bp red min",
    "cs": "tzv např prof mudr ing mgr ul č tis mil mld kpt gen por odst sv",
    "sk": "tzv napr prof mudr ing mgr ul č tis mil mld sv",
    "hr": "tzv npr dr prof ul br gđa g sv mil mlrd",
    "sr": "tzv npr dr prof ul br sv тзв нпр др проф ул бр св",
    "hu": "dr ifj id pl u.n kb st özv",
    "ro": "dl dna dr prof str nr ing av sf",
    "tr": "dr prof doç av sn bkz org yrd müh cad sok mah",
    "ru": "г гг т.е т.к т.н ул руб тыс млн млрд ст др проф гр им пр напр акад ген полк см стр д",
    "uk": "р м вул грн тис млн млрд ст проф акад ген див ім св напр",
    "bg": "г гр ул проф акад ген лв млн млрд св т.нар т.е",
    "el": "κ κα δρ καθ π.χ δηλ αρ",
    "vi": "tp ths ts gs pgs ts",
    "id": "jl h hj ir drs tbk dr prof",
    "ms": "jln dr prof hj",
    "hi": "डॉ डा श्री प्रो स्व पं कु मो सुश्री",
    "mr": "डॉ श्री प्रा स्व",
    "ne": "डा डॉ श्री प्रा प्रो मा",
    "pa": "ਡਾ ਸ ਪ੍ਰੋ ਸ੍ਰੀ",
    "gu": "ડૉ ડો શ્રી પ્રો",
    "ta": "டாக்டர் திரு",
    "sw": "dkt bw bi mhe prof",
    "bn": "ড মো মু ডা",
    "ar": "د أ م ص ج",
    "fa": "د م ه",
}
_NUMBERED = "no nos nr n° art fig p pp pág págs núm num cap kap abs § s str ch sec par"
_BEFORE_NUMBERS = frozenset(_NUMBERED.split())

ABBREVIATIONS = {language: frozenset(f"{_COMMON} {words}".split()) for language, words in _BY_LANGUAGE.items()}
_ANY = frozenset(_COMMON.split())


def goes_on(word: str, language: str) -> bool:
    """Whether a sentence goes on after this word and its stop ('Dr.', 'z. B.')."""
    return word.casefold() in ABBREVIATIONS.get(language, _ANY)


def announces_a_number(word: str) -> bool:
    """Whether this word with a stop stands before a number ('No. 10', 'Art. 5')."""
    return word.casefold() in _BEFORE_NUMBERS
