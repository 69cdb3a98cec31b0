"""What was packed comes out as it went in, and what JSON cannot hold is not packed."""

import math
import zlib
from typing import Any

import pytest

from grader.classroom.packed import Packed

ENTRY: dict[str, Any] = {
    "id": "김하늘",
    "status": "partial",
    "score": 1.5,
    "notes": ["합성곱", "\udce4", "a\u2028b"],
    "tasks": [{"checks": []}],
}


def test_an_entry_comes_out_as_it_went_in_and_its_status_is_told_without_unpacking():
    packed = Packed.of(ENTRY)

    assert packed.entry == ENTRY
    assert packed.status == "partial"


def test_it_is_smaller_than_its_text():
    assert len(Packed.of(ENTRY | {"notes": ["the same"] * 1000}).data) < 300


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_what_is_no_number_of_json_is_not_packed(number: float):
    with pytest.raises(ValueError, match="JSON"):
        Packed.of(ENTRY | {"score": number})


def test_damage_is_noticed():
    with pytest.raises(zlib.error):
        _ = Packed("partial", Packed.of(ENTRY).data[:-5]).entry
