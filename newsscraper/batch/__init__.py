"""Files and archives through the core, many at once."""

from newsscraper.batch.files import (
    FEWEST_PAGES,
    Outcome,
    Source,
    choose_profile,
    extract_files,
    find_pages,
    find_sites,
    gather_sites,
    is_dump,
    read_page,
)

__all__ = [
    "FEWEST_PAGES",
    "Outcome",
    "Source",
    "choose_profile",
    "extract_files",
    "find_pages",
    "find_sites",
    "gather_sites",
    "is_dump",
    "read_page",
]
