"""Made-up pages to explain: a story among a site's furniture, and one that would do harm if it could."""

from __future__ import annotations

TITLE = "The ferry that never left"
PARAGRAPHS = (
    "The ferry to Lower Quay has stood at its berth for eleven days, and nobody in the harbour office can say what "
    "it is waiting for.",
    "Its captain, who has sailed the route since the bridge was closed, said on Monday that the engine was sound and "
    "the tanks were full.",
    "Passengers were sent to a bus that takes the long way round the bay, and which was late on nine of those days.",
)
DROPPED = "More ferries that did leave"
CELLS = (("Day", "Passengers"), ("Monday", "412"), ("Tuesday", "389"))

MENU = '<nav class="menu"><ul>' + "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(12)) + "</ul></nav>"
ASIDE = f'<aside class="related"><h3>{DROPPED}</h3><ul><li><a href="/r">The ferry to Upper Quay</a></li></ul></aside>'


def story(title: str = TITLE, paragraphs: tuple[str, ...] = PARAGRAPHS, lang: str = "en", extra: str = "") -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in CELLS)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta property="article:published_time" content="2024-11-14T12:00:00Z"></head>'
        f"<body><header>{MENU}</header><main><article><h1>{title}</h1>{body}<h2>In numbers</h2><table>{rows}</table>"
        f"{extra}</article>{ASIDE}</main><footer><p>Imprint and contact</p></footer></body></html>"
    )


HOSTILE_TITLE = "Ferry &lt;/title&gt;&lt;script&gt;document.title='pwned'&lt;/script&gt; of the bay"
HOSTILE = (
    story(
        HOSTILE_TITLE,
        (
            *PARAGRAPHS,
            "A line with &lt;/script&gt;&lt;script&gt;window.pwned=1&lt;/script&gt; inside it, as papers print.",
            "And &lt;/style&gt;&lt;img src=http://evil.example/text.png onerror=window.pwned=2&gt; in another line.",
        ),
    )
    .replace("<article>", "<article class='\"><img/src=http://evil.example/class.png/onerror=window.pwned=3>'>")
    .replace(
        "</article>",
        "<p><a href='javascript:window.pwned=4'>A link that would run something when it is followed by anyone.</a></p>"
        "<img src='http://evil.example/own.png' onerror='window.pwned=5'><script>window.pwned=6</script>"
        "<p onmouseover='window.pwned=7' style='position:fixed;inset:0'>The harbour office did not answer in time.</p>"
        '<script type=\'application/ld+json\'>{"@type":"NewsArticle","headline":'
        '"</scr\\u0069pt><img src=http://evil.example/ld.png onerror=window.pwned=8>"}</script></article>',
    )
)

ARABIC = story(
    "العبارة التي لم تغادر الميناء",
    (
        "بقيت العبارة المتجهة إلى الرصيف السفلي راسية في مكانها أحد عشر يوما، ولا أحد في مكتب الميناء يعرف ما الذي "
        "تنتظره.",
        "قال قبطانها الذي يبحر على هذا الخط منذ إغلاق الجسر يوم الاثنين إن المحرك سليم والخزانات ممتلئة بالوقود.",
        "أرسل الركاب إلى حافلة تسلك الطريق الطويل حول الخليج، وقد تأخرت في تسعة أيام من تلك الأيام كلها.",
    ),
    lang="ar",
)

LISTING = (
    "<!DOCTYPE html><html><head><title>Latest stories</title></head><body><h1>Latest stories</h1>"
    "<ul><li><a href='/a'>One</a></li><li><a href='/b'>Two</a></li></ul></body></html>"
)
NAMELESS = "<!DOCTYPE html><html><body><p>One line.</p><p>Another line.</p></body></html>"

DUMP = "\n".join(
    ("Home", "Harbour", TITLE, "14 November 2024", *PARAGRAPHS[:2], TITLE, PARAGRAPHS[2], "More", "Home", "Imprint")
)
