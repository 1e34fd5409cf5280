"""Every day on which something changes, and the days around it: an act has one base rule."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from models.law import Base, Law
from models.policy import County
from tests.scenes import as_case, edited, library
from tests.test_cli import edit, rules, run
from values_act.decide import Decider
from values_act.errors import LawError
from values_act.lawcheck import Place, check_laws
from values_act.library import Library
from values_act.program import build, span_starts
from values_act.timeline import change_dates

__all__ = ["rules"]  # a fixture

DAY = timedelta(days=1)
# The TRUST Act spoke of holds alone, section 831 of juvenile information, the TRUTH Act of
# interviews; the rest came with SB 54.
JUVENILE = ("share_personal_info", "status_information", "criminal_history", "inmate_list")
FIRST = {
    "hold": date(2014, 1, 1),
    **dict.fromkeys(JUVENILE, date(2016, 1, 1)),
    "interview_access": date(2017, 1, 1),
}
SB_54 = date(2018, 1, 4)
ROBBERY = {
    "offense": "PC 211", "grade": "felony", "date": "2010-05-01", "jurisdiction": "california",
    "disposition": "stands", "findings": [],
}  # fmt: skip


@cache
def decider() -> Decider:
    return Decider(library(), use_engine=False)


def case(day: date, action: str = "transfer", county: str | None = None, **more: Any) -> Any:
    return as_case({
        "as_of": day.isoformat(), "action": action,
        "agency": {"kind": "sheriff", **({"county": county} if county else {})},
        "request": {"kind": "transfer", "by": "ICE"},
        "person": {"registrant": "never", "release_date_public": False},
        "convictions": [ROBBERY], "charges": [], "warrants": [], **more,
    })  # fmt: skip


def around(days: Iterable[date]) -> list[date]:
    return sorted({day + n * DAY for day in days for n in (-1, 0, 1)})


def counties() -> list[County]:
    return list(library().counties())


@cache
def every_day() -> list[date]:
    """Each day on which the law, the catalogue or any county changes, and the days around it."""
    places: list[County | None] = [None, *counties()]
    return around(day for place in places for day in change_dates(library(), "state", place))


def bases(held: Library, day: date, action: str) -> list[str]:
    """The base rules of state law for an act on a day, counted from the files themselves."""
    return [
        base.id
        for part in held.parts("state")
        for base in part.base
        if part.in_force(day)
        and action in base.actions
        and (base.effective or date.min) <= day <= (base.ended or date.max)
    ]


def faults(held: Library, days: Iterable[date]) -> list[tuple[date, str, int]]:
    """Days and acts that do not have one base rule, though an act of the legislature governs."""
    found = []
    for day in days:
        for action in held.vocabulary.actions:
            count = len(bases(held, day, action))
            if count != (day >= FIRST.get(action, SB_54)):
                found.append((day, action, count))
    return found


# ---------------------------------------------------------------- the days of change
def test_the_days_of_change_are_those_of_the_acts_the_lists_the_measures_and_the_tests() -> None:
    expected = {
        "2011-10-01": "realignment", "2014-01-01": "TRUST Act", "2014-11-05": "Proposition 47",
        "2016-11-09": "Proposition 63", "2017-01-01": "TRUTH Act", "2018-01-01": "AB 493",
        "2018-01-04": "Values Act", "2022-01-01": "Penal Code 186.22", "2024-01-01": "SB 14",
        "2024-12-18": "Proposition 36", "2025-01-01": "SB 268", "2027-01-01": "SB 580",
    }  # fmt: skip
    found = change_dates(library(), "state")
    assert {date.fromisoformat(day) for day in expected} <= set(found)
    assert found == sorted(set(found))


def test_every_bound_that_a_program_is_cut_at_is_a_day_of_change() -> None:
    for place in [None, *counties()]:
        found = set(change_dates(library(), "state", place))
        assert span_starts(library(), "state", place) <= found
    assert len({day for c in counties() for day in change_dates(library(), "state", c)}) > 50


def test_between_two_neighboring_days_of_change_nothing_of_the_law_changes() -> None:
    changes = change_dates(library(), "state")
    seen = []
    for first, following in zip(changes, [*changes[1:], date(2040, 1, 1)], strict=True):
        for action in ("transfer", "hold", "interview_access"):
            one, other = (
                build(library(), "state", day, action) for day in (first, following - DAY)
            )
            assert one.laws_in_force == other.laws_in_force, (first, action)
            assert (one.base, set(one.rules)) == (other.base, set(other.rules)), (first, action)
            seen.append((action, one.laws_in_force, frozenset(one.rules)))
    assert len(set(seen)) >= 12  # the days do cut different laws apart


# ---------------------------------------------------------------- one base rule
def test_on_every_day_of_change_each_act_has_one_base_rule_or_no_law_yet() -> None:
    days = every_day()
    assert len(days) > 150
    assert faults(library(), days) == []


def test_a_program_takes_the_one_base_rule_of_the_day() -> None:
    for day in around(span_starts(library(), "state")):
        for action in ("transfer", "hold", "interview_access", "inmate_list"):
            program = build(library(), "state", day, action)
            found = [program.base.id] if program.base else []
            assert found == bases(library(), day, action), (day, action)
            assert program.law_governs == (day >= date(2014, 1, 1))


@pytest.mark.parametrize("day", ["2013-12-31", "2014-01-01", "2016-12-31", "2018-01-03"])
def test_an_act_that_no_law_governs_that_day_is_not_regulated_and_the_answer_says_so(
    day: str,
) -> None:
    asked = date.fromisoformat(day)
    acts = [act for act in library().vocabulary.actions if asked < FIRST.get(act, SB_54)]
    assert len(acts) >= len(library().vocabulary.actions) - len(FIRST)
    for action in acts:
        decision = decider().decide(case(asked, action))
        assert decision.outcome == "not_regulated", action
        assert decision.permitted is None
        assert decision.rule == "state"
        assert "nothing in force on the day speaks of this act" in decision.cite
        assert bool(decision.laws_in_force) == (asked >= date(2014, 1, 1))
        assert not decision.grounds


@pytest.mark.parametrize(("day", "action", "rule"), [
    ("2014-01-01", "hold", "trust-7282.5-b"), ("2018-01-03", "hold", "trust-7282.5-b"),
    ("2018-01-04", "hold", "va-7284.6-a1b"), ("2017-01-01", "interview_access", "truth-7283.1-a"),
    ("2018-01-04", "transfer", "va-7284.6-a4"),
])  # fmt: skip
def test_an_act_that_a_law_governs_that_day_is_closed_by_its_base_rule(
    day: str, action: str, rule: str
) -> None:
    person = {"registrant": "never", "release_date_public": False, "consent_form_given": False}
    asked = case(date.fromisoformat(day), action, convictions=[], person=person)
    decision = decider().decide(asked)
    assert (decision.outcome, decision.rule) == ("prohibited", rule)


# ---------------------------------------------------------------- planted errors in base rules
def with_base(name: str, **changed: Any) -> Library:
    """The library with other dates for one base rule, past the checks of the loader."""
    assert any(base.id == name for law in library().laws.values() for base in law.base)
    return edited(
        [
            law.model_copy(
                update={
                    "base": tuple(
                        base.model_copy(update=changed) if base.id == name else base
                        for base in law.base
                    )
                }
            )
            for law in library().laws.values()
        ],
        [],
    )


def checked(laws: Iterable[Law]) -> None:
    """The check of the loader, without reading files."""
    held = {law.name: law for law in laws}
    check_laws(held, {name: Place(name, lambda _: (1, 1)) for name in held}, library().vocabulary)


PLANTED = [
    ("trust-7282.5-b", date(2018, 1, 2), "va-7284.6-a1b", "no base rule for `hold` on 2018-01-03"),
    ("truth-7283.1-a", date(2018, 1, 2), "va-7284.6-a1-interview", "no base rule for `interview_a"),
    ("truth-7283.1-a", date(2018, 1, 4), "va-7284.6-a1-interview", "overlaps `truth-7283.1-a` for"),
    ("truth-7283.1-a", date(2030, 1, 1), "va-7284.6-a1-interview", "from 2018-01-04 to 2030-01-01"),
    ("truth-7283.1-a", None, "va-7284.6-a1-interview", "from 2018-01-04 on; an act has one base"),
    ("va-7284.6-a4", date(2024, 12, 31), "va-7284.6-a4", "ends on 2024-12-31 while law `values-"),
    ("va-7284.6-a4", date(2017, 1, 1), "va-7284.6-a4", "is never in force, for law"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "ended", "blamed", "said"), PLANTED)
def test_a_planted_gap_or_overlap_is_seen_by_the_sweep_and_refused_at_loading(
    name: str, ended: date | None, blamed: str, said: str
) -> None:
    held = with_base(name, ended=ended)
    assert faults(held, around(span_starts(held, "state")))
    with pytest.raises(LawError) as caught:
        checked(held.laws.values())
    assert f"base rule `{blamed}`: " in str(caught.value)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_law_as_it_stands_passes_the_check_that_sees_planted_errors() -> None:
    checked(library().laws.values())


@pytest.mark.parametrize(("act", "ended", "said"), [
    ("trust-act", date(2018, 1, 4), "overlaps `trust-7282.5-b` for `hold` on 2018-01-04"),
    ("trust-act", date(2018, 1, 2), "no base rule for `hold` on 2018-01-03, after `trust-7282"),
    ("trust-act", date(2013, 1, 1), "ends on 2013-01-01, before it begins on 2014-01-01"),
])  # fmt: skip
def test_a_law_that_ends_a_day_early_or_late_is_refused(act: str, ended: date, said: str) -> None:
    with pytest.raises(LawError, match=said.replace("(", "\\(")):
        checked(
            law.model_copy(update={"ended": ended} if law.name == act else {})
            for law in library().laws.values()
        )


def lapsed(outcome: str) -> list[Law]:
    """State law where the base rule on handovers ends in 2024 and another one follows."""
    laws = with_base("va-7284.6-a4", ended=date(2024, 12, 31)).laws
    old = next(base for base in library().law("values-act").base if base.id == "va-7284.6-a4")
    update = {"id": "later", "effective": date(2025, 1, 1), "ended": None, "outcome": outcome}
    added: Base = old.model_copy(update=update)
    law = laws["values-act"]
    laws["values-act"] = law.model_copy(update={"base": (*law.base, added)})
    return [law for law in laws.values() if law.kind != "proposal"]  # some replace that rule


def test_a_base_rule_may_be_followed_by_another_or_by_one_that_says_not_regulated() -> None:
    checked(lapsed("prohibited"))
    checked(lapsed("not_regulated"))


def test_a_proposal_may_take_a_base_rule_out_but_not_add_a_second_one() -> None:
    laws = dict(library().laws)
    base = next(b for b in library().law("values-act").base if b.id == "va-7284.6-a4")
    mine = base.model_copy(update={"id": "mine"})
    laws["ab-324"] = laws["ab-324"].model_copy(update={"drop": ("va-7284.6-a4",)})
    checked(laws.values())
    laws["ab-324"] = laws["ab-324"].model_copy(update={"base": (mine,)})
    checked(laws.values())
    laws["ab-324"] = laws["ab-324"].model_copy(update={"drop": ()})
    with pytest.raises(LawError, match=r"ab-324:1: base rule `mine`: overlaps `va-7284.6-a4` for"):
        checked(laws.values())


def test_law_check_names_the_file_and_line_of_a_gap_in_one_line(rules: Path) -> None:
    file = rules / "laws" / "truth-act.yaml"
    edit(file, "ended: 2018-01-03", "ended: 2018-01-02")
    ran = run("law", "check", "--rules", rules)
    line = next(
        number
        for number, text in enumerate((rules / "laws/values-act.yaml").read_text().splitlines(), 1)
        if "id: va-7284.6-a1-interview" in text
    )
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"values-act: {rules}/laws/values-act.yaml:{line}: base rule `va-")
    assert "no base rule for `interview_access` on 2018-01-03" in ran.err
    assert ran.err.count("\n") == 1
