"""Every record of the contract survives the wire: any values, with fields that only a later version knows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from ocrdesk.contract.document import PageTiming, Word
from tests.helpers.any_records import contract_models, records
from tests.helpers.long_form import LONG_TESTS

SAME_EACH_TIME = settings(
    max_examples=500 if LONG_TESTS else 8,
    deadline=None,
    derandomize=not LONG_TESTS,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
LATER = "a_field_of_a_later_version"


def with_later_fields(value: Any) -> Any:
    """Return JSON with an unknown field in each object that is a record."""
    if isinstance(value, dict):
        known = {name: part if name == "params" else with_later_fields(part) for name, part in value.items()}
        return known | {LATER: [{"x": 1}]}
    return [with_later_fields(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("model", contract_models(), ids=lambda model: model.__name__)
def test_a_record_is_the_same_after_the_wire(model: type[BaseModel]) -> None:
    @SAME_EACH_TIME
    @given(st.data())
    def check(data: st.DataObject) -> None:
        record = data.draw(records(model))
        text = record.model_dump_json()
        assert model.model_validate_json(text) == record
        assert model.model_validate(json.loads(text)) == record
        assert model.model_validate(record.model_dump()) == record
        if model.model_config.get("extra") == "ignore":
            later = json.dumps(with_later_fields(json.loads(text)))
            known = model.model_validate_json(later)
            assert LATER not in json.loads(known.model_dump_json())

    check()


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_json_cannot_express_is_refused(number: str) -> None:
    with pytest.raises(ValidationError):
        PageTiming.model_validate_json(f'{{"render_s": {number}}}')


@pytest.mark.parametrize("text", ['"\\ud800"', '"\\udfff x"', '""', "1", "null"])
def test_a_text_that_is_no_valid_word_is_refused(text: str) -> None:
    fields = f'{{"text": {text}, "box": [0, 0, 1, 1], "confidence": 1, "source": "tesseract"}}'
    with pytest.raises(ValidationError):
        Word.model_validate_json(fields)
