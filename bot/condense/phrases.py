"""The phrases of chrome, language by language: whole lines, beginnings of lines, notices, news agencies."""

import re

# Whole lines, in the languages examples were found for; digits and punctuation around them are ignored.
LINES = frozenset(
    phrase
    for block in (
        "no script|please wait|loading|just a moment|one moment please|comments|comment|leave a comment",
        "add a comment|add comment|post a comment|join the conversation|view comments|show comments",
        "comments are closed|no comments",
        "advertisement|advertisements|advertisement feature|ad|ads|sponsored|sponsored content|promoted",
        "paid content|paid post|story continues below advertisement",
        "article continues below advertisement|article continues below|story continues below",
        "article continues after advertisement|continue reading below|scroll to continue|advertising",
        "share|share this|share this article|share this story|share on facebook|share on twitter",
        "share on whatsapp|share via email|tweet|email|print|print this|copy link|link copied|save",
        "save article|bookmark|add to favorites|add to favourites|like this|like|follow us|follow",
        "subscribe|subscribe now|sign up|sign in|log in|login|register|donate|support us|newsletter",
        "newsletters|get the newsletter|listen to this article|listen|listen to article|read aloud|play",
        "pause|watch|watch live|watch now|video|photos|gallery|live|open gallery|image|photo",
        "image caption|media caption|close|menu|search|home|skip to content|skip to main content",
        "back to top|next|previous|more|read more|read more at|read also|also read|see also|related",
        "related articles|related stories|related news|related content|related topics|more on this story",
        "more from|recommended|recommended for you|recommended stories|most read|most popular|trending",
        "trending now|you may also like|you might also like|continue reading|keep reading|full story",
        "click here|learn more|find out more|view more|show more|load more|tags|topics|source|sources",
        "updated|published|last updated|breaking|breaking news|exclusive|developing|opinion|staff",
        "by staff|by staff agencies|staff agencies|agencies|staff writer|staff reporter|news desk",
        "web desk|newsroom|editor's picks|in this article|table of contents|contents|about the author",
        "author|terms of use|privacy policy|cookie policy|accept|accept all|reject all",
        "manage preferences|all rights reserved|transcript|key points|key takeaways|highlights",
        "advertise with us|report a typo|report an error|get the app|download the app|text size",
        "font size",
        "لا يوجد سكريبت|يرجى الانتظار|الرجاء الانتظار|جاري التحميل|تعليقات|التعليقات|تعليق|أضف تعليقا",
        "أضف تعليق|اترك تعليقا|إعلان|إعلانات|مشاركة|شارك|شارك المقال|شارك الخبر|شارك هذا|انشر|طباعة|حفظ",
        "أضف إلى المفضلة|إضافة إلى المفضلة|اقرأ أيضا|اقرأ أيضاً|إقرأ أيضا|اقرأ المزيد|إقرأ المزيد|المزيد",
        "قراءة المزيد|تابع القراءة|أخبار ذات صلة|مواضيع ذات صلة|مقالات ذات صلة|ذات صلة|الأكثر قراءة",
        "اشترك|اشترك الآن|النشرة البريدية|تابعونا|تابعنا|المصدر|المصادر|الكلمات المفتاحية|وسوم",
        "هيئة التحرير|فريق التحرير|وكالات|الوكالات|بقلم|بقلم فريق التحرير وكالات|عاجل|استمع|شاهد",
        "شاهد أيضا|الرئيسية|نسخ الرابط|تم نسخ الرابط|دلالات",
        "sin script|espere por favor|por favor espere|por favor espera|espere|cargando|comentarios",
        "comentario|deja un comentario|dejar un comentario|añadir comentario|publicidad|anuncio",
        "compartir|comparte|compartir en facebook|compartir en twitter|imprimir|guardar",
        "añadir a favoritos|agregar a favoritos|leer más|leer mas|seguir leyendo|sigue leyendo",
        "continuar leyendo|lee también|lea también|lea además|le puede interesar|te puede interesar",
        "noticias relacionadas|artículos relacionados|relacionado|más información|más noticias",
        "lo más leído|suscríbete|suscribirse|boletín|síguenos|etiquetas|temas|fuente|redacción",
        "por redacción|agencias|por redacción agencias|redacción agencias|escuchar|ver más|copiar enlace",
        "archivado en|última hora|inicio",
        "commentaires|commentaire|laisser un commentaire|ajouter un commentaire|publicité|annonce",
        "partager|partager sur facebook|imprimer|enregistrer|ajouter aux favoris|lire la suite|lire plus",
        "continuer la lecture|lire aussi|à lire aussi|voir aussi|à voir aussi|articles liés",
        "sur le même sujet|à lire également|les plus lus|s'abonner|abonnez-vous|newsletter|inscription",
        "écouter l'article|rédaction|la rédaction|avec agences|agences|chargement|veuillez patienter",
        "patientez|suivez-nous|mots-clés|copier le lien|réservé aux abonnés|article réservé aux abonnés",
        "offrir l'article|mis à jour",
        "kommentare|kommentar|kommentar schreiben|kommentar verfassen|anzeige|werbung|teilen",
        "auf facebook teilen|drucken|merken|speichern|weiterlesen|mehr lesen|mehr erfahren",
        "mehr zum thema|lesen sie auch|lesen sie hier|auch interessant|das könnte sie auch interessieren",
        "meistgelesen|newsletter|abonnieren|anhören|artikel anhören|vorlesen|redaktion|bitte warten",
        "wird geladen|schlagworte|themen|quelle|zur startseite|startseite|link kopieren|inhalt",
        "externer inhalt|empfohlener redaktioneller inhalt|nach oben|von der redaktion",
        "commenti|commento|lascia un commento|pubblicità|annuncio|condividi|stampa|salva",
        "aggiungi ai preferiti|leggi anche|leggi tutto|leggi di più|continua a leggere",
        "articoli correlati|potrebbe interessarti|ti potrebbe interessare|iscriviti|newsletter|seguici",
        "redazione|di redazione|a cura della redazione|caricamento|attendere prego|ascolta|fonte|tag",
        "copia link|riproduzione riservata",
        "comentários|comentário|deixe um comentário|publicidade|anúncio|compartilhar|compartilhe",
        "partilhar|imprimir|salvar|guardar|adicionar aos favoritos|leia mais|leia também|ler mais",
        "continue lendo|continuar a ler|continua após a publicidade|veja também|saiba mais",
        "notícias relacionadas|mais lidas|assine|inscreva-se|siga-nos|redação|da redação|carregando",
        "aguarde|por favor aguarde|ouvir|fonte|copiar link",
        "reacties|reactie|plaats een reactie|advertentie|delen|deel dit artikel|afdrukken|bewaren",
        "lees meer|lees verder|lees ook|meer lezen|bekijk ook|gerelateerd|gerelateerde artikelen",
        "meest gelezen|abonneren|nieuwsbrief|redactie|even geduld|laden|luister|bron|kommentarer|annons",
        "annonce|annonse|dela|del|læs også|läs också|läs mer|læs mere|les også|les mer|les hele saken",
        "mest lästa|mest læste|prenumerera|artikkeli jatkuu mainoksen jälkeen|mainos|jaa|lue myös",
        "lue lisää|kommentit",
        "комментарии|комментарий|оставить комментарий|добавить комментарий|реклама|поделиться",
        "поделиться новостью|печать|распечатать|сохранить|в избранное|добавить в избранное|читать далее",
        "читать дальше|читайте также|читайте еще|подробнее|смотрите также|по теме|материалы по теме",
        "самое читаемое|подписаться|подписывайтесь|рассылка|редакция|источник|загрузка|подождите",
        "пожалуйста подождите|теги|метки|слушать|ещё|еще|коментарі|коментар|поділитися|читайте також",
        "читати далі|докладніше|підписатися|джерело|коментари|сподели|прочетете още|вижте още|коментари",
        "подели|прочитајте још|читајте још|komentari|komentar|podeli|podijeli|pročitajte još",
        "pročitajte i|čitajte još|oglas|reklama|oglasi",
        "komentarze|komentarz|dodaj komentarz|reklama|udostępnij|drukuj|zapisz|czytaj więcej|czytaj dalej",
        "czytaj też|czytaj także|przeczytaj także|zobacz też|zobacz także|zobacz również|powiązane",
        "najczęściej czytane|subskrybuj|redakcja|źródło|tagi|proszę czekać|ładowanie|posłuchaj|komentáře",
        "komentář|přidat komentář|sdílet|tisk|číst dále|čtěte také|čtěte dále|související|redakce|zdroj",
        "diskuse|komentáre|zdieľať|čítajte tiež|čítajte ďalej|inzercia|inzerce|hozzászólások|megosztás",
        "hirdetés|olvass tovább|tovább olvasom|kapcsolódó|comentarii|publicitate|distribuie|citește și",
        "citeşte şi|citește mai mult|vezi și|redacția|sursa",
        "yorumlar|yorum|yorum yap|yorum ekle|reklam|paylaş|paylas|yazdır|kaydet|favorilere ekle",
        "devamını oku|devamı|daha fazla|ilgili haberler|ilginizi çekebilir|en çok okunanlar|abone ol",
        "bizi takip edin|kaynak|haber merkezi|lütfen bekleyin|yükleniyor|dinle|etiketler|σχόλια",
        "διαφήμιση|διαβάστε επίσης|διαβάστε περισσότερα|δείτε επίσης|κοινοποίηση|πηγή|תגובות|תגובה",
        "פרסומת|שתף|שתפו|הדפסה|קרא עוד|קראו עוד|לקריאה נוספת|כתבות נוספות|מערכת|נגן",
        "نظرات|نظر|دیدگاه|دیدگاه‌ها|ارسال نظر|ثبت نظر|تبلیغات|آگهی|اشتراک گذاری|اشتراک‌گذاری",
        "به اشتراک بگذارید|چاپ|ذخیره|ادامه مطلب|بیشتر بخوانید|بیشتر بدانید|همچنین بخوانید|مطالب مرتبط",
        "اخبار مرتبط|پربازدیدترین|منبع|برچسب‌ها|برچسب ها|لطفا صبر کنید|تبصرے|اشتہار|شیئر کریں|مزید پڑھیں",
        "یہ بھی پڑھیں|متعلقہ خبریں",
        "टिप्पणियाँ|टिप्पणी|विज्ञापन|शेयर करें|साझा करें|और पढ़ें|यह भी पढ़ें|ये भी पढ़ें|संबंधित खबरें",
        "আরও পড়ুন|বিজ্ঞাপন|মন্তব্য|শেয়ার করুন|கருத்துகள்|மேலும் படிக்க|விளம்பரம்|komentar|bagikan",
        "baca juga|baca selengkapnya|iklan|advertisement scroll to continue|simak juga|lihat juga",
        "berita terkait|bình luận|quảng cáo|chia sẻ|xem thêm|đọc thêm|tin liên quan",
        "评论|評論|留言|广告|廣告|分享|分享到|打印|收藏|阅读更多|閱讀更多|继续阅读|繼續閱讀|相关新闻|相關新聞|相关阅读|相關閱讀|延伸阅读|延伸閱讀|推荐阅读|更多|来源|來源|责任编辑",
        "请稍候|加载中|订阅|訂閱|コメント|広告|シェア|シェアする|続きを読む|もっと見る|関連記事|関連ニュース|あわせて読みたい|おすすめ記事|印刷|保存|댓글|광고|공유|공유하기|인쇄",
        "더보기|더 보기|관련기사|관련 기사|ความคิดเห็น|โฆษณา|แชร์|อ่านเพิ่มเติม|อ่านต่อ|ข่าวที่เกี่ยวข้อง",
    )
    for phrase in block.split("|")
)

# Beginnings of lines that lead away from the article: they need a name or a title after them.
LEADING = re.compile(
    r"(?i)^\W*(?:read (?:more|also|next|now|the full)|also read|see also|related(?: \w+)?|more on this"
    r"|watch|listen|don'?t miss|trending|recommended|click (?:here|to)|sign up|subscribe|follow us"
    r"|download our|join our|support our|share this"
    r"|اقرأ أيض|إقرأ أيض|اقرأ المزيد|شاهد أيض|تابعوا|تابعونا|lea (?:también|además|más)|lee (?:también"
    r"|más)|le(?:er|a) más|te puede interesar|le puede interesar|puede leer|ver también|à lire(?: aussi)?"
    r"|lire aussi|à voir|voir aussi"
    r"|lesen sie (?:auch|hier|mehr|dazu)|zum weiterlesen|schon gelesen\?|más sobre|mehr zum thema"
    r"|auch interessant|leggi anche|leggi tutto|guarda anche|leia (?:também|mais)|veja (?:também|mais)"
    r"|saiba mais|lees (?:ook|meer|verder)|läs (?:också|mer)|læs (?:også|mere)|les (?:også|mer)"
    r"|lue (?:myös|lisää)"
    r"|читайте (?:также|ещ[её]|нас)|смотрите также|подробнее|материалы по теме|читайте також|прочетете още"
    r"|вижте още|pročitajte|čitajte|czytaj (?:też|także|więcej|również)|zobacz (?:też|także|również)"
    r"|čtěte (?:také|dále)|citește și|vezi și|olvass"
    r"|ayrıca bakınız|ilgili haber|διαβάστε (?:επίσης|ακόμα)|δείτε (?:επίσης|ακόμα)|לקריאה נוספת"
    r"|קרא(?:ו)? (?:עוד|גם)|بیشتر بخوانید|همچنین بخوانید|مزید پڑھیں|یہ بھی پڑھیں|(?:यह|ये) भी पढ़ें"
    r"|আরও পড়ুন|baca (?:juga|selengkapnya)|simak juga|xem thêm|đọc thêm"
    r"|延伸[阅閱][读讀]|相[关關][阅閱新][读讀闻聞]|関連記事|あわせて読みたい|관련 ?기사"
    r"|อ่านเพิ่มเติม|อ่านข่าว)\s*(?:[:：>»|→\-–—]|$)"
)

# Sentences that only point at the article; searched in lower-case text.
POINTERS = re.compile(
    r"(?:\b(?:read|see|watch|find out|learn|discover|get|check|click|listen)\b.{0,40}\b(?:here|below|more|inside"
    r"|this article)\b[.!:]*$|^(?:here(?:'|’)s|here is|here are) (?:what|why|how|everything|all)\b.{0,60}$"
    r"|^find out\b.{0,60}$|^read on\b|\b(?:lesen|erfahren|sehen|finden) (?:sie|du)\b.{0,40}\b(?:hier|im artikel"
    r"|bei uns)\b|\b(?:hier|mehr)\b.{0,20}\b(?:lesen|erfahren|nachlesen)\b|\b(?:lea|lee|descubre|descubra|conoce"
    r"|conozca|entérate|mira|vea)\b.{0,40}\b(?:aquí|en esta nota|más)\b|\b(?:découvrez|lisez"
    r"|retrouvez)\b.{0,40}\b(?:ici|article|plus)\b|\b(?:leggi|scopri|ecco)\b.{0,40}\b(?:qui|articolo|di più)\b"
    r"|\b(?:leia|veja|saiba|confira)\b.{0,30}\b(?:aqui|mais|abaixo)\b|\blees\b.{0,30}\b(?:hier|meer)\b"
    r"|\b(?:читайте|смотрите|подробности|узнайте)\b.{0,40}\b(?:здесь|в материале|далее|на сайте)\b|التفاصيل (?:في"
    r"|هنا)|اقرأ.{0,20}(?:هنا|المزيد))"
)
AGENCY = (
    r"(?:reuters|ap|afp|dpa|ansa|efe|apa|sda|ats|belga|anp|tass|xinhua|ians|pti|ani|upi|cnn|bbc"
    r"|bloomberg|kyodo|yonhap|wam|spa|irna|sana|anadolu|aa|dha|iha|cnn business|associated press"
    r"|the associated press|europa press|lusa|adnkronos|agi|ritzau|ntb|tt|stt|pap|čtk|tasr|mti|hina"
    r"|tanjug|beta|srna|agerpres|бта|интерфакс|тасс|риа новости|reporters?|agencies|agencias|agences"
    r"|وكالات|رويترز|أ ف ب|د ب أ|واس|وام|سبوتنيك|الأناضول|新华社|中新社|共同|時事|연합뉴스"
    r"|askanews|telam|télam|notimex|prensa latina|mena|kuna|interfax|sputnik|unian|ukrinform|риа|унн|укринформ|уніан"
    r"|سانا|واع|وفا|معا|بترا|كونا|قنا|العمانية|فرانس برس|ا ف ب|ایرنا|ایسنا|ایلنا|تسنیم|भाषा|पीटीआई|एएनआई|वार्ता)"
)

# Beginnings of sentences that hang on the sentence before them.
MID_AIR = re.compile(
    r"(?i)^[\"'“«]?(?:(?:he|she|they|it|we) (?:also|further|later|then|added|went on|continued)|meanwhile"
    r"|however|but|moreover|furthermore|in addition|additionally|also|besides|therefore|thus|hence"
    r"|nevertheless|on the other hand|for (?:his|her|their) part|the (?:latter|former)(?=,| is| was| has| said)"
    r"|and|so|yet|still"
    r"|instead|otherwise|similarly|likewise|by contrast|in contrast|for example|for instance|as a result"
    r"|earlier|later|afterwards"
    r"|además|sin embargo|por su parte|mientras tanto|asimismo|también|pero|no obstante|por otro lado"
    r"|por otra parte|en ese sentido|par ailleurs|cependant|toutefois|en outre|de plus|pendant ce temps"
    r"|de son côté|mais|également|néanmoins|außerdem|zudem|allerdings|jedoch|unterdessen|derweil|aber|auch"
    r"|dagegen|hingegen|inoltre|tuttavia|intanto|però|nel frattempo|além disso|no entanto|entretanto"
    r"|porém|também|por sua vez"
    r"|bovendien|echter|ondertussen|maar|ook|кроме того|однако|также|между тем|тем временем|при этом|но"
    r"|ayrıca|ancak|bu arada|öte yandan|fakat|tymczasem|jednak|ponadto|również|navíc|nicméně"
    r"|mezitím)\b[\s,]"
    r"|^(?:وأضاف|وتابع|وأوضح|وأشار|وقال|كما |ومن جهت|من جهت|في غضون ذلك|وفي سياق|لكن |ولكن|غير أن|بالمقابل"
    r"|وی |او همچنین|همچنین|اما |در همین حال|انہوں نے مزید|تاہم|वहीं|हालांकि|इसके अलावा|लेकिन"
    r"|उन्होंने कहा|此外|另外|同时|然而|但是|不过|他还|她还|しかし|また、|一方|그러나|하지만|또한|한편)"
)

# The same in one language only: elsewhere they are names and other words ('Ma', 'Ale', 'Men', 'Mas').
_MID_AIR_BY_LANGUAGE = {
    "it": "ma|anche|poi",
    "pt": "mas|já",
    "tr": "ama|üstelik|bununla birlikte|diğer yandan",
    "pl": "ale|natomiast|z kolei|dodatkowo|poza tym",
    "cs": "ale|avšak|kromě toho|zároveň|dále",
    "sk": "ale|avšak|okrem toho|zároveň|medzitým",
    "sv": "men|dock|dessutom|samtidigt|däremot|även|vidare",
    "da": "men|dog|desuden|samtidig|derimod|også|imens",
    "no": "men|dessuten|samtidig|derimot|også|imens",
    "fi": "mutta|kuitenkin|lisäksi|samalla|myös|sen sijaan|toisaalta",
    "hu": "de|azonban|ugyanakkor|emellett|továbbá|közben|viszont",
    "ro": "dar|însă|totuși|totodată|de asemenea|în plus|pe de altă parte|între timp",
    "hr": "ali|međutim|osim toga|također|u međuvremenu|no",
    "sr": "ali|međutim|osim toga|takođe|u međuvremenu|али|међутим|осим тога|такође|у међувремену",
    "uk": "але|однак|проте|також|крім того|водночас|тим часом|натомість",
    "bg": "но|обаче|освен това|също така|междувременно",
    "el": "αλλά|όμως|ωστόσο|επίσης|παράλληλα|επιπλέον|εξάλλου|στο μεταξύ",
    "he": "אבל|אולם|אך|כמו כן|בנוסף|בינתיים|עם זאת",
    "id": "tetapi|namun|sementara itu|selain itu|di sisi lain|dia juga|ia juga",
    "ms": "tetapi|namun|sementara itu|selain itu|beliau juga",
    "vi": "nhưng|tuy nhiên|trong khi đó|ngoài ra|bên cạnh đó|đồng thời|mặt khác",
    "bn": "কিন্তু|তবে|এছাড়া|এ ছাড়া|অন্যদিকে|এদিকে",
    "ur": "لیکن|تاہم|اس کے علاوہ|دوسری جانب|ادھر|انہوں نے کہا",
    "mr": "पण|मात्र|दरम्यान|याशिवाय|तसेच",
    "th": "แต่|อย่างไรก็ตาม|นอกจากนี้|ขณะเดียวกัน|ทั้งนี้",
}
MID_AIR_IN = {
    language: re.compile(rf"(?i)[\"'“«„]?(?:{words})(?:[\s,]|(?<=[\u0e00-\u0eff]))")
    for language, words in _MID_AIR_BY_LANGUAGE.items()
}

# Beginnings of sentences that answer the question before them.
ANSWER = re.compile(
    r"(?i)^[\"'“«„]?(?:it|this|that|they|he|she|these|those|yes|no|not|maybe|well|then|here|das|es|dies"
    r"|dann|ja|nein|er|sie|vielleicht"
    r"|c['’]est|cela|ça|oui|non|sí|no|eso|esto|quizás?|sì|questo|forse|isso|isto|sim|não|talvez|dat|het"
    r"|nee|это|да|нет|так|evet"
    r"|hayır|bu|tak|nie|to|نعم|هذا|هذه|ذلك|لا)\b"
)
