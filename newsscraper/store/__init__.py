"""What stands on disk: story keys, sealed files, run reports."""

from newsscraper.store.folders import check_writable, remove_leftovers
from newsscraper.store.records import describe_extractor, hash_content, make_record, mint_story_key
from newsscraper.store.runs import RunReport, format_instant, new_run_id, write_report
from newsscraper.store.sealed import Seal, SealedFile, stories_file
from newsscraper.store.urls import folder_of, normalise_url, site_of

__all__ = [
    "RunReport",
    "Seal",
    "SealedFile",
    "check_writable",
    "describe_extractor",
    "folder_of",
    "format_instant",
    "hash_content",
    "make_record",
    "mint_story_key",
    "new_run_id",
    "normalise_url",
    "remove_leftovers",
    "site_of",
    "stories_file",
    "write_report",
]
