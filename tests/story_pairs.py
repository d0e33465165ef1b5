"""Labelled pairs of articles, in our own words: (name, one, other, whether they tell the same story)."""

EN = (
    "The old swing bridge over the Harrow river will stay closed until the end of May, the town council said on Tuesday. "
    "Divers had found cracks in two of the 14 piers during an inspection last week, and engineers want to replace the bearings "
    "before heavy lorries may cross again. Buses are being sent over the ring road, which adds about 20 minutes to the journey "
    "from the station to the hospital. Shopkeepers on the quay fear for their spring trade and ask for a temporary ferry. "
    "The repair will cost 3.2 million, of which the province pays half."
)
EN_REPRINT = (
    "HARROW (Coast News) - The old swing bridge over the Harrow river will remain closed until the end of May, the town council "
    "announced on Tuesday. Divers had found cracks in two of the 14 piers during an inspection last week, and engineers want to "
    "replace the bearings before heavy lorries may cross again. Buses are sent over the ring road, adding about 20 minutes to "
    "the journey from the station to the hospital."
)
EN_REWRITE = (
    "Harrow's old swing bridge is to stay closed until the end of May, according to the town council. Divers had found cracks in "
    "two of the 14 piers during an inspection, and the engineers want to replace the bearings before heavy lorries may cross. "
    "Meanwhile buses are being sent over the ring road, which adds about 20 minutes to each journey. Shopkeepers on the quay fear "
    "for their spring trade and ask for a ferry. The repair will cost 3.2 million."
)
EN_CORRECTION = EN.replace("3.2 million", "3.4 million")
EN_SEQUEL = (
    "A small ferry has begun to carry pedestrians across the Harrow river, three weeks after lorries and buses had to leave the "
    "bridge. The first boat left the quay at six in the morning with 31 passengers, most of them nurses on their way to work. "
    "It sails every 10 minutes and costs nothing until Easter. The town council had ordered it after complaints from traders. "
    "Divers had found cracks in two of the 14 piers during an inspection, and engineers want to replace the bearings before "
    "heavy lorries may cross again."
)
EN_WEATHER = (
    "Tomorrow will be mostly cloudy in the north with some sunshine towards evening. Temperatures reach {} degrees on the coast "
    "and {} degrees inland. The wind blows from the west at {} kilometres an hour, in gusts up to {}. The chance of rain is {} "
    "per cent. The night stays mild and mostly dry, with some fog in the valleys. The outlook for the following days is changeable."
)
EN_MATCH = (
    "{} beat {} {} in front of {} spectators on Saturday and moved up to place {} in the table. {} opened the score after {} "
    "minutes with a header from close range. After the break both sides had chances, but the goalkeepers held what came. "
    "The coach praised his players after the final whistle and said that the team had earned the three points by hard work."
)
DE = (
    "Die Stadtbibliothek von Lindau bekommt einen Anbau aus Holz und Glas. Der Gemeinderat stimmte am Montagabend mit 18 zu 7 "
    "Stimmen für den Entwurf eines Büros aus Bregenz. Im Erdgeschoss entsteht ein Café, darüber ein Lesesaal für 60 Personen "
    "mit Blick auf den See. Die Arbeiten sollen im Herbst beginnen und rund zwei Jahre dauern. Während der Bauzeit zieht die "
    "Kinderabteilung in die alte Post um, wie die Leiterin der Bibliothek mitteilte."
)
DE_REWRITE = (
    "Lindau. Die Stadtbibliothek bekommt einen Anbau aus Holz und Glas. Der Gemeinderat stimmte mit 18 zu 7 Stimmen für den "
    "Entwurf eines Büros aus Bregenz. Im Erdgeschoss entsteht ein Café, darüber liegt ein Lesesaal für 60 Personen. Die Arbeiten "
    "sollen im Herbst beginnen und etwa zwei Jahre dauern."
)
DE_OTHER = (
    "Die Stadtbibliothek von Lindau bleibt im Sommer an Samstagen länger geöffnet. Bis Ende August können Leser bis 20 Uhr Bücher "
    "ausleihen und zurückgeben, wie die Leiterin der Bibliothek mitteilte. Im Hof gibt es an 9 Abenden Lesungen unter freiem "
    "Himmel, den Anfang macht eine Autorin aus Konstanz mit Geschichten vom See. Der Eintritt ist frei, bei Regen wird im "
    "Kinderzimmer gelesen."
)
ES = (
    "Los pescadores de la ría han encontrado esta semana un banco de sardinas como no se veía desde hace 15 años. Según la "
    "cofradía, los barcos descargaron el miércoles 40 toneladas en el puerto, el doble de lo habitual. Los biólogos creen que "
    "el agua fría de la primavera ha empujado a los peces hacia la costa. El precio en la lonja ha bajado a la mitad y las "
    "conserveras han contratado a 120 personas más para el verano."
)
ES_REPRINT = "Vigo, 4 de marzo. " + ES.replace("han encontrado esta semana", "encontraron esta semana")[:330]
ES_OTHER = (
    "Los pescadores de la ría protestaron este jueves ante el ayuntamiento por el precio del gasóleo. Unas 200 personas cortaron "
    "durante 2 horas el acceso al puerto con redes y cajas vacías. Según la cofradía, salir a faenar cuesta hoy un tercio más que "
    "en invierno y muchos barcos prefieren quedarse amarrados. El alcalde prometió reunirse con el gobierno antes del verano."
)
RU = (
    "В городском парке открыли новую оранжерею, где растут пальмы, орхидеи и почти 300 видов папоротников. Здание строили 4 года "
    "на месте старой теплицы, которая сгорела зимой. Первые посетители пришли в субботу утром, и к полудню очередь тянулась до "
    "самых ворот. Билет стоит 250 рублей, дети и студенты проходят бесплатно. Осенью здесь начнут водить экскурсии для школ."
)
RU_REWRITE = (
    "В городском парке открыли новую оранжерею, где растут пальмы, орхидеи и почти 300 видов папоротников. Её строили 4 года на "
    "месте старой теплицы, которая сгорела. Первые посетители пришли в субботу утром, и к полудню очередь тянулась до ворот. "
    "Билет стоит 250 рублей."
)
RU_OTHER = (
    "В городском парке начали сажать молодые липы вместо деревьев, сломанных бурей. За 2 дня рабочие и добровольцы посадили 140 "
    "саженцев вдоль главной аллеи. Деревья привезли из питомника под Тверью, за ними будут ухаживать школьники. К осени обещают "
    "починить скамейки и фонари, а весной вернуть в пруд уток."
)
AR = (
    "أعلنت بلدية المدينة أن سوق الحرف القديم سيفتح أبوابه من جديد في بداية الشهر المقبل بعد ترميم استمر 3 سنوات. وقال المهندس "
    "المشرف على المشروع إن العمال أعادوا بناء 45 دكانا بالحجر الأبيض كما كانت قبل الحريق. وسيحصل أصحاب الدكاكين على إعفاء من "
    "الإيجار لمدة عام كامل حتى يعود الزبائن. ويتوقع التجار أن يزور السوق آلاف السياح في فصل الربيع."
)
AR_REPRINT = "(وكالات) " + AR.replace("أعلنت بلدية المدينة", "ذكرت بلدية المدينة اليوم").rsplit(".", 2)[0] + "."
AR_OTHER = (
    "أعلنت بلدية المدينة عن مسابقة لرسم جدران الحي القديم يشارك فيها 60 فنانا من الشباب. وقالت لجنة التحكيم إن الفائزين "
    "سيحصلون على جوائز مالية ومعرض خاص في الصيف. وتبدأ أعمال الرسم يوم الجمعة قرب الميناء وتستمر 10 أيام، ويمكن للأطفال أن "
    "يساعدوا الرسامين في تلوين سور الحديقة العامة."
)
ZH = (
    "市政府周三宣布，连接老城与新区的地铁六号线将于下月底开通，全长二十八公里，共设十九座车站。首班车早上五点半发出，末班车晚上十一点。"
    "工程师说，列车采用新的隔音材料，车厢里的噪音比旧线路低一半。沿线三所中学的学生今后上学可以少换一次车。票价暂时不变，老人仍然免费乘车。"
)
ZH_REPRINT = "本报讯 " + ZH.replace("周三宣布", "昨天宣布").rsplit("。", 2)[0] + "。"
ZH_OTHER = (
    "市政府周五表示，老城区的公交车站将全部换成带遮阳棚的新站台，第一批共四十二座。站台上会装电子屏，显示下一班车还有几分钟到达。"
    "居民代表希望增加夜间班次，公交公司答应在夏天试行两个月。旧站牌会送到交通博物馆展出，学校可以预约参观。"
)


def _teaser(text: str, share: float = 0.45) -> str:
    return text[: int(len(text) * share)]


PAIRS = [
    ("en: a reprint with an agency's name", EN, EN_REPRINT, True),
    ("en: lightly rewritten", EN, EN_REWRITE, True),
    ("en: the reprint and the rewrite", EN_REPRINT, EN_REWRITE, True),
    ("en: a correction of one number", EN, EN_CORRECTION, True),
    ("en: a teaser", EN, _teaser(EN), True),
    ("en: a sequel that repeats the background", EN, EN_SEQUEL, False),
    (
        "en: the forecast of another day",
        EN_WEATHER.format(14, 17, 20, 45, 30),
        EN_WEATHER.format(9, 11, 35, 70, 80),
        False,
    ),
    ("en: the same forecast", EN_WEATHER.format(14, 17, 20, 45, 30), EN_WEATHER.format(14, 17, 20, 45, 30), True),
    (
        "en: another match told by the same template",
        EN_MATCH.format("Ashford", "Milton", "3-1", "4,200", 5, "Reed", 12),
        EN_MATCH.format("Norbury", "Eastgate", "2-0", "900", 11, "Hale", 67),
        False,
    ),
    ("en: another story", EN, EN_WEATHER.format(1, 2, 3, 4, 5), False),
    ("de: lightly rewritten", DE, DE_REWRITE, True),
    ("de: a teaser", DE, _teaser(DE), True),
    ("de: another story of the same library", DE, DE_OTHER, False),
    ("es: a reprint, cut short", ES, ES_REPRINT, True),
    ("es: a teaser", ES, _teaser(ES), True),
    ("es: another story of the same fishermen", ES, ES_OTHER, False),
    ("ru: lightly rewritten", RU, RU_REWRITE, True),
    ("ru: a teaser", RU, _teaser(RU), True),
    ("ru: another story of the same park", RU, RU_OTHER, False),
    ("ar: a reprint", AR, AR_REPRINT, True),
    ("ar: a teaser", AR, _teaser(AR), True),
    ("ar: another story of the same town", AR, AR_OTHER, False),
    ("zh: a reprint", ZH, ZH_REPRINT, True),
    ("zh: a teaser", ZH, _teaser(ZH), True),
    ("zh: another story of the same town", ZH, ZH_OTHER, False),
    ("across languages nothing is merged", EN, DE, False),
    ("a headline alone is not enough", "Storm over the coast", "Storm over the coast", False),
    ("nothing is like nothing", "", "", False),
]
