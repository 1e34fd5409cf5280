"""One policy of an authority for an act on a day; gaps and bounds that are not known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.dates import PartialDate
from models.policy import County, CountyPolicy
from tests.scenes import library
from tests.test_cli import edit, rules, run
from tests.test_time import DAY, around, case, counties, decider
from values_act.days import ALWAYS, Days, days_of, left_out, possible_days, sure_days
from values_act.errors import LawError
from values_act.lawcheck import Place, check_county
from values_act.program import local_rules, policy_in_force, span_starts

__all__ = ["rules"]  # a fixture


def live(county: County, day: date, action: str) -> list[CountyPolicy]:
    """Policies that surely bind a sheriff that day, counted from their own dates."""
    return [
        policy
        for policy in county.policies
        if action in policy.actions
        and "sheriff" in policy.binds
        and (days := sure_days(policy)) is not None
        and days.first <= day <= days.last
    ]


def clashes(county: County, days: Iterable[date]) -> list[tuple[date, str, str]]:
    """Days on which two policies of one authority speak of one act."""
    found = []
    for day in days:
        for action in library().vocabulary.actions:
            authorities = [policy.authority for policy in live(county, day, action)]
            twice = {name for name in authorities if authorities.count(name) > 1}
            found += [(day, action, name) for name in sorted(twice)]
    return found


def policy_days(county: County) -> list[date]:
    """Each day on which a policy begins or ends or may do so, and the days around it."""
    starts = [policy.effective for policy in county.policies if policy.effective]
    ends = [policy.ended for policy in county.policies if policy.ended]
    found = [day for bound in starts for day in (bound.first, bound.last)]
    return around(found + [day + DAY for bound in ends for day in (bound.first, bound.last)])


def test_on_no_day_of_change_do_two_policies_of_one_authority_speak_of_one_act() -> None:
    days = 0
    for county in counties():
        assert clashes(county, policy_days(county)) == []
        days += len(policy_days(county))
    assert days > 200


def test_two_authorities_of_one_county_may_speak_of_one_act() -> None:
    several = [
        county.county
        for county in counties()
        for day in policy_days(county)
        if len({policy.authority for policy in live(county, day, "transfer")}) > 1
    ]
    assert several


def test_a_program_holds_the_policies_of_the_day_and_knows_which_are_not_certain() -> None:
    unsure = 0
    for county in counties():
        for day in policy_days(county):
            for action in ("transfer", "notify_release", "hold"):
                found = local_rules(county, "sheriff", day, action)
                sure = [item.policy for item in found if item.in_force]
                assert sure == live(county, day, action), (county.county, day)
                may = [item.policy for item in found if item.in_force is None]
                for policy in may:
                    first, last = possible_days(policy)
                    assert first <= day <= last
                unsure += len(may)
    assert unsure > 20


def changed(county: County, name: str, **update: Any) -> County:
    assert any(policy.id == name for policy in county.policies)
    policies = [
        policy.model_copy(update=update) if policy.id == name else policy
        for policy in county.policies
    ]
    return county.model_copy(update={"policies": tuple(policies)})


def county_checked(county: County) -> None:
    place = Place("county.yaml", lambda _: (7, 1))
    check_county(county, place, library().laws, library().vocabulary)


def test_a_planted_overlap_of_policies_is_seen_by_the_sweep_and_refused_at_loading() -> None:
    sonoma = library().county("Sonoma")
    first, second, _ = sonoma.policies
    assert first.authority == second.authority
    assert second.effective is not None
    planted = changed(sonoma, first.id, ended=second.effective)
    assert {day for day, _, _ in clashes(planted, policy_days(planted))} == {date(2025, 2, 1)}
    with pytest.raises(LawError) as caught:
        county_checked(planted)
    assert str(caught.value).startswith(
        f"county.yaml:7: policy `{second.id}`: overlaps `{first.id}`"
    )
    assert "of the same authority (sheriff) for `transfer` on 2025-02-01; end one" in str(
        caught.value
    )


def test_what_is_no_overlap_is_not_refused() -> None:
    """Other authority, other agency, other act, or bounds that touch in a month known as such."""
    sonoma = library().county("Sonoma")
    first, second, _ = sonoma.policies
    late = {"ended": second.effective}
    for update in (
        {"authority": "board"},
        {"binds": ("probation",)},
        {"actions": {"hold": next(iter(first.actions.values()))}},
    ):
        county_checked(changed(sonoma, first.id, **(late | update)))
    month = PartialDate.parse("2025-02")
    touching = changed(sonoma, first.id, ended=month)
    county_checked(changed(touching, second.id, effective=month))
    with pytest.raises(LawError, match="overlaps"):
        county_checked(changed(sonoma, first.id, **late))


def test_a_policy_that_ends_before_it_begins_is_refused() -> None:
    sonoma = library().county("Sonoma")
    early = sonoma.policies[0].effective
    with pytest.raises(LawError, match="ends in 2018-01-01, before it begins in 2025-02-01"):
        county_checked(changed(sonoma, sonoma.policies[1].id, ended=early))


def test_law_check_names_the_file_and_line_of_an_overlap_of_policies(rules: Path) -> None:
    file = rules / "counties" / "sonoma.yaml"
    edit(file, "ended: 2025-01-31", "ended: 2025-02-28")
    ran = run("law", "check", "--rules", rules)
    assert ran.code == 1
    assert ran.err.startswith(f"values-act: {file}:")
    assert "overlaps `sonoma-2018-01-sheriff` of the same authority" in ran.err
    assert "from 2025-02-01 to 2025-02-28" in ran.err
    assert ran.err.count("\n") == 1


# ---------------------------------------------------------------- gaps and uncertain bounds
def gaps(county: County) -> list[Days]:
    return left_out(possible_days(policy) for policy in county.policies)


def test_in_a_gap_between_policies_no_policy_was_found_and_the_answer_says_so() -> None:
    between = []
    for county in counties():
        for gap in gaps(county):
            for day in {max(gap.first, date(2010, 6, 1)), min(gap.last, date(2026, 6, 1))}:
                for action in ("transfer", "notify_release", "hold"):
                    assert local_rules(county, None, day, action) == ()
            between += [(county.county, gap)] if date.min < gap.first else []
    assert ("San Francisco", Days(date(2016, 5, 24), date(2016, 5, 31))) in between
    for name, gap in between:
        decision = decider().decide(case(gap.first, county=name))
        assert decision.local == ()
        told = [item for item in decision.assumed if item.value == "no local policy"]
        assert len(told) == 1
        assert told[0].fact == "policy"


def policy(effective: str, ended: str | None = None, says: str = "closed") -> dict[str, Any]:
    bounds = {"effective": effective, **({"ended": ended} if ended else {})}
    return {"id": "test-policy", "title": "A policy for a test", "cite": "Test policy 1",
            "authority": "sheriff", "binds": ["sheriff"], **bounds,
            "actions": {"transfer": says}, "source": {"title": "made up for a test"}}  # fmt: skip


@pytest.mark.parametrize(("bounds", "outcomes"), [
    (("2020-05",), {"2020-04-30": "permitted", "2020-05-01": "undetermined",
                    "2020-05-30": "undetermined", "2020-05-31": "prohibited"}),
    (("2020",), {"2019-12-31": "permitted", "2020-01-01": "undetermined",
                 "2020-12-30": "undetermined", "2020-12-31": "prohibited"}),
    (("2019-01-01", "2020-05"), {"2020-04-30": "prohibited", "2020-05-01": "prohibited",
                                 "2020-05-02": "undetermined", "2020-05-31": "undetermined",
                                 "2020-06-01": "permitted"}),
])  # fmt: skip
def test_an_uncertain_bound_leaves_it_open_whether_the_policy_is_live(
    bounds: tuple[str, ...], outcomes: dict[str, str]
) -> None:
    for day, outcome in outcomes.items():
        asked = case(date.fromisoformat(day), policy=policy(*bounds))
        decision = decider().decide(asked)
        assert decision.outcome == outcome, day
        if outcome == "undetermined":
            assert set(decision.possible_outcomes) == {"permitted", "prohibited"}
            assert "not known whether A policy for a test is in force" in (decision.refer or "")


def test_an_uncertain_bound_does_not_matter_where_the_policy_closes_nothing() -> None:
    open_ = policy("2020-05", says="open")
    assert decider().decide(case(date(2020, 5, 10), policy=open_)).outcome == "permitted"
    closed = policy("2020-05")
    nobody = case(date(2020, 5, 10), policy=closed, convictions=[])
    assert decider().decide(nobody).outcome == "prohibited"


# ---------------------------------------------------------------- spans of days
def test_the_days_left_out_are_those_that_no_span_holds() -> None:
    one = Days(date(2014, 1, 1), date(2014, 1, 31))
    two = Days(date(2014, 1, 15), date(2014, 3, 31))
    late = Days(date(2015, 1, 1), date.max)
    assert left_out([]) == [ALWAYS]
    assert left_out([ALWAYS]) == []
    assert left_out([late, two, one]) == [
        Days(date.min, date(2013, 12, 31)),
        Days(date(2014, 4, 1), date(2014, 12, 31)),
    ]
    assert left_out([one, one._replace(first=date(2014, 2, 1), last=date.max)])[1:] == []
    assert left_out([one])[-1] == Days(date(2014, 2, 1), date.max)


def test_a_policy_is_sure_on_the_days_on_which_a_program_takes_it_as_certain() -> None:
    for county in counties():
        for found in county.policies:
            for day in policy_days(county):
                sure, may = sure_days(found), possible_days(found)
                taken = policy_in_force(found, day)
                assert (taken is True) == (sure is not None and sure.first <= day <= sure.last)
                assert (taken is False) == (not may.first <= day <= may.last)


def test_a_law_is_in_force_on_its_days() -> None:
    for law in library().laws.values():
        for day in around(span_starts(library(), "state")):
            days = days_of(law)
            assert law.in_force(day) == (days.first <= day <= days.last)
