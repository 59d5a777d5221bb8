"""What stands on disk: the ledger of a site, story keys, sealed files, run reports."""

from newsscraper.store.clock import Clock
from newsscraper.store.folders import check_writable
from newsscraper.store.identity import canonical_url, code_keys, fold_title, page_key
from newsscraper.store.ledger import (
    FORMS,
    Committed,
    Entry,
    Finding,
    Forgotten,
    Form,
    Frontier,
    Lease,
    Ledger,
    Place,
    Quarantined,
    Rebuilt,
    Reread,
    Settlement,
    State,
    StoryStore,
    Verdict,
    check,
    rebuild,
    repair,
)
from newsscraper.store.records import describe_extractor, hash_content, make_record, mint_story_key
from newsscraper.store.runs import RunReport, format_instant, new_run_id, write_report
from newsscraper.store.sealed import Seal
from newsscraper.store.status import RunStatus, Status, find_sites, iterate_reports, read_status
from newsscraper.store.urls import folder_of, normalise_url, site_of

__all__ = [
    "FORMS",
    "Clock",
    "Committed",
    "Entry",
    "Finding",
    "Forgotten",
    "Form",
    "Frontier",
    "Lease",
    "Ledger",
    "Place",
    "Quarantined",
    "Rebuilt",
    "Reread",
    "RunReport",
    "RunStatus",
    "Seal",
    "Settlement",
    "State",
    "Status",
    "StoryStore",
    "Verdict",
    "canonical_url",
    "check",
    "check_writable",
    "code_keys",
    "describe_extractor",
    "find_sites",
    "fold_title",
    "folder_of",
    "format_instant",
    "hash_content",
    "iterate_reports",
    "make_record",
    "mint_story_key",
    "new_run_id",
    "normalise_url",
    "page_key",
    "read_status",
    "rebuild",
    "repair",
    "site_of",
    "write_report",
]
