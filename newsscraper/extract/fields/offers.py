"""What pages print where their text ends for who does not pay: "subscribe to read on", in the languages of the field.

Only for stories so short that they may be teasers: under a whole story the same words are an advertisement.
"""

from __future__ import annotations

from newsscraper.extract.blocks import Container
from newsscraper.extract.layout import Layout
from newsscraper.extract.text import fold, has_digit

_PHRASES = tuple(
    fold(phrase)
    for phrase in (
        "to continue reading", "to keep reading", "to read the full", "to read the rest", "subscribe to read",
        "subscribe to continue", "for subscribers only", "subscribers only", "exclusive to subscribers",
        "exclusively for subscribers", "available to subscribers", "already a subscriber", "log in to continue",
        "sign in to read", "register to read", "register to continue", "unlock this article", "rest of this article",
        "already have a subscription", "members only", "this is premium content", "continue reading your article",
        "weiterlesen mit", "jetzt weiterlesen", "um weiterzulesen", "nur für Abonnenten", "exklusiv für Abonnenten",
        "lesen Sie weiter mit", "diesen Artikel weiterlesen", "ganzen Artikel lesen", "Artikel freischalten",
        "bereits Abonnent", "schon Abonnent", "Sie haben bereits ein Abo", "weiterlesen im Abo", "im Abo weiterlesen",
        "réservé aux abonnés", "réservée aux abonnés", "réservés aux abonnés", "pour lire la suite", "déjà abonné",
        "de cet article à lire", "abonnez-vous pour lire", "poursuivre la lecture", "poursuivez votre lecture",
        "para seguir leyendo", "para continuar leyendo", "exclusivo para suscriptores", "solo para suscriptores",
        "sólo para suscriptores", "ya eres suscriptor", "suscríbete para leer", "contenido exclusivo para",
        "para continuar lendo", "para continuar a ler", "exclusivo para assinantes", "só para assinantes",
        "já é assinante", "assine para ler", "conteúdo exclusivo para", "exclusivo para subscritores",
        "per continuare a leggere", "riservato agli abbonati", "solo per abbonati", "contenuto riservato",
        "abbonati per leggere", "sei già abbonato", "continua a leggere con", "contenuto per gli abbonati",
        "alleen voor abonnees", "exclusief voor abonnees", "lees verder met", "om verder te lezen", "al abonnee",
        "för att läsa vidare", "för att fortsätta läsa", "endast för prenumeranter", "bara för prenumeranter",
        "läs vidare med", "redan prenumerant", "är för prenumeranter", "läs hela artikeln",
        "for at læse videre", "for at læse hele", "kun for abonnenter", "læs videre med", "allerede abonnent",
        "fortsæt læsningen", "for å lese videre", "for å lese resten", "for å lese hele", "bare for abonnenter",
        "les videre med", "fortsett å lese", "jatka lukemista", "vain tilaajille", "tilaa ja lue", "lue koko juttu",
        "onko sinulla jo tilaus", "przeczytasz z prenumeratą", "dostępny dla prenumeratorów", "masz już prenumeratę",
        "tylko dla prenumeratorów", "tylko dla subskrybentów", "aby czytać dalej", "by czytać dalej",
        "pouze pro předplatitele", "jen pro předplatitele", "odemknout článek", "už jste předplatitel",
        "přečtete s předplatným", "pokračování článku je", "iba pre predplatiteľov", "len pre predplatiteľov",
        "csak előfizetőknek", "csak előfizetőink", "már előfizető", "a cikk folytatásához", "a továbbolvasáshoz",
        "előfizetéssel olvasható", "pentru a citi mai departe", "pentru a continua lectura", "doar pentru abonați",
        "exclusiv abonaților", "ești deja abonat", "μόνο για συνδρομητές", "αποκλειστικά για συνδρομητές",
        "για να συνεχίσετε την ανάγνωση", "είστε ήδη συνδρομητής", "για να διαβάσετε τη συνέχεια",
        "чтобы читать дальше", "чтобы прочитать полностью", "чтобы продолжить чтение", "только для подписчиков",
        "только подписчикам", "доступно по подписке", "доступен по подписке", "доступна по подписке",
        "уже подписаны", "щоб прочитати далі", "щоб читати далі", "щоб прочитати повністю", "лише для передплатників",
        "тільки для передплатників", "доступно за передплатою", "доступний за передплатою", "вже маєте передплату",
        "למנויים בלבד", "להמשך קריאה", "כדי להמשיך לקרוא", "כבר מנויים", "للمشتركين فقط", "لمتابعة القراءة",
        "لمواصلة القراءة", "اشترك لقراءة", "حصري للمشتركين", "برای ادامه مطالعه", "برای خواندن ادامه",
        "فقط برای مشترکان", "ویژه مشترکان", "مزید پڑھنے کے لیے سبسکرائب", "صرف سبسکرائبرز",
        "okumaya devam etmek için", "devamını okumak için", "abonelere özel", "sadece aboneler", "zaten abone",
        "आगे पढ़ने के लिए", "पूरी खबर पढ़ने के लिए", "केवल सदस्यों के लिए", "পুরোটা পড়তে", "শুধু গ্রাহকদের",
        "শুধুমাত্র গ্রাহকদের", "untuk melanjutkan membaca", "khusus pelanggan", "lanjutkan membaca dengan",
        "sudah berlangganan", "để đọc tiếp", "dành cho thuê bao", "nội dung trả phí", "订阅后阅读", "订阅后可",
        "仅限订阅", "付费阅读", "付费后", "会员专享", "登录后继续阅读", "余下全文", "訂閱後", "訂戶限定", "會員專屬",
        "この記事は有料", "有料会員になると", "続きをお読みいただけ", "この記事は会員", "会員限定です",
        "구독자 전용", "유료 구독", "구독 후", "유료 회원", "회원 전용", "계속 읽으려면", "이어서 읽으려면",
        "สำหรับสมาชิกเท่านั้น", "สมัครสมาชิกเพื่ออ่าน",
    )
)  # fmt: skip
_WALL = frozenset("paywall regwall paywalled meteredwall premiumwall".split())
_METER = frozenset("meter metered metering".split())
MOST_LETTERS = 2500
"""Letters of body above which a story is no teaser."""
_NEAR = 10
"""Blocks behind the text in which the offer stands."""
_BOX = 400
"""Letters of a wall that was taken for text."""
_SHORTEST = 12
"""Letters of an offer: less is a badge."""


def shows_wall(layout: Layout) -> bool:
    """True where a story as short as a teaser is followed by an offer to read on, or by a part called a wall."""
    body = layout.body_indices
    blocks = layout.page.blocks
    if not body or sum(blocks.blocks[i].letters for i in body) > MOST_LETTERS:
        return False
    if _has_offer(layout):
        return True
    return not _WALL.isdisjoint(blocks.words) and any(_is_wall(container, layout) for container in blocks.containers)


def _is_wall(container: Container, layout: Layout) -> bool:
    """A part called a wall, behind the text or at its very end; one that holds much of the text only wraps it."""
    if _WALL.isdisjoint(container.words) or not container.size:
        return False
    if container.first >= layout.end:
        return container.first - layout.end <= _NEAR
    letters = sum(block.letters for block in layout.page.blocks.within(container))
    return container.first > layout.body_indices[0] and container.last >= layout.end and letters <= _BOX


def shows_meter(layout: Layout) -> bool:
    """True where a part that is called a meter counts: how many stories may still be read."""
    blocks = layout.page.blocks
    return not _METER.isdisjoint(blocks.words) and any(
        any(has_digit(block.text) for block in blocks.within(container))
        for container in blocks.containers
        if not _METER.isdisjoint(container.words) and 0 < container.size <= 6
    )


def _has_offer(layout: Layout) -> bool:
    """An offer between the body's blocks or shortly behind them; a link by itself leads to another story."""
    kept = set(layout.body_indices[:-2])
    blocks = layout.page.blocks.blocks[layout.body_indices[0] : layout.end + _NEAR]
    texts = [
        block.text
        for block in blocks
        if block.index not in kept
        and not layout.teasers[block.index]
        and block.letters >= _SHORTEST
        and block.link_letters < 0.9 * block.letters
    ]
    told = fold("\n".join(texts)) if texts else ""
    return any(phrase in told for phrase in _PHRASES)
