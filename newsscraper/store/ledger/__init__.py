"""The ledger of a site, one SQLite file: `ledger.py` is the whole, `types.py` what goes in and comes out.

`frontier.py` holds what is to be asked, `stories.py` and `versions.py` say which story a page is and in which version,
`settling.py` commits one response as one, `spool.py` puts lines into sealed files, `archiving.py` grows and seals the
archive of a run, `recovery.py` ends what dead runs began.
"""

from newsscraper.store.ledger.care import Finding, Rebuilt, check, is_reread, rebuild, repair
from newsscraper.store.ledger.files import FORMS, Form
from newsscraper.store.ledger.forget import Forgotten
from newsscraper.store.ledger.frontier import Frontier
from newsscraper.store.ledger.ledger import Ledger
from newsscraper.store.ledger.place import Place
from newsscraper.store.ledger.stories import StoryStore
from newsscraper.store.ledger.types import Committed, Entry, Lease, Quarantined, Settlement, State, Verdict
from newsscraper.store.ledger.versions import Reread

__all__ = [
    "FORMS",
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
    "Settlement",
    "State",
    "StoryStore",
    "Verdict",
    "check",
    "is_reread",
    "rebuild",
    "repair",
]
