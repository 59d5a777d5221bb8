"""Every error that newsscraper raises on purpose.

    NewsscraperError
    ├── NotAStory            the page holds no story; `reason` says why
    ├── InputError           a file, URL or argument cannot be used as given
    │   └── UnreadablePage   bytes that are no text at all: empty, binary
    │       └── NoPageError  a file that is no page, such as an image or a feed; `kind` says what it is
    ├── ModelError           the file with the classifier's weights is missing, damaged, or made for another version
    ├── ProfileError         a profile names a file, a key and what was expected there
    └── LedgerError          a site's ledger cannot be opened, or no longer written
        └── LedgerLocked     another run of the site is at work

Catch `NewsscraperError` to catch them all. Anything else that comes out of this package is a bug,
but for `TypeError`: an argument of a wrong type.
"""

from __future__ import annotations


class NewsscraperError(Exception):
    """The root of the tree."""


class NotAStory(NewsscraperError):
    """The page has no headline with text of its own under it.

    `reason` is one word for machines (`empty`, `listing`, `error_page`, `bot_wall`, `consent_wall`, `login_wall`,
    `paywall`, `no_text`, `no_headline`); `detail` is for people.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[NotAStory], tuple[str, str]]:
        return type(self), (self.reason, self.detail)


class InputError(NewsscraperError):
    """A file, URL or argument cannot be used as given; the message says what, where, and what to do."""


class UnreadablePage(InputError):
    """What was given is no text: empty, or binary such as an image or a PDF."""


class NoPageError(UnreadablePage):
    """A file of another kind: `kind` is one of the words that `Outcome.passed_over` may hold."""

    def __init__(self, kind: str, message: str | None = None) -> None:
        super().__init__(message or f"not a page but another kind of file: {kind}")
        self.kind = kind

    def __reduce__(self) -> tuple[type[NoPageError], tuple[str, str]]:
        return type(self), (self.kind, str(self))


class ProfileError(NewsscraperError):
    """A profile is wrong; the message names the file, the key, and what was expected."""

    def __init__(self, file: str, key: str, expected: str) -> None:
        super().__init__(f"{file}: {key}: {expected}")
        self.file = file
        self.key = key
        self.expected = expected

    def __reduce__(self) -> tuple[type[ProfileError], tuple[str, str, str]]:
        return type(self), (self.file, self.key, self.expected)


class ModelError(NewsscraperError):
    """The file with the classifier's weights is missing, damaged, or made for another version.

    The message names the file and says what to do.
    """


class LedgerError(NewsscraperError):
    """A site's ledger cannot be opened, read or written; the message names the file and says what to do."""


class LedgerLocked(LedgerError):
    """Another run of the same site holds the ledger; the message says which, since when."""
