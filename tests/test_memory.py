from __future__ import annotations

import gc

from newsscraper.memory import collect_seldom


def test_a_process_of_our_own_looks_for_garbage_seldom_and_leaves_alone_what_is_loaded() -> None:
    before = gc.get_threshold()
    try:
        collect_seldom.__wrapped__()
        assert gc.get_threshold()[0] > 10 * before[0]
        assert gc.get_freeze_count() > 1000
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
