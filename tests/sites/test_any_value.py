"""Whatever TOML can hold, under whatever key: taken, or refused by our own error."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsscraper.sites.checks import FactError
from newsscraper.sites.facts import _HOST_GROUPS, FIELDS, URL_KINDS

WORDS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["a::attr(x)", "a:not(", "(?P<code>", "[[", "Asia", "../UTC", "http://[", "a" * 300, "\x00", "fa-", ":"]
    ),
)
SCALARS = st.one_of(WORDS, st.integers(), st.floats(), st.booleans(), st.just(datetime.date(2022, 3, 30)))
KEYS = st.one_of(st.sampled_from([*FIELDS, *URL_KINDS, "language", "path", "host", "delay"]), st.text(max_size=5))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)


@pytest.mark.parametrize("group", _HOST_GROUPS)
@given(value=VALUES)
def test_taken_or_refused(group, value):
    said = "expected"
    try:
        _HOST_GROUPS[group](value)
    except FactError as error:
        said = error.expected
    assert said.startswith(("expected", "missing; "))
