"""Made-up pages that any reader of news can read: a headline, and paragraphs of some length under it."""

import html as html_module

TITLE = "Harbour town opens its first night library"
PARAGRAPHS = (
    "The old customs house by the harbour has become a library that opens when the others close, "
    "the town council of Lindhaven said on Tuesday evening.",
    "Shelves for twelve thousand books stand where freight was weighed until the nineties, and the "
    "reading room looks out on the quay and its lamps.",
    "Night workers had asked for such a place for years, said the librarian, who used to drive a tram "
    "and knows how long the hours before dawn can be.",
    "The first visitors came with thermos flasks and stayed until the ferry left; the council will "
    "decide in spring whether the doors stay open in summer as well.",
)
PERSIAN_TITLE = "کتابخانه شبانه در شهر بندری گشایش یافت"
PERSIAN_PARAGRAPHS = (
    "شورای شهر لیندهاون شامگاه سه‌شنبه اعلام کرد که ساختمان قدیمی گمرک در کنار بندر به کتابخانه‌ای تبدیل شده است "
    "که هنگام بسته شدن دیگر کتابخانه‌ها باز می‌شود.",
    "قفسه‌هایی برای دوازده هزار کتاب در جایی قرار گرفته‌اند که تا چند سال پیش بارها را در آن وزن می‌کردند و تالار "
    "مطالعه رو به اسکله و چراغ‌های آن است.",
    "کتابدار می‌گوید کارگران شب سال‌ها خواهان چنین جایی بودند و خود او که روزگاری راننده تراموا بود می‌داند ساعت‌های "
    "پیش از سپیده چه اندازه دراز است.",
)


def page(title=TITLE, paragraphs=PARAGRAPHS, lang="en"):
    """An HTML page as text."""
    body = "\n".join(f"<p>{html_module.escape(paragraph)}</p>" for paragraph in paragraphs)
    heading = html_module.escape(title)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{heading}</title></head>'
        f"<body><main><article><h1>{heading}</h1>\n{body}\n</article></main></body></html>"
    )


def dump(title=TITLE, paragraphs=PARAGRAPHS):
    """The same as plain text."""
    return "\n\n".join((title, *paragraphs)) + "\n"


LISTING = (
    "<!DOCTYPE html><html><head><title>Latest stories</title></head><body><h1>Latest stories</h1>"
    "<ul><li><a href='/a'>One</a></li><li><a href='/b'>Two</a></li></ul></body></html>"
)
