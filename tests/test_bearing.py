"""What is compared of a rule tells `all` of some tests from `any` of them."""

from __future__ import annotations

from models.law import AllOf, AnyOf, Rule
from values_act.sameness import bearing


def _rule(word: str) -> Rule:
    tests = [{"grade": "felony"}, {"counts": True}]
    body = {"id": "r", "cite": "c", "title": "t", "text": "x", "source": {"title": "s"}}
    return Rule.model_validate({**body, "subject": "conviction", "marks": True,
                                "when": {word: tests}})  # fmt: skip


def test_all_and_any_of_the_same_tests_are_not_the_same_rule() -> None:
    every, some = _rule("all"), _rule("any")
    assert isinstance(every.when, AllOf)
    assert isinstance(some.when, AnyOf)
    assert every.model_dump()["when"].keys() == {"all"}
    assert some.model_dump()["when"].keys() == {"any"}
    assert bearing(every) != bearing(some)
