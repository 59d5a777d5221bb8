"""What a record must be before it is committed."""

from __future__ import annotations

from datetime import UTC, datetime

from newsscraper.record import Record, find_faults


def find_record_faults(record: Record) -> list[str]:
    """What breaks the schema, or could not be written as UTF-8: `key: what` each."""
    return find_faults(record.to_dict())


def published_at(record: Record) -> int | None:
    """When the story appeared, Unix seconds: as an instant where that is known, else as printed, taken for UTC."""
    for text in (record.date_utc, record.date):
        try:
            moment = datetime.fromisoformat(text) if text else None
        except ValueError:
            continue
        if moment is not None:
            return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    return None
