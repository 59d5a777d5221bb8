"""Records as Parquet: a column a key, in the order of the JSON lines, each always of the same type."""

from __future__ import annotations

import json
from functools import cache
from importlib import import_module
from typing import Any, BinaryIO, Self

from newsscraper.errors import InputError

_ROWS = 2_000
"""Of a row group: what is in memory at a time."""
_TEXT_LISTS = ("tags", "authors", "section")
_TRUTHS = ("complete",)
_NUMBERS = ("version", "http_status", "schema_version")
_REALS = ("confidence",)


def pyarrow() -> Any:
    """The library. Raises `InputError` where it is missing."""
    try:
        return import_module("pyarrow")
    except ImportError as error:
        raise InputError("Parquet needs a library: pip install '.[parquet]' in the checkout, or choose gz") from error


@cache
def record_columns() -> Any:
    """The columns, as a `pyarrow.Schema`: nested where a key holds an object or a list of them."""
    from newsscraper.record import Record  # noqa: PLC0415 - the fields' names alone are wanted

    return pyarrow().schema([(name, _type_of(name)) for name in Record.__dataclass_fields__])


class ParquetLines:
    """Takes JSON lines of records, each one row. A context, at whose end the file is whole."""

    def __init__(self, file: BinaryIO) -> None:
        self._columns = record_columns()
        writer = import_module("pyarrow.parquet").ParquetWriter
        self._writer = writer(file, self._columns, compression="zstd", version="2.6", write_page_index=True)
        self._rows: list[dict[str, Any]] = []

    def write(self, line: bytes) -> None:
        """One record."""
        self._rows.append(json.loads(line))
        if len(self._rows) == _ROWS:
            self._flush()

    def _flush(self) -> None:
        table = pyarrow().Table.from_pylist(self._rows, schema=self._columns)
        self._writer.write_table(table, row_group_size=_ROWS)
        self._rows.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self._rows:
                self._flush()
        finally:
            self._writer.close()


def _type_of(name: str) -> Any:
    pa = pyarrow()
    text = pa.string()
    objects = {
        "images": pa.list_(pa.struct([("url", text), ("caption", text)])),
        "translations": pa.list_(pa.struct([("language", text), ("url", text)])),
        "rights": pa.struct(
            [("robots", pa.list_(text)), ("noai", pa.bool_()), ("tdm_reservation", pa.bool_()), ("tdm_policy", text)]
        ),
        "warc": pa.struct([("file", text), ("offset", pa.int64()), ("length", pa.int64()), ("record_id", text)]),
    }
    if name in objects:
        return objects[name]
    if name in _TEXT_LISTS:
        return pa.list_(text)
    if name in _NUMBERS:
        return pa.int64()
    if name in _REALS:
        return pa.float64()
    return pa.bool_() if name in _TRUTHS else text
