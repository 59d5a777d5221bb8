"""What there is to explain of one page: its story, the refusal if it is none, and the core's account of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from newsscraper.errors import NotAStory
from newsscraper.explain.lines import account_for_lines
from newsscraper.extract import Evidence, Model, extract_text, trace
from newsscraper.extract.core import find_story
from newsscraper.extract.decode import decode
from newsscraper.extract.learned.model import shipped_model
from newsscraper.extract.reading import read_page
from newsscraper.extract.reasons import give_reasons
from newsscraper.extract.trace import Trace, trace_blocks
from newsscraper.sites import Profile
from newsscraper.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One page, read and accounted for."""

    source: str
    """What was read, as whoever asked named it: a path, `-`."""
    url: str | None
    profile: str | None
    """Name of the profile that it was read with."""
    evidence: str | None = None
    """Digest of the evidence of its site that it was read with."""
    model: str | None = None
    """Digest of the weights that it was read with; None for a page flattened to text, which is read without any."""
    story: Story | None
    """Of a refused page, what would come out by force; None where there is no headline to make one."""
    refusal: NotAStory | None
    """Why the page is no story."""
    trace: Trace

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; the keys are described in docs/explain.md."""
        refusal = self.refusal
        return {
            "source": self.source,
            "url": self.url,
            "profile": self.profile,
            "evidence": self.evidence,
            "model": self.model,
            "story": self.story.to_dict() if self.story else None,
            "error": {"reason": refusal.reason, "detail": refusal.detail} if refusal else None,
            "trace": self.trace.to_dict(),
        }


def explain(  # noqa: PLR0913 - as `extract`
    html: bytes | str,
    url: str | None = None,
    *,
    source: str = "",
    profile: Profile | None = None,
    charset: str | None = None,
    fetched_at: str | None = None,
    evidence: Evidence | None = None,
    model: Model | None = None,
) -> Explanation:
    """How a page is read, be it a story or not. Arguments and errors are those of `extract`, but for `NotAStory`."""
    read_with: dict[str, Any] = {"profile": profile, "charset": charset, "fetched_at": fetched_at}
    judges: dict[str, Any] = {"evidence": evidence, "model": model or shipped_model()}
    story, refusal = None, None
    try:
        story, account = trace(html, url, **read_with, **judges)
    except NotAStory as error:
        refusal = error
        story, account = _force(html, url, read_with, judges)
    return Explanation(
        source=source,
        url=url,
        profile=_name(profile),
        evidence=evidence.digest if evidence else None,
        model=judges["model"].digest,
        story=story,
        refusal=refusal,
        trace=account,
    )


def explain_text(  # noqa: PLR0913 - as `explain`
    text: bytes | str,
    url: str | None = None,
    *,
    source: str = "",
    profile: Profile | None = None,
    charset: str | None = None,
    fetched_at: str | None = None,
) -> Explanation:
    """`explain` for a page that was flattened to text: one line a block, no markup."""
    options: dict[str, Any] = {"profile": profile, "fetched_at": fetched_at}
    decoded = decode(text, charset)
    story, refusal = None, None
    try:
        story = extract_text(decoded.text, url, **options)
    except NotAStory as error:
        refusal = error
        story = _force_text(decoded.text, url, options)
    account = account_for_lines(decoded, story)
    return Explanation(source=source, url=url, profile=_name(profile), story=story, refusal=refusal, trace=account)


def _name(profile: Profile | None) -> str | None:
    return (profile.name or None) if profile else None


def _force(
    html: bytes | str, url: str | None, read_with: dict[str, Any], judges: dict[str, Any]
) -> tuple[Story | None, Trace]:
    """What a refused page gives all the same; its blocks alone where not even a headline can be told."""
    try:
        return trace(html, url, force=True, **read_with, **judges)
    except NotAStory:
        layout = find_story(read_page(html, url, **read_with), **judges)
    page, blocks = layout.page, trace_blocks(layout.page.blocks, give_reasons(layout))
    return None, Trace(page.decoded.encoding, page.decoded.how, page.source, blocks, {}, page.notes)


def _force_text(text: str, url: str | None, options: dict[str, Any]) -> Story | None:
    try:
        return extract_text(text, url, force=True, **options)
    except NotAStory:
        return None
