"""Notices: sentences of walls, banners, licences and plugs, language by language.

They count in a line, not in a long paragraph. They are searched in lower-case text: ignoring case in the
patterns themselves costs six times as much.
"""

import re
from functools import lru_cache

# In English, each at the beginning of a word.
_ENGLISH = (
    r"accept (?:all )?cookies|cookie (?:policy|settings|preferences|consent|banner)"
    r"|your privacy (?:choices|matters)"
    r"|by (?:continuing|using|clicking|signing)\b.{0,60}\b(?:agree|accept|consent)|(?:enable"
    r"|turn on) javascript|requires? javascript (?:to|for)|(?:you|have) (?:need|disabled) javascript"
    r"|you need javascript|without javascript (?:enabled|turned on)"
    r"|javascript (?:is|must be|seems|to be)?\s?(?:disabled|enabled|required|not)|your browser (?:does not"
    r"|doesn['’]t|is not|is out|version|settings)|(?:an? )?(?:outdated|unsupported) browser"
    r"|(?:un|not a |a )supported browser|update your browser|disable (?:your )?ad.?block"
    r"|(?:already|not) a subscriber|(?:already|not) a member(?: yet)?\?|subscribe (?:now |today )?(?:to"
    r"|for) (?:continue|read|access|our|get|more|unlimited|the .{0,40}(?:newsletter|magazine|podcast|channel"
    r"|paper|briefing))|for subscribers only|subscriber.only|this (?:article|content|story) is (?:only"
    r"|reserved|available (?:only|exclusively)|for (?:paid|paying|premium|registered|our )?\s?(?:subscribers"
    r"|members|readers))|log in to (?:continue|read|comment|your)|sign in to (?:continue|read|comment|your)"
    r"|sign up (?:for|to) (?:our|get|receive|the .{0,40}(?:newsletter|alerts?|briefing|e-?mails?|digest))"
    r"|(?:start|begin|your) .{0,20}free trial|(?:your|for|get) unlimited access|reached your (?:limit|free)"
    r"|\b(?:our|your|free|daily|weekly|sign|subscrib\w*|get|receive|join|inbox|abonn\w*|inscri\w*|suscr\w*"
    r"|iscriv\w*|assin\w*|anmeld\w*|bestell\w*|jetzt|unser\w*|nuestr\w*|notre|nostr\w*|noss\w*|onze|gratis"
    r"|kostenlos\w*)\b.{0,80}newsletter|newsletter.{0,60}\b(?:our|your|free|daily|weekly|sign|subscrib\w*|get"
    r"|receive|join|inbox|abonn\w*|inscri\w*|suscr\w*|iscriv\w*|assin\w*|anmeld\w*|bestell\w*|jetzt|unser\w*"
    r"|nuestr\w*|notre|nostr\w*|noss\w*|onze|gratis|kostenlos\w*)\b|get .{0,40} (?:in|to) your inbox"
    r"|delivered to your inbox|inbox every|follow us on|like us on|find us on|join us on"
    r"|join our (?:telegram|whatsapp|channel)|download (?:the|our) app|click here|tap here|print this"
    r"|all rights reserved|copyright \d|may not be (?:reproduced|published|redistributed)"
    r"|reproduction (?:is )?prohibited|the post .{3,200} (?:appeared )?first (?:appeared )?on|this (?:article"
    r"|story|post|piece|version) (?:was )?(?:originally|first) (?:appeared|published)|(?:^"
    r"|[.!?] )the (?:article|post|piece) (?:was )?(?:originally|first) (?:appeared|published)"
    r"|republished (?:with|under|from)"
    r"|affiliate[ -]?(?:link|commission|disclosure|partner)|as an amazon associate"
    r"|we may (?:earn|receive) a?\s?commission|earn(?:s)? a commission"
    r"|contributed to this (?:report|story|article)|please (?:enable|wait|try again|check your email|refresh)"
    r"|thank you for (?:subscribing|reading|signing)|checking your browser|verify you are (?:a )?human"
    r"|are you a robot|access denied|enable notifications|allow notifications|follow .{1,40}\b(?:on"
    r"|us)\b.{0,10}\b(?:twitter|instagram|facebook|telegram|x|youtube|linkedin|whatsapp|google news|bluesky"
    r"|threads|tiktok|mastodon)\b|(?:download|get) our .{0,40}\bapps?\b|(?:^|[.!?] )get the .{0,40}\bapps?\b"
    r"|download the .{0,40}\bapps?\b(?: for| on| from| here| today| now|[.!]|$)|send us (?:your|an? )"
    r"|contact us (?:at|on|via)|write to us|(?:do you|got|if you) have a (?:news |good )?(?:tip|story)\b"
    r"|let us know in the comments|what do you think\? |tell us what you think|\buse cookies"
    r"|cookies and (?:data|similar)|store and(?:/or)? access information|(?:we"
    r"|partners) process (?:your )?personal data|our \d+ partners|\d+ partners (?:store|process|may)|(?:want"
    r"|wish) to (?:read more|keep reading)\?|to continue reading|already have (?:a subscription|an account)"
    r"|choose your (?:plan|subscription)|cancel any ?time|get full access|exclusive(?:ly)? (?:to|for"
    r"|available to) (?:our |paying )?(?:subscribers|members)|unlock (?:this|the full) (?:article|story)"
    r"|become a (?:subscriber|member)[.!]|page you(?:[\'’]re| are| were) (?:looking for|trying to)"
    r"|page (?:was |could )?not (?:be )?found|\b(?:uses|using) cookies"
)

# In the other languages of the Latin alphabet, each at the beginning of a word.
_LATIN = (
    r"usamos cookies|s[ií]guenos (?:en|a)|h[aá]zte (?:miembro|socio)|descarg(?:a|ue) (?:la|nuestra) app"
    r"|suivez .{1,30} sur|folge[nt]? (?:sie )?.{1,30} auf (?:facebook|twitter|instagram|telegram|google)"
    r"|alle angaben ohne gewähr|nicht eingeloggt|seguici su"
    r"|segui .{1,30} su (?:facebook|google|telegram|instagram|whatsapp)"
    r"|siga .{1,30} (?:no|nas) (?:facebook|twitter|instagram|telegram|redes)"
    r"|volg .{1,30} op (?:facebook|twitter|instagram)|utiliza(?:mos)? cookies"
    r"|política de (?:cookies|privacidad)|aceptar (?:las |todas )?(?:las )?cookies"
    r"|todos los derechos reservados|suscríb(?:ete|ase)|regístrate|síguenos en|habilit(?:ar|e) javascript"
    r"|exclusivo para suscriptores|utilis(?:e|ons) des cookies|politique de confidentialité"
    r"|tous droits réservés|(?:réservé|accessible) aux abonnés|abonnez-vous|inscrivez-vous|déjà abonné"
    r"|activer javascript|suivez-nous|il vous reste .{0,20} de cet article|la suite est réservée"
    r"|verwende(?:n|t) cookies|cookie-einstellungen|datenschutz(?:erklärung|einstellungen)"
    r"|alle rechte vorbehalten|nur für abonnenten|jetzt (?:abonnieren|anmelden|registrieren)|bereits abonnent"
    r"|javascript aktivieren|weiterlesen mit|diesen artikel (?:lesen|weiterlesen)"
    r"|mit .{0,30}plus.{0,10} (?:lesen|testen)|utilizza(?:mo)? (?:i )?cookie|tutti i diritti riservati"
    r"|riproduzione riservata|iscriviti (?:alla|al|a)|sei già abbonato|contenuto riservato|utilizamos cookies"
    r"|política de privacidade|todos os direitos reservados|exclusivo para assinantes"
    r"|\bassine (?:a|o|já|agora)\b|inscreva-se|siga-nos|gebruik(?:t|en)? (?:van )?cookies"
    r"|alle rechten voorbehouden|alleen voor abonnees|schrijf je in|meld je aan|använder cookies"
    r"|bruger cookies|bruker (?:vi )?(?:cookies|informasjonskapsler)|käyttää evästeitä|käytämme evästeitä"
    r"|hyväksy evästeet|ophavsretligt beskyttet|kun for abonnenter|endast för prenumeranter|vain tilaajille"
    r"|używa(?:my)? (?:plików )?cookie|pliki cookies?|wszelkie prawa zastrzeżone"
    r"|tylko dla (?:subskrybentów|prenumeratorów)|zaloguj się|zapisz się|používá(?:me|)? (?:soubory )?cookies"
    r"|soubory cookies?|všechna práva vyhrazena|přihlaste se|minden jog fenntartva|sütiket használ"
    r"|toate drepturile rezervate|abonează-te|korist(?:i|imo) kolačiće|sva prava pridržana"
    r"|çerez(?:ler)? (?:kullan|politika)|tüm hakları saklıdır|abone olun|bizi .{0,40}takip ed|(?:twitter"
    r"|instagram|facebook|telegram|whatsapp|youtube|google|kanal|hesab)\S{0,12}(?: \S+){0,3} takip ed"
    r"|menggunakan cookie|hak cipta (?:dilindungi|©)|berlangganan (?:sekarang|newsletter|untuk membaca)"
    r"|informationen auf (?:einem|ihrem|deinem) gerät (?:zu )?speichern"
    r"|personenbezogene daten (?:zu )?verarbeiten|unsere \d* ?partner (?:ver|spei)|stocker et/ou accéder"
    r"|et nos (?:\d+ )?partenaires|nuestros (?:\d+ )?socios (?:almac|util|trat)|almacenar (?:y/o|o) acceder"
    r"|archiviare informazioni su|informatie op een apparaat|przechowywa(?:ć|nie) informacj\w+ na urządzeni"
    r"|armazenar e/ou aceder|bereits (?:ein )?abo\b|jetzt (?:testen|weiterlesen|freischalten)"
    r"|testen sie (?:jetzt|\d)|monatlich kündbar|jederzeit kündbar|zugang zu allen (?:artikeln|inhalten)"
    r"|(?:möchten|wollen) (?:sie )?weiterlesen|cet article est réservé|pour lire la suite|accédez à tous"
    r"|offre sans engagement|sans engagement de durée|déjà (?:un compte|client)|contenido (?:exclusivo"
    r"|solo) para|solo para suscriptores|para (?:seguir|continuar) leyendo|ya eres suscriptor"
    r"|acceso ilimitado a (?:tod|nuestr)|contenuto è riservato|per continuare a leggere|già abbonat"
    r"|conteúdo exclusivo|para continuar (?:lendo|a ler)|já é assinante|alleen voor abonnees|al abonnee"
    r"|word abonnee|dla (?:prenumeratorów|subskrybentów)|masz już (?:prenumeratę|konto)|aby czytać dalej"
    r"|redan prenumerant|för att läsa (?:vidare|hela)|allerede abonnent|for at læse (?:videre|hele)"
    r"|for å lese (?:videre|hele)|oletko jo tilaaja|jatka lukemista|pro předplatitele|pokračovat ve čtení"
    r"|devamını okumak için|abonelere özel|untuk melanjutkan membaca|pentru a citi (?:în continuare|tot)"
    r"|előfizetőink|(?:tu|su) navegador (?:no|está|es)|votre navigateur (?:n|est)"
    r"|(?:il tuo|il suo|tuo) browser (?:non|è)|seu navegador (?:não|está|é)"
    r"|(?:dein|ihr|der verwendete) browser (?:ist|wird|unterstützt)|browser .{0,30}(?:veraltet|aktualisier)"
    r"|(?:je|uw) browser (?:is|ondersteunt)|(?:din|nettleseren?) (?:din |webbläsare |browser )?(?:er|är"
    r"|understøtter|støtter|stöder)\b.{0,20}(?:ikke|inte|gammel|gammal|utdater)"
    r"|din (?:webbläsare|browser|nettleser)|selaimesi|twoja przeglądarka|váš prohlížeč|a böngésző(?:je|d)"
    r"|browserul (?:tău|dumneavoastră|dvs)|vaš preglednik|tarayıcınız|(?:browser|peramban) anda"
    r"|(?:activ|habilit)(?:a|e|ar|ez|er|ando) (?:el |le |o )?javascript|abilita(?:re)? javascript"
    r"|(?:ative|habilite) o javascript|javascript (?:est |è |está )?(?:désactivé|disabilitato|desactivado"
    r"|desativado|uitgeschakeld|deaktiviert|aktivieren|inschakelen|staat uit)|schakel javascript"
    r"|aktivera javascript|włącz(?:yć)? (?:obsługę )?javascript|(?:povolte|zapněte) javascript"
    r"|javascript['’]?i? (?:etkin|devre)|enlaces? de afilia|liens? (?:d[’\']affiliation|affilié)"
    r"|link (?:di )?affiliazione|link affiliat|links? de afilia"
    r"|enthält (?:affiliate|werbung|bezahlte|produktplatzierung|provisions|werbliche)|als amazon-partner"
    r"|linki afiliacyjne|link(?:i|ów) partnerski|(?:annons|reklam)länk|satış ortaklığı"
    r"|obserwuj nas|polub nas|dołącz do nas|sledujte nás|pratite nas"
    r"|urmăr(?:ește|iți)(?:-ne)? .{0,40}\b(?:google news|facebook|instagram|telegram|whatsapp)"
    r"|kövess(?:en)? (?:minket|bennünket)|kövesse .{0,40}facebook"
    r"|ikuti .{0,40}\b(?:google news|whatsapp|telegram|instagram|channel|kanal)"
    r"|follow(?:en)? (?:on )?google news|följ oss|følg oss|følg os\b|seuraa meitä"
)

# Where no word begins, or only at the beginning of a sentence.
_ANYWHERE = (
    r"(?:^|[.!?:] |\b(?:or|to|please|and|now) )create (?:a free|an) account|(?:^|[.!?:|•] ?)share (?:this"
    r"|on) |\bshare (?:this (?:article|story|post|page|video)|on (?:facebook|twitter|x|whatsapp|linkedin"
    r"|telegram|social media))\b|©\s?\d|©\s|\(c\) \d{4}|(?:^|[.!?] )submit your |(?:^|[.!?¡] ?|\b(?:por favor"
    r"|debes|puedes|o|y),? )inicia sesión|inicia sesión (?:para|con tu|en tu)|^abbonati\b"
)

# In other scripts, some of which have no words to begin.
_OTHER = (
    r"تستخدم .{0,30}ملفات تعريف الارتباط|ملفات تعريف الارتباط|ملفات الارتباط|جميع الحقوق محفوظة"
    r"|اشترك في (?:نشرت|قنا|النشرة)|تابعونا على|تفعيل (?:ال)?جافا|للاشتراك في (?:النشرة|القناة|خدمة)"
    r"|использу(?:ем|ет|ются) (?:файлы )?cookie|файлы cookie|все права защищены|подпи(?:сывайтесь|шитесь) на"
    r"|оформите подписку|подписка на (?:наш|канал|рассылку)|включите javascript|читайте нас в"
    r"|наш(?:ем)? telegram|використовуємо (?:файли )?cookie|всі права захищені"
    r"|підпи(?:сатися|суйтесь|шіться) на|използва(?:ме)? бисквитки|всички права запазени|cookies? χρησιμ"
    r"|χρησιμοποιεί cookies|με επιφύλαξη παντός|כל הזכויות שמורות|הירשמו ל"
    r"|(?:تمامی?|کلیه)\s(?:ی )?حقوق .{0,60}(?:محفوظ|متعلق)|جملہ حقوق .{0,40}محفوظ|कुकीज़? का|सर्वाधिकार"
    r"|कॉपीराइट ©|đăng ký nhận|bản quyền (?:thuộc|©)|sử dụng cookie|版权所有|版權所有|未经授权|未經授權|转载请"
    r"|轉載請|请启用|使用\s?cookie|扫码(?:关注|下载|阅读)|扫一扫|無断転載|無断複製|クッキーを使用|cookieを使用"
    r"|会員限定(?:記事|です)|有料会員(?:限定|になる)|ログイン(?:して|する|はこちら)|무단\s?전재|재배포 금지"
    r"|쿠키를 사용|구독(?:하기|하세요|신청)|สงวนลิขสิทธิ์|ใช้คุกกี้|материал доступен"
    r"|доступно только (?:по подписке|подписчикам)|чтобы (?:читать дальше|дочитать|продолжить чтение)"
    r"|уже (?:есть подписка|подписаны)|この記事は有料|残り\s?\d+文字|続きを読むには|会員登録|유료 회원"
    r"|구독자 전용|로그인 후|订阅后|付费阅读|登录后(?:阅读|查看)|会员专享|餘下全文|للمشتركين فقط"
    r"|لمتابعة القراءة|محتوى (?:حصري|خاص) للمشتركين|برای ادامه مطالعه|ویژه مشترک|पूरी खबर पढ़ने के लिए"
    r"|για να συνεχίσετε την ανάγνωση|рекламні? cookie|ваш браузер|متصفحك|متصفح قديم|مرورگر شما"
    r"|(?:您|你)的(?:浏览器|瀏覽器)|お使いのブラウザ|브라우저(?:를 업데이트|는 지원|에서 지원)|הדפדפן שלך"
    r"|आपका ब्राउज़र|trình duyệt của bạn|(?:увімкніть|отключ[её]н|вимкнен\w*) javascript|جاوا ?اسکریپت"
    r"|(?:启用|开启|啟用|開啟|禁用)\s?(?:javascript|js)\b|javascript\s?(?:を有効|をオン|が無効)|자바스크립트를"
    r"|партн[её]рск(?:ие|ую|ой) ссылк|アフィリエイト"
    r"|присоединяйтесь к (?:нам|нашему)|подписывайся на|подпишись на|приєднуйтесь до|стежте за нами"
    r"|последвайте ни|следвайте ни|пратите нас|ακολουθήστε (?:μας|το|την|τον)|עקבו אחרינו|הצטרפו ל"
    r"|تابعنا (?:على|عبر)|تابعونا عبر|انضم إلى قنا|اشترك (?:معنا|الآن)|(?:ما را|کانال) .{0,40}(?:دنبال کنید"
    r"|بپیوندید)|به کانال .{0,40}بپیوندید|ثبت ?نام در خبرنامه|فالو کریں|سبسکرائب کریں"
    r"|फॉलो करें|सब्सक्राइब करें|हमसे जुड़ें|(?:ग्रुप|चैनल) (?:से|को) जुड़|ফলো করুন|সাবস্ক্রাইব করুন"
    r"|theo dõi .{0,40}(?:trên|google|facebook|zalo)|关注(?:我们|本报|[^。！，]{0,8}(?:公众号|官方微信"
    r"|官方微博|微信号))|關注[^。！，]{0,8}(?:臉書|粉絲)"
    r"|フォロー(?:してください|はこちら)|(?:メルマガ|ニュースレター)(?:登録|に登録)|팔로우|뉴스레터"
    r"|ติดตาม.{0,40}(?:facebook|line|twitter|youtube|ไลน์|เฟซบุ๊ก|ช่องทาง)"
)


def by_first_letter(pattern: str) -> str:
    """The alternatives of a regular expression, those with one first letter as one: a search skips all the others."""
    groups: dict[str, list[str]] = {}
    for alternative in _alternatives(pattern):
        plain = re.match(r"[^\W_](?![?*+{])", alternative)
        groups.setdefault(plain.group() if plain else "", []).append(alternative)
    others = groups.pop("", [])
    return "|".join([f"{letter}(?:{'|'.join(one[1:] for one in ones)})" for letter, ones in groups.items()] + others)


def _alternatives(pattern: str) -> list[str]:
    """A regular expression cut at the bars outside of its groups."""
    parts, depth = [""], 0
    for piece in re.findall(r"\\.|\[[^\]]+\]|.", pattern):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


_IN_LATIN = re.compile(rf"(?<!\w)(?:{by_first_letter(f'{_ENGLISH}|{_LATIN}')})|{_ANYWHERE}")
_IN_OTHERS = re.compile(_OTHER)
_OTHER_SCRIPT = re.compile("[\u0370-\u1fff\u3040-\ud7ff]")


@lru_cache(maxsize=512)
def is_notice(text: str) -> bool:
    """Whether a text holds the words of a wall, a banner, a licence or a plug."""
    text = text.lower()
    if _IN_LATIN.search(text):
        return True
    return _OTHER_SCRIPT.search(text) is not None and _IN_OTHERS.search(text) is not None
