"""What time it is: one clock a run, handed to whatever needs one, so that tests can set it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time; with `start`, an aware datetime, as if it had been made then.

    It goes on with the real time's pace and never goes back while it lives, even where the system's clock is set back.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._start = (start or datetime.now(UTC)).astimezone(UTC)
        self._made = time.monotonic()

    def now(self) -> datetime:
        """Aware, UTC."""
        return self._start + timedelta(seconds=time.monotonic() - self._made)

    def seconds(self) -> int:
        """Unix time, whole seconds."""
        return int(self.now().timestamp())
