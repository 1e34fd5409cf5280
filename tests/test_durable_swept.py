"""The sweep of dropped tests goes on: what is possible, and the laws and policies of every day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

import pytest

from tests.dropped import admits, base_of
from tests.swept import Sweep, WideBench, alone
from tests.test_durable import (
    DAY,
    FELONIES,
    IMPLIED,
    IMPOSSIBLE_ONLY,
    NEVER_SURE,
    SAME_WORD,
    library,
    places,
    program,
)
from values_act.program import Program, build, span_starts
from values_act.readers import durable

Shared = Mapping[tuple[str, str], str]
REMOVED = "person__removed_after_aggravated_felony"
EITHER = "asked only while one of the two is unknown, and that one then makes the rule possible"
ANY_OF = "asked only while some alternative is unknown, and that one then leaves the policy open"
NO_GRADE = "with the grade unknown the other alternative is possible, with a known one this is sure"
NOT_KNOWN = "a part that nobody published is never known, so it is possible whenever it is asked"
NO_GROUND = "without a notification request no ground of section 7282.5 is left for notice"
ALL_OPEN = "whatever the state leaves open this policy leaves open too, so nothing shows it closed"


def either(field: str, *words: str) -> str:
    return str({"$or": [{field: word} for word in (*words, "unknown")]})


def counted(rule: str, bound: str = "hi") -> str:
    return str({"$gte": {f"n__{rule}__items_{bound}": 1}})


# Tests that the rest of their rule, or of the law, makes true already (see test_durable).
IMPLIED_BEFORE: Shared = {
    ("la-2017-sheriff on transfer", counted("los_angeles_misdemeanor_5", "lo")): NEVER_SURE,
    ("la-2019-02-sheriff on transfer", counted("los_angeles_misdemeanor_3", "lo")): NEVER_SURE,
    (
        "sonoma-2026-03-sheriff on notify_release",
        counted("sonoma_any_conviction", "lo"),
    ): NEVER_SURE,
    ("sb-554-notify", "{'request__kind__notification': 'yes'}"): NO_GROUND,
    (
        "contra-costa-2018-01-sheriff on notify_release",
        "{'person__registrant': 'current'}",
    ): NEVER_SURE,
    (
        "contra-costa-2018-01-sheriff on notify_release",
        "{'person__release_date_public': 'yes'}",
    ): NEVER_SURE,
}
IMPLIED_POSSIBLE: Shared = {
    ("pc-667d-dismissed", "{'$neq': {'disposition': 'vacated'}}"): SAME_WORD,
    ("pc-667d-dismissed", "{'$neq': {'disposition': 'juvenile'}}"): SAME_WORD,
    ("pc-667d-dismissed", "{'$neq': {'disposition': 'diversion'}}"): SAME_WORD,
    ("charge-misdemeanor", either("reduced_at_preliminary", "yes")): NO_GRADE,
    ("article-lower", either("serious_felony", "no")): FELONIES,
    ("article-lower", either("violent_felony", "no")): FELONIES,
    ("los-angeles-judicial", either("judicial_warrant", "yes")): EITHER,
    ("los-angeles-judicial", either("judicial_determination", "yes")): EITHER,
    ("sf-2016-06-board on notify_release", either("published__san_francisco_serious_felonies",
                                                   "yes")): NOT_KNOWN,
    ("contra-costa-2018-01-sheriff on notify_release", either("published__contra_costa_registrant",
                                                              "yes")): NOT_KNOWN,
    ("contra-costa-2018-01-sheriff on notify_release",
     either("published__contra_costa_public_date", "yes")): NOT_KNOWN,
    ("la-2017-sheriff on transfer", either("published__los_angeles_list_of_151", "yes")): NOT_KNOWN,
    ("la-2017-sheriff on transfer", either(REMOVED, "yes")): ALL_OPEN,
    ("la-2019-02-sheriff on transfer", either("published__los_angeles_list_of_101",
                                              "yes")): ALL_OPEN,
    ("la-2019-02-sheriff on transfer", either(REMOVED, "yes")): ALL_OPEN,
    ("sonoma-2026-03-sheriff on notify_release", either("published__sonoma_qualifying_convictions",
                                                        "yes")): NOT_KNOWN,
    ("ab-324-other-law", either("person__us_citizen", "yes")): EITHER,
    ("ab-324-other-law", either("person__victim_or_witness", "yes")): EITHER,
    ("sb-554-notify", either("request__kind__notification", "yes")): NO_GROUND,
    # policies with one test an alternative
    **{(policy, check): ANY_OF for policy, checks in {
        "alameda-2017-01-sheriff on transfer":
            (counted("alameda_judge_2017"), either("published__alameda_transfer_2017", "yes")),
        "alameda-2023-01-reported on transfer":
            (counted("alameda_federal_judge"), either("published__alameda_start_2023", "yes")),
        "el-dorado-2014-sheriff on hold":
            (counted("el_dorado_held_to_answer"), counted("el_dorado_held_to_answer_listed"),
             counted("el_dorado_serious_or_violent"),
             counted("el_dorado_misdemeanor_5"), counted("el_dorado_listed_felony"),
             either("person__registrant", "current"),
             either("published__el_dorado_further_grounds", "yes")),
        "marin-2018-11-sheriff on notify_release":
            (counted("marin_conviction"), either("published__marin_specific_cases_2018", "yes")),
        "marin-2020-08-sheriff on notify_release":
            (counted("marin_conviction"), counted("marin_open_charge")),
        "san-mateo-2023-05-board on share_personal_info":
            (counted("san_mateo_judicial"), either("request__information__address", "no")),
        "sonoma-2025-02-sheriff on notify_release":
            (counted("sonoma_conviction"), either("published__sonoma_change", "yes")),
    }.items() for check in checks},
}  # fmt: skip


def by_day() -> Iterator[tuple[Program, date]]:
    """Programs of every law and of every policy, on each day from which something changes."""
    seen: set[str] = set()
    names = [law.name for law in library().laws.values() if law.kind in ("law", "composition")]
    for name in names:
        for day in sorted(span_starts(library(), name)):
            for action in library().vocabulary.actions:
                found = build(library(), name, day, action)
                if not set(found.rules) <= seen:
                    yield found, day
                seen |= set(found.rules)
    for county in library().counties():
        actions = {action for policy in county.policies for action in policy.actions}
        for day in sorted(span_starts(library(), "state", county)):
            for action in sorted(actions):
                found = build(library(), "state", day, action, county, "sheriff")
                if any(item.term.when for item in found.local) or not set(found.rules) <= seen:
                    yield found, day
                seen |= set(found.rules)


def by_proposal() -> Iterator[tuple[Program, date, set[str]]]:
    """Programs of every proposal, and its own rules in each; the others are swept already."""
    for law in library().laws.values():
        left = {rule.id for rule in law.rules if law.kind == "proposal"}
        for day in sorted(span_starts(library(), law.name)) if left else ():
            for action in law.covers or library().vocabulary.actions:
                found = build(library(), law.name, day, action)
                if left & set(found.rules):
                    yield found, day, left & set(found.rules)
                left -= set(found.rules)


@lru_cache(maxsize=2)
def everywhere(*, sure: bool) -> Sweep:
    result = Sweep(sure=sure)
    with pytest.MonkeyPatch.context() as patch:
        for found, day in [*((program(*place), DAY) for place in places()), *by_day()]:
            bench = WideBench(found, day)
            patch.setattr(durable, "compile_program", bench.plant)
            result.add(bench)
        for found, day, own in by_proposal():
            bench = WideBench(found, day)
            bench.entries = [entry for entry in bench.entries if entry.rule in own]
            patch.setattr(durable, "compile_program", bench.plant)
            result.add(bench)
    return result


def test_the_sweep_reaches_every_rule_and_policy_condition_of_the_law() -> None:
    reached = {rule for found, _ in by_day() for rule in found.rules}
    reached |= {rule for place in places() for rule in program(*place).rules}
    reached |= {rule for _, _, own in by_proposal() for rule in own}
    laws = [rule.id for law in library().laws.values() for rule in law.rules]
    marks = [rule.id for county in library().counties() for rule in county.rules]
    assert {*laws, *marks} - reached == set()
    conditions = {
        (policy.id, action)
        for county in library().counties()
        for policy in county.policies
        for action, term in policy.actions.items()
        if term.when is not None
    }
    swept = {(item.policy.id, found.action) for found, _ in by_day() for item in found.local}
    assert conditions - swept == set()


@pytest.mark.parametrize(
    ("sure", "implied", "least"),
    [(True, {**IMPLIED, **IMPLIED_BEFORE}, 780), (False, IMPLIED_POSSIBLE, 730)],
    ids=["surely", "possibly"],
)
def test_dropping_any_test_on_any_day_makes_the_engines_disagree(
    sure: bool, implied: Shared, least: int
) -> None:
    result = everywhere(sure=sure)
    assert set(result.unseen) == set(implied)
    assert len(result.unseen) == len(implied)
    assert result.counts["shown"] > least
    assert result.counts["always"] == 0
    assert result.impossible == (IMPOSSIBLE_ONLY if sure else set())


def test_a_rule_that_tests_one_fact_is_asked_what_is_possible_only_while_it_is_unknown() -> None:
    bench = WideBench(program("state", "transfer"), DAY)
    single = [
        (entry, check) for entry in bench.entries for check in entry.checks if alone(entry, check)
    ]
    assert single
    for entry, check in single:
        assert not entry.sure
        assert admits(check, {base_of(check): "unknown"})
