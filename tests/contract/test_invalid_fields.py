"""What is wrong with a field is said in plain words, and as data."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ocrdesk.contract.invalid_fields import field_problem, joined
from ocrdesk.contract.states import JobState


def problems(kind: Any, value: object, *, is_json: bool = False) -> list[str]:
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    with pytest.raises(ValidationError) as raised:
        _ = adapter.validate_json(value) if is_json else adapter.validate_python(value)  # type: ignore[arg-type]
    return [field_problem(error, ("x", *error["loc"])).text for error in raised.value.errors()]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (int, "a", "x: this must be a whole number"),
        (int, 1.5, "x: this must be a whole number"),
        (float, "a", "x: this must be a number"),
        (bool, "perhaps", "x: this must be true or false"),
        (str, 7, "x: this must be text"),
        (Annotated[str, Field(min_length=1)], "", "x: this must not be empty"),
        (Annotated[str, Field(min_length=3)], "ab", "x: this must have 3 characters or more"),
        (Annotated[str, Field(max_length=3)], "abcd", "x: this may have at most 3 characters"),
        (Annotated[int, Field(ge=1)], 0, "x: this must be at least 1"),
        (Annotated[int, Field(le=1)], 2, "x: this must be at most 1"),
        (Annotated[float, Field(gt=0)], 0, "x: this must be more than 0"),
        (Annotated[float, Field(lt=0.5)], 0.5, "x: this must be less than 0.5"),
        (Annotated[float, Field(allow_inf_nan=False)], "inf", "x: this must be a number"),
        (Annotated[list[int], Field(min_length=1)], [], "x: this must not be empty"),
        (Annotated[list[int], Field(min_length=2)], [1], "x: this must have 2 entries or more"),
        (Annotated[list[int], Field(max_length=2)], [1, 2, 3], "x: this may have at most 2 entries"),
        (list[int], "a", "x: this must be a list"),
        (JobState, "x", "x: this must be queued, started, finished, failed or cancelled"),
        (Literal["a", "b"], "c", "x: this must be a or b"),
        (AwareDatetime, "soon", "x: this must be a date and a time, such as 2026-11-23T09:00:00Z"),
        (AwareDatetime, "2026-11-23T09:00:00", "x: this must name its time zone, such as 2026-11-23T09:00:00Z"),
        (Strict, {}, "x.name: this is missing"),
        (Strict, {"name": "a", "age": 1}, "x.age: there is no such field"),
        (Strict, [], "x: this must be an object with named fields"),
        (complex, "?", "x: this is not valid"),
    ],
)
def test_problem_is_said_in_plain_words(kind: Any, value: object, said: str) -> None:
    assert problems(kind, value) == [said]


def test_what_is_not_json_is_about_the_body() -> None:
    assert problems(Strict, "{", is_json=True) == ["body: this is not JSON"]


def test_one_problem_stays_data_and_several_are_one_sentence() -> None:
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(tuple[int, int]).validate_python(("a", "b"))
    found = [field_problem(error, error["loc"]) for error in raised.value.errors()]
    assert joined(found[:1]).message_id == "field_not_integer"
    assert joined(found).text == "0: this must be a whole number; 1: this must be a whole number"
