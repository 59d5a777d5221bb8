"""Words of markup: what the class, id and role attributes of templates call the parts of a page.

They are English in nearly every country, since they are written by programmers; none of them is a word that readers
see.
"""

from __future__ import annotations

FURNITURE = frozenset(
    """
    ad ads adv advert advertisement advertising adslot adsense sponsor sponsored dfp taboola outbrain revcontent
    share shares sharing sharebar social socials sns follow addthis addtoany whatsapp facebook twitter telegram
    related relatedposts recommended recommendation recommendations recommend recirc recirculation readmore more
    morenews suggested trending popular mostread mostviewed viral latest ranking topstories featured seealso lireaussi
    sidebar aside rail rightrail widget widgets complementary comment comments commentlist disqus respond reply
    replies discussion livefyre fbcomments newsletter newsletters subscribe subscription subscriptions signup
    mailchimp optin regwall cookie cookies consent gdpr cmp onetrust didomi breadcrumb breadcrumbs crumbs navigation
    nav navbar menu menus submenu megamenu pagination pager paging toolbar footer footnote colophon masthead banner
    popup modal overlay lightbox dialog toast offcanvas drawer promo promos promobox promotion teaser teasers outro
    cta donate donation offer offers upsell paywall regwall tags tag tagcloud taglist keywords topics topic hashtags
    author authors authorbox bio byline bylines print printfriendly login signin search searchform copyright
    disclaimer legal rating ratings vote votes poll survey quiz jobs skip skiplink noprint tooltip infobox toc player
    playlist carousel slider slideshow swiper slick
    """.split()
)
"""A container so called is furniture, unless it holds most of the page's prose."""

STORY = frozenset("article body content story text entry post main paragraph prose copy richtext detail".split())
"""A container so called may be the story's."""

CAPTION = frozenset(
    "caption captions figcaption credit credits photocredit imagecredit legend wp-caption-text bildunterschrift".split()
)
CREDIT = frozenset("credit credits photocredit imagecredit photographer copyright source quelle copyrights".split())
LEAD = frozenset(
    "lead leadtext lede standfirst dek deck subtitle subtitles subheadline subheading subhead summary intro "
    "introtext introduction "
    "chapo chapeau excerpt abstract sommario occhiello bajada entradilla sumario copete vorspann ingress tagline "
    "synopsis".split()
)
BYLINE = frozenset(
    "byline bylines author authors meta metadata dateline date time timestamp published posted info kicker "
    "rubric".split()
)
COMMENT = frozenset("comment comments commentlist disqus respond reply replies discussion".split())
AUTHOR = frozenset(
    "author authors byline bylines writer writers autor autoren auteur autore autores reporter journalist "
    "contributor creator writter journalista journaliste redakteur verfasser forfatter skribent kirjoittaja yazar "
    "muhabir penulis postedby writtenby vcard".split()
)
AUTHOR_STARTS = ("author", "autor", "auteur", "byline")
"""What the words of a byline's class names begin with: `authorname`, `autorenzeile`."""
CREDIT_STARTS = (
    "foto", "photo", "bild", "image", "picture", "credit", "quelle", "source", "fuente", "fonte", "getty",
    "illustration", "grafik", "video", "kép", "zdj", "rys", "фото", "عکس", "الصورة", "写真", "图", "사진", "copyright",
)  # fmt: skip
"""What lines on a picture's maker begin with, lower case."""
FURNITURE_TAGS = frozenset("nav footer aside menu button dialog".split())
FURNITURE_ROLES = frozenset(
    "navigation contentinfo complementary search banner menu menubar dialog alert alertdialog toolbar".split()
)

PICTURES_OF_OTHERS = COMMENT | frozenset(
    "related recommended recommendations sidebar author authors byline share sharing social promo promos teaser "
    "teasers newsletter widget widgets popular morenews".split()
)
"""A part so called holds pictures of other stories or of people; galleries and slide shows are the story's own."""
