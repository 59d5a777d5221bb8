"""What the elements around a block make of it inside the story: caption, quotation, list, table, subhead, paragraph."""

from __future__ import annotations

from collections.abc import Callable

from newsscraper.extract import page_words as words
from newsscraper.extract.blocks import HEADINGS, Block, Blocks, Container
from newsscraper.extract.body_kinds import is_data_table
from newsscraper.extract.captions import is_called_caption
from newsscraper.extract.kinds import BODY, BOILERPLATE, CAPTION, LIST, QUOTE, SUBHEAD, TABLE, Label
from newsscraper.extract.prose import ends_sentence
from newsscraper.extract.rules.sheet import Sheet

IN_CAPTION = "inside a caption"
SHORT_TEXT = "short text outside paragraphs"
"""The reason for dropping what may yet turn out to be a subhead: see `edges.label_gaps`."""
_STORY_TAGS = ("article", "main", "body", "section")


def label_by_markup(sheet: Sheet) -> None:
    """Labels every block that is still open."""
    for block in sheet.open_blocks:
        sheet.labels[block.index] = _label(sheet, block)


def _label(sheet: Sheet, block: Block) -> Label:
    blocks, prose = sheet.page.blocks, sheet.prose[block.index]
    tags = _tags_to_story(blocks, block)
    named = blocks.containers[block.container].words | block.inline_words
    if "figcaption" in tags or is_called_caption(block, named):
        return Label(CAPTION, IN_CAPTION, 0.9)
    if "figure" in tags and "blockquote" not in tags and "table" not in tags:
        return Label(CAPTION, "inside a figure", 0.8)
    if block.link_letters > 0.7 * block.letters and not (prose or _is_linked_sentence(block)):
        return Label(BOILERPLATE, "hardly anything but links", 0.8)
    if block.tag in HEADINGS:
        return Label(SUBHEAD, f"<{block.tag}> inside the story", 0.6)
    if named & words.BYLINE and not prose:
        return Label(BOILERPLATE, "byline, date or other note on the story", 0.7)
    if "blockquote" in tags:
        return Label(QUOTE, "inside <blockquote>", 0.8)
    if "li" in tags or block.tag in ("dt", "dd"):
        return _list_label(sheet, block, prose)
    if block.tag in ("td", "th", "caption") and _is_in_data_table(sheet, block):
        return Label(TABLE, "cell of a data table", 0.7)
    return Label(BODY, "prose", 0.9) if prose else _short_label(block)


def _tags_to_story(blocks: Blocks, block: Block) -> list[str]:
    """Tags around a block, innermost first, up to the first that may hold a whole story."""
    tags = []
    for container in blocks.ancestors(block):
        if container.tag in _STORY_TAGS:
            break
        tags.append(container.tag)
    return tags


def _is_linked_sentence(block: Block) -> bool:
    return block.tag == "p" and block.letters > 60 and ends_sentence(block.text)


def _list_label(sheet: Sheet, block: Block, prose: bool) -> Label:
    """Story lists have words of their own beside their links; furniture's are links and little else."""
    around = next((c for c in sheet.page.blocks.ancestors(block) if c.tag in ("ul", "ol", "dl")), None)
    if around is not None and _verdict(sheet, around, _is_list_of_links):
        return Label(BOILERPLATE, "list of links", 0.8)
    return Label(LIST, "list entry of prose" if prose else "list entry", 0.7)


def _is_list_of_links(sheet: Sheet, container: Container) -> bool:
    within = sheet.page.blocks.within(container)
    return sum(b.link_letters for b in within) > 0.5 * sum(b.letters for b in within)


def _is_in_data_table(sheet: Sheet, block: Block) -> bool:
    table = next((c for c in sheet.page.blocks.ancestors(block) if c.tag == "table"), None)
    return table is not None and _verdict(sheet, table, lambda sheet, table: is_data_table(sheet.page.blocks, table))


def _verdict(sheet: Sheet, container: Container, judge: Callable[[Sheet, Container], bool]) -> bool:
    """What is judged of a container as a whole, judged once however many blocks ask."""
    if container.index not in sheet.verdicts:
        sheet.verdicts[container.index] = judge(sheet, container)
    return sheet.verdicts[container.index]


def _short_label(block: Block) -> Label:
    """What is no prose stays where it stands in a paragraph or ends as a sentence does."""
    if block.tag == "p" or block.broken or block.tag == "pre":
        if block.letters >= 30 and ends_sentence(block.text):
            return Label(BODY, "short sentence in a paragraph", 0.7)
        return Label(BODY, "short line in a paragraph", 0.45)
    if block.letters >= 60 and ends_sentence(block.text):
        return Label(BODY, "sentence", 0.6)
    return Label(BOILERPLATE, SHORT_TEXT, 0.6)
