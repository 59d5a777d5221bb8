"""Files and archives through the core, many at once."""

from newsscraper.batch.files import (
    FEWEST_PAGES,
    Source,
    extract_files,
    extract_source,
    find_pages,
    find_sites,
    gather_sites,
    is_dump,
    read_page,
)
from newsscraper.batch.pages import (
    Outcome,
    PageJob,
    choose_profile,
    extract_archived,
    prepare_job,
    tell_passed_over,
)

__all__ = [
    "FEWEST_PAGES",
    "Outcome",
    "PageJob",
    "Source",
    "choose_profile",
    "extract_archived",
    "extract_files",
    "extract_source",
    "find_pages",
    "find_sites",
    "gather_sites",
    "is_dump",
    "prepare_job",
    "read_page",
    "tell_passed_over",
]
