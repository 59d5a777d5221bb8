"""Blocks in, labels out: which block is body, lead, caption, boilerplate and so on, and why.

A transparent method: each block weighs for or against being story text; the container whose blocks weigh most is the story's;
inside it, place, markup and repetition tell the kinds. `classify` is the interface that any other method has to keep.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from newsscraper.extract import page_words as words
from newsscraper.extract.blocks import Block, Container
from newsscraper.extract.dates import find_dates
from newsscraper.extract.fields.authors import read_byline
from newsscraper.extract.fields.title import Headline
from newsscraper.extract.kinds import BODY, BODY_KINDS, BOILERPLATE, CAPTION, LEAD, LIST, QUOTE, SUBHEAD, TABLE, Label
from newsscraper.extract.labels import cut_label
from newsscraper.extract.page import Page
from newsscraper.extract.prose import ends_sentence, find_prose
from newsscraper.extract.selecting import select_elements
from newsscraper.extract.similar import contained, is_copy
from newsscraper.extract.structured import string_in
from newsscraper.extract.text import fix_line, fold

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_COPYRIGHT = re.compile(r"^\W{0,2}(?:©|\(c\)|copyright\b)\s*(?:\d{4}|[^\W\d]+\s+\d{4}|©)", re.IGNORECASE)
FORM_BLOCKS = 6
"""Blocks that a box around a form holds at most."""
ENOUGH_PROSE = 300
"""Letters of prose that have to stand outside the strongest signs of furniture for these to be believed."""
EDGE_LINE = 90
"""Letters of a sentence from which the edge of the story is passed."""
DESCENT = 0.8
"""A container's part that holds this share of its weight is looked into instead of it."""
FURNITURE_SHARE = 0.5
"""A container that holds more of the page's prose than this is no furniture, whatever it is called."""


@dataclass(slots=True)
class _Sheet:
    """What is known while one page is classified."""

    page: Page
    headline: Headline
    prose: list[bool]
    furniture: list[str]
    """For each container: why it is furniture, its ancestors' reasons included; empty when it is not."""
    weights: list[float]
    labels: list[Label | None] = field(default_factory=list)


def classify(page: Page, headline: Headline) -> list[Label]:
    """One label a block."""
    sheet = _weigh(page, headline)
    story = _find_story_container(sheet)
    sheet.labels = [None] * len(page.blocks)
    if story is None:
        return [Label(BOILERPLATE, "no run of prose on the page", 1.0) for _ in page.blocks]
    _label_outside(sheet, story)
    _label_furniture(sheet)
    _label_repetitions(sheet)
    _label_by_markup(sheet)
    _label_gaps(sheet)
    _label_edges(sheet)
    _label_ends(sheet)
    _label_lead(sheet, story)
    _label_subheads(sheet)
    return [label or Label(BOILERPLATE, "nothing speaks for it", 0.5) for label in sheet.labels]


def _weigh(page: Page, headline: Headline) -> _Sheet:
    prose = find_prose(page.blocks.blocks)
    furniture = _find_furniture(page, headline, prose)
    copies = _printed_twice(page, prose)
    weights = [_weight(b, p, furniture[b.container] if b.container >= 0 else "", copies[b.index]) for b, p in zip(page.blocks, prose, strict=True)]
    return _Sheet(page, headline, prose, furniture, weights)


def _weight(block: Block, prose: bool, furniture: str, copied: bool) -> float:
    """For (positive) or against (negative) being story text, in letters."""
    if furniture or copied:
        return -min(block.letters, 200) * (1.0 if prose else 0.4)
    if prose:
        return min(block.letters, 900) * (1 - block.link_letters / block.letters)
    if block.tag in HEADINGS:
        return -4.0
    return -min(10 + block.link_letters * 0.5, 40.0)


def _printed_twice(page: Page, prose: list[bool]) -> list[bool]:
    """True for blocks whose very text stands more than once; none when most of the page's prose does, as where a page prints all twice."""
    places: dict[str, int] = {}
    for block in page.blocks:
        places[block.text] = places.get(block.text, 0) + 1
    copied = [places[b.text] > 1 and b.letters > 20 for b in page.blocks]
    total = sum(b.letters for b, p in zip(page.blocks, prose, strict=True) if p)
    doubled = sum(b.letters for b, p, c in zip(page.blocks, prose, copied, strict=True) if p and c)
    return copied if doubled <= FURNITURE_SHARE * total else [False] * len(copied)


def _find_furniture(page: Page, headline: Headline, prose: list[bool]) -> list[str]:
    """For each container why it is furniture: its tag, role or words, or that of one around it.

    A sign that stands over most of the page's prose, all places taken together, is no sign on this page; nor is one that stands
    over the headline and text under it.
    """
    containers, blocks = page.blocks.containers, page.blocks.blocks
    sums = [0]
    for block, is_text in zip(blocks, prose, strict=True):
        sums.append(sums[-1] + (block.letters if is_text else 0))
    total = sums[-1] or 1
    start = headline.first or 0
    groups = {
        TEASERS_ABOVE: [flag and c.last <= start for flag, c in zip(page.teasers, containers, strict=True)],
        TEASERS: page.teasers,
        COMMENTS: page.comments,
    }
    forms = _find_forms(containers)
    groups[FORM] = [c.index in forms for c in containers]
    signs = [[g for g in groups if groups[g][c.index]] + _furniture_signs(c) for c in containers]
    covered: dict[str, int] = {}
    shares: dict[str, float] = {}
    for container, own in zip(containers, signs, strict=True):
        for sign in own:
            if container.first >= covered.get(sign, 0):
                covered[sign] = container.last
                shares[sign] = shares.get(sign, 0.0) + (sums[container.last] - sums[container.first]) / total
    reasons: list[str] = []
    for container, own in zip(containers, signs, strict=True):
        reason = reasons[container.parent] if container.parent >= 0 else ""
        if not reason and own:
            share = (sums[container.last] - sums[container.first]) / total
            holds_headline = headline.first is not None and container.first <= headline.first < container.last
            telling = [sign for sign in own if shares[sign] <= _limit(sign, total)]
            if telling and not (holds_headline and share > 0.05):
                reason = f"inside {telling[0]}"
        reasons.append(reason)
    return reasons


def _find_forms(containers: list[Container]) -> set[int]:
    """Containers with a field to type into, and the small parts around them: newsletter boxes, comment forms, searches."""
    found: set[int] = set()
    for container in containers:
        while container.fields and container.index not in found:
            found.add(container.index)
            if container.parent < 0 or containers[container.parent].last - containers[container.parent].first > FORM_BLOCKS:
                break
            containers[container.parent].fields += 1
            container = containers[container.parent]
    return found


def _limit(sign: str, total: int) -> float:
    """The share of the page's prose up to which a sign is believed: comments, teasers and asides may well be longer than the story."""
    if sign == TEASERS_ABOVE:
        return 1 - ENOUGH_PROSE / total
    return min(0.84, 1 - ENOUGH_PROSE / total) if sign in _STRONG_SIGNS else FURNITURE_SHARE


TEASERS_ABOVE = "a group of teasers above the headline"
TEASERS = "a group of teasers"
COMMENTS = "a group of comments"
FORM = "a form"
SHORT_TEXT = "short text outside paragraphs"
_STRONG_SIGNS = frozenset((TEASERS, COMMENTS, "<aside>", "<nav>", "<footer>", *(f"a part called {word!r}" for word in words.COMMENT)))


def _furniture_signs(container: Container) -> list[str]:
    """What speaks for furniture in a container's tag, role, names, fields and neighbours, as readable phrases."""
    signs = [f"<{container.tag}>"] if container.tag in words.FURNITURE_TAGS else []
    if container.tag in ("html", "body", "main", "article", "blockquote"):
        return signs
    role = container.element.get("role")
    if role in words.FURNITURE_ROLES:
        signs.append(f"role={role}")
    return signs + [f"a part called {word!r}" for word in sorted(container.words & words.FURNITURE)]


def _find_story_container(sheet: _Sheet) -> Container | None:
    """The profile's, else the container whose blocks weigh most together; of equals the innermost."""
    chosen = _profile_container(sheet.page)
    if chosen is not None:
        return chosen
    values = _pruned_values(sheet)
    best = _most_plausible(sheet, values)
    while best is not None:
        child = max((c for c in sheet.page.blocks.containers if c.parent == best.index), key=lambda c: values[c.index], default=None)
        if child is None or values[child.index] < DESCENT * values[best.index]:
            break
        best = child
    return best or _find_list_container(sheet)


def _pruned_values(sheet: _Sheet) -> list[float]:
    """For each container the weight of its own blocks and of those containers in it that weigh anything for a story."""
    containers = sheet.page.blocks.containers
    values = [0.0] * len(containers)
    for block, weight in zip(sheet.page.blocks, sheet.weights, strict=True):
        values[block.container] += weight
    for container in reversed(containers):
        if container.parent >= 0:
            values[container.parent] += max(0.0, values[container.index])
    return values


def _most_plausible(sheet: _Sheet, values: list[float]) -> Container | None:
    best, best_score = None, 0.0
    for container in sheet.page.blocks.containers:
        score = values[container.index] * _plausibility(container, sheet)
        if score > best_score:
            best, best_score = container, score
    return best


def _find_list_container(sheet: _Sheet) -> Container | None:
    """On a page without prose: the innermost container that holds most of the letters below the headline outside links and furniture."""
    start = sheet.headline.last or 0
    sums = [0.0]
    for block in sheet.page.blocks:
        counts = block.index >= start and not _is_furniture(sheet, block.index)
        sums.append(sums[-1] + (block.letters - 2.0 * block.link_letters if counts else 0.0))
    totals = [(sums[c.last] - sums[c.first], c) for c in sheet.page.blocks.containers]
    most = max((total for total, _ in totals), default=0.0)
    return max((c for total, c in totals if total >= 0.9 * most and total > 0), key=lambda c: c.depth, default=None)


def _plausibility(container: Container, sheet: _Sheet) -> float:
    """Names and place: a container called a story's, or one that begins soon after the headline, gains."""
    factor = 1.0
    if container.tag in ("article", "main") or "articlebody" in (container.element.get("itemprop") or "").lower():
        factor += 0.1
    elif len(container.words & words.STORY) >= 2:
        factor += 0.08
    first = sheet.headline.first
    if first is not None:
        if container.last <= first:
            factor -= 0.5
        elif container.first <= first:
            factor += 0.0
        elif not any(sheet.prose[i] and not _is_furniture(sheet, i) for i in range(first, container.first)):
            factor += 0.15
    return factor


def _is_furniture(sheet: _Sheet, index: int) -> bool:
    container = sheet.page.blocks.blocks[index].container
    return container >= 0 and bool(sheet.furniture[container])


def _profile_container(page: Page) -> Container | None:
    elements = {id(e) for e in select_elements(page, "body")}
    if not elements:
        return None
    found = [c for c in page.blocks.containers if id(c.element) in elements and c.first < c.last]
    return max(found, key=lambda c: sum(b.letters for b in page.blocks.blocks[c.first : c.last]), default=None)


def _label_outside(sheet: _Sheet, story: Container) -> None:
    for index in range(len(sheet.labels)):
        if not story.first <= index < story.last:
            block = sheet.page.blocks.blocks[index]
            kind = CAPTION if _is_caption(sheet, block) else BOILERPLATE
            sheet.labels[index] = Label(kind, "outside the story's container", 0.9)
    headline = sheet.headline
    if headline.first is not None and headline.last is not None:
        for index in range(headline.first, headline.last):
            sheet.labels[index] = Label(BOILERPLATE, "the headline itself", 1.0)
        above = range(story.first, min(headline.first, story.last))
        prose_above = sum(sheet.weights[i] for i in above if sheet.prose[i])
        prose_in_all = sum(sheet.weights[i] for i in range(story.first, story.last) if sheet.prose[i])
        if prose_above <= 0.5 * prose_in_all:
            for index in above:
                sheet.labels[index] = Label(BOILERPLATE, "above the headline", 0.9)


def _is_caption(sheet: _Sheet, block: Block) -> bool:
    """In a figure, or called a caption."""
    around = list(sheet.page.blocks.ancestors(block))[:3]
    named = block.inline_words.union(*(c.words for c in around[:2]))
    return any(c.tag in ("figcaption", "figure") for c in around) or bool(named & words.CAPTION and block.letters < 400)


def _open_blocks(sheet: _Sheet) -> list[Block]:
    return [b for b in sheet.page.blocks if sheet.labels[b.index] is None]


def _label_furniture(sheet: _Sheet) -> None:
    for block in _open_blocks(sheet):
        reason = sheet.furniture[block.container]
        if reason:
            is_caption = block.tag == "figcaption"
            sheet.labels[block.index] = Label(CAPTION if is_caption else BOILERPLATE, reason, 0.8)


def _label_repetitions(sheet: _Sheet) -> None:
    """The headline again, whole or cut, and pictures' texts again."""
    title = fold(sheet.headline.text or "")
    captions = {fold(text) for text in _picture_texts(sheet.page)}
    seen: set[str] = set()
    for block in _open_blocks(sheet):
        if block.letters > 500:
            continue
        folded = fold(block.text)
        if is_copy(folded, title) and (folded == title or block.tag not in HEADINGS):
            sheet.labels[block.index] = Label(BOILERPLATE, "repeats the headline", 0.95)
        elif len(folded) > 12 and folded in captions and not sheet.prose[block.index]:
            sheet.labels[block.index] = Label(CAPTION, "repeats the text of a picture", 0.9)
        elif folded in seen and len(folded) > 60:
            sheet.labels[block.index] = Label(BOILERPLATE, "printed before", 0.9)
        seen.add(folded)


def _picture_texts(page: Page) -> list[str]:
    pictures = page.root.iter("img", "amp-img")
    return [text for e in pictures for text in (fix_line(e.get("alt") or ""), fix_line(e.get("title") or "")) if text]


def _label_by_markup(sheet: _Sheet) -> None:
    """Captions, quotations, lists, tables, paragraphs, by the elements that they stand in."""
    containers = sheet.page.blocks.containers
    for block in _open_blocks(sheet):
        tags = _tags_to_story(sheet, block)
        named = containers[block.container].words | block.inline_words
        sheet.labels[block.index] = _markup_label(sheet, block, tags, named)


def _tags_to_story(sheet: _Sheet, block: Block) -> list[str]:
    tags = []
    for container in sheet.page.blocks.ancestors(block):
        if container.tag in ("article", "main", "body", "section"):
            break
        tags.append(container.tag)
    return tags


def _markup_label(sheet: _Sheet, block: Block, tags: list[str], named: frozenset[str]) -> Label:
    prose = sheet.prose[block.index]
    if "figcaption" in tags or (named & words.CAPTION and block.letters < 400):
        return Label(CAPTION, "inside a caption", 0.9)
    if "figure" in tags and "blockquote" not in tags and "table" not in tags:
        return Label(CAPTION, "inside a figure", 0.8)
    if block.link_letters > 0.7 * block.letters and not (prose or (block.tag == "p" and ends_sentence(block.text) and block.letters > 60)):
        return Label(BOILERPLATE, "hardly anything but links", 0.8)
    if block.tag in HEADINGS:
        return Label(SUBHEAD, f"<{block.tag}> inside the story", 0.6)
    if named & words.BYLINE and not prose:
        return Label(BOILERPLATE, "byline, date or other note on the story", 0.7)
    if "blockquote" in tags:
        return Label(QUOTE, "inside <blockquote>", 0.8)
    if "li" in tags or block.tag in ("dt", "dd"):
        return _list_label(sheet, block, prose)
    if block.tag in ("td", "th", "caption") and _is_data_table(sheet, block):
        return Label(TABLE, "cell of a data table", 0.7)
    if prose:
        return Label(BODY, "prose", 0.9)
    return _short_label(block)


def _list_label(sheet: _Sheet, block: Block, prose: bool) -> Label:
    """Story lists have words of their own beside their links; furniture's are links and little else."""
    for container in sheet.page.blocks.ancestors(block):
        if container.tag in ("ul", "ol", "dl"):
            within = sheet.page.blocks.blocks[container.first : container.last]
            linked = sum(b.link_letters for b in within) / max(1, sum(b.letters for b in within))
            if linked > 0.5:
                return Label(BOILERPLATE, "list of links", 0.8)
            break
    return Label(LIST, "list entry" if not prose else "list entry of prose", 0.7)


def _is_data_table(sheet: _Sheet, block: Block) -> bool:
    """Two rows and two columns or more, and cells that are short and no prose: not a table that lays out the page."""
    blocks = sheet.page.blocks
    for container in blocks.ancestors(block):
        if container.tag == "table":
            within = blocks.blocks[container.first : container.last]
            rows = sum(1 for _ in container.element.iter("tr"))
            prose = sum(sheet.prose[b.index] for b in within)
            cells = len({b.container for b in within})
            return rows >= 2 and cells >= 2 * rows - 1 and prose <= 0.3 * len(within)
    return False


def _short_label(block: Block) -> Label:
    if block.tag == "p" or block.broken or block.tag == "pre":
        if block.letters >= 30 and ends_sentence(block.text):
            return Label(BODY, "short sentence in a paragraph", 0.7)
        return Label(BODY, "short line in a paragraph", 0.45)
    if block.letters >= 60 and ends_sentence(block.text):
        return Label(BODY, "sentence", 0.6)
    return Label(BOILERPLATE, SHORT_TEXT, 0.6)


def _label_gaps(sheet: _Sheet) -> None:
    """Short lines right between two body blocks of their own part: subheads and lead-ins to a list, where templates use no tags."""
    blocks = sheet.page.blocks.blocks
    for index in range(1, len(blocks) - 1):
        label, after = sheet.labels[index], sheet.labels[index + 1]
        if not label or label.reason != SHORT_TEXT or blocks[index].links or not after or after.kind not in BODY_KINDS:
            continue
        before = _body_before(sheet, index)
        if before is not None and sheet.prose[before]:
            if _share_part(sheet, before, index) and _share_part(sheet, index, index + 1):
                kind = BODY if blocks[index].text.endswith((":", "：")) else SUBHEAD
                sheet.labels[index] = Label(kind, "a short line right between body blocks of its part", 0.7)


def _body_before(sheet: _Sheet, index: int) -> int | None:
    """The body block before, inserted links and boxes passed over."""
    for earlier in range(index - 1, max(-1, index - 4), -1):
        label = sheet.labels[earlier]
        if label and label.kind in BODY_KINDS:
            return earlier
    return None


def _share_part(sheet: _Sheet, first: int, second: int) -> bool:
    """The two blocks stand in one container, or in siblings."""
    containers, blocks = sheet.page.blocks.containers, sheet.page.blocks.blocks
    a, b = containers[blocks[first].container], containers[blocks[second].container]
    return a.index == b.index or a.parent == b.parent or _in_part(b, a.index, containers) or _in_part(a, b.index, containers)


def _in_part(container: Container, around: int, containers: list[Container]) -> bool:
    while container.parent >= 0:
        if container.parent == around:
            return True
        container = containers[container.parent]
    return False


def _label_edges(sheet: _Sheet) -> None:
    """Bylines, date lines, codes and tag lines that stand among the first and last lines of the story's container."""
    body = [i for i, label in enumerate(sheet.labels) if label and label.kind in BODY_KINDS]
    half = len(body) // 2
    notice = next((i for i in body[half:] if _COPYRIGHT.match(sheet.page.blocks.blocks[i].text)), None)
    for index in body:
        if notice is not None and index >= notice:
            sheet.labels[index] = Label(BOILERPLATE, "the page's copyright notice, or below it", 0.9)
    for order in (body, body[::-1]):
        for index in order[:8]:
            block = sheet.page.blocks.blocks[index]
            if block.letters >= EDGE_LINE and sheet.prose[index]:
                break
            reason = _edge_reason(sheet, block)
            if reason:
                sheet.labels[index] = Label(BOILERPLATE, reason, 0.9)


def _edge_reason(sheet: _Sheet, block: Block) -> str:
    """What a short line at the story's edge is, when it is a note on the story rather than text of it."""
    text = block.text
    if block.letters > 160:
        return ""
    for name in ("story_code", "date_modified", "date", "tags"):
        rest = cut_label(text, name, sheet.page.profile)
        if rest is not None and (name in ("story_code", "date_modified") or not rest or find_dates(rest) or block.links):
            return f"a line with the label of {name}"
    if read_byline(text):
        return "byline"
    dates = find_dates(text) if any(c.isdecimal() for c in text) else []
    if dates and sum(len(d.raw) for d in dates) > 0.6 * len(text):
        return "date line"
    return ""


def _label_ends(sheet: _Sheet) -> None:
    """Weak body lines before the first and after the last sure one go; so do lists, tables and quotations out there."""
    sure = [i for i, label in enumerate(sheet.labels) if label and label.kind in BODY_KINDS and _is_sure(sheet, i, label)]
    if not sure:
        return
    for index, label in enumerate(sheet.labels):
        opens_part = label is not None and label.kind == SUBHEAD and index < sure[0] and _is_repeated(sheet, index)
        if label and label.kind in BODY_KINDS and not sure[0] <= index <= sure[-1] and label.score < 0.65 and not opens_part:
            sheet.labels[index] = Label(BOILERPLATE, "short text before the story's first or after its last sentence", 0.6)


def _is_repeated(sheet: _Sheet, index: int) -> bool:
    return sheet.page.repeated[sheet.page.blocks.blocks[index].container]


def _is_sure(sheet: _Sheet, index: int, label: Label) -> bool:
    return sheet.prose[index] or (label.kind == BODY and label.score >= 0.7)


def _label_lead(sheet: _Sheet, story: Container) -> None:
    """The standfirst: set apart between headline and body by markup, or the page's own summary printed there."""
    body = [i for i, label in enumerate(sheet.labels) if label and label.kind in BODY_KINDS]
    if not body:
        return
    start = sheet.headline.last if sheet.headline.last is not None else story.first
    stop = min((i for i in body if sheet.prose[i]), default=body[0])
    if stop - start > 60:
        return
    summaries = [fold(s) for s in _summaries(sheet.page) if len(s) > 30]
    remaining = sum(sheet.page.blocks.blocks[i].letters for i in body)
    for index in range(start, stop + 1):
        block, label = sheet.page.blocks.blocks[index], sheet.labels[index]
        if block.letters < 25 or block.link_letters > 0.5 * block.letters:
            continue
        if (label and label.kind == CAPTION) or _is_caption(sheet, block) or is_copy(fold(block.text), fold(sheet.headline.text or "")):
            continue
        if index == stop and remaining - block.letters < 200:
            continue
        if index == stop and block.emphasis and any(sheet.page.blocks.blocks[i].emphasis for i in body if index < i <= index + 6 and sheet.prose[i]):
            continue
        reason = _lead_reason(sheet, block, summaries, is_first_body=index == stop)
        if reason:
            sheet.labels[index] = Label(LEAD, reason, 0.8)


def _summaries(page: Page) -> list[str]:
    told = [page.structured.first_meta("description"), page.structured.first_meta("og:description")]
    return [s for s in (*told, string_in(page.structured.story.get("description"))) if s]


def _lead_reason(sheet: _Sheet, block: Block, summaries: list[str], *, is_first_body: bool) -> str:
    containers = sheet.page.blocks.containers
    container = containers[block.container]
    named = container.words | block.inline_words
    if container.parent >= 0 and containers[container.parent].last - containers[container.parent].first <= 3:
        named |= containers[container.parent].words
    if named & words.LEAD and not named & words.FURNITURE:
        return f"called {min(named & words.LEAD)!r} and set before the body"
    folded = fold(block.text)
    told = any(contained(folded, s) > 0.9 and contained(s, folded) > 0.7 for s in summaries)
    if is_first_body:
        if not block.emphasis or (block.letters > 400 and not told):
            return ""
        return "the page's own summary, set apart in bold" if told else "the only paragraph in bold, before the others"
    if sheet.furniture[block.container] and not told:
        return ""
    if told:
        return "the page's own summary, printed before the body"
    if block.tag in ("h2", "h3", "h4") and ends_sentence(block.text) and block.letters > 60:
        return "a heading that is a sentence, before the body"
    headline = sheet.headline.last
    near = headline is not None and headline <= block.index <= headline + 2
    if near and ends_sentence(block.text) and not block.links and block.letters >= 40 and not _edge_reason(sheet, block):
        return "a sentence set apart between headline and body"
    return ""


def _label_subheads(sheet: _Sheet) -> None:
    """A subhead stays when body follows before the next heading."""
    follows = False
    for index in range(len(sheet.labels) - 1, -1, -1):
        label = sheet.labels[index]
        if label is None:
            continue
        if label.kind == SUBHEAD:
            if not follows:
                sheet.labels[index] = Label(BOILERPLATE, "heading without story text under it", 0.7)
            follows = False
        elif label.kind in BODY_KINDS:
            follows = True
        elif label.kind == BOILERPLATE and label.reason == "outside the story's container":
            follows = False
