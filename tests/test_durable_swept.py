"""One test is dropped from one compiled rule at a time: comparing the engines names the rule.

What surely holds and what possibly holds, under the law and the policies of every day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import pytest

from tests.dropped import Spoiled, admits, base_of
from tests.scenes import COUNTIES, library
from tests.swept import Sweep, WideBench, alone, asked
from values_act.program import Program, build, local_rules, span_starts
from values_act.readers.literals import UNKNOWN
from values_act.vocabulary import LARGEST

DAY = date(2025, 7, 17)
ACTIONS = ("transfer", "notify_release", "hold", "inmate_list")
SHARES = 3
Shared = Mapping[tuple[str, str], str]  # (rule or policy, test) -> why
Benches = list[WideBench]
SAME_WORD = "the same alternative wants this fact to be `dismissed_1203_4`, which is another word"
FELONIES = "a serious or violent felony is a felony, and nothing is a felony and a misdemeanor"
NEVER_SURE = "beside a part that nobody published, which is never known, so this never surely holds"
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


# Tests that the rest of their rule, or of the law, makes true already; the open end of a range,
# which every number is inside, is left out before.
IMPLIED: Shared = {
    ("pc-667d-dismissed", "{'$neq': {'disposition': 'vacated'}}"): SAME_WORD,
    ("pc-667d-dismissed", "{'$neq': {'disposition': 'juvenile'}}"): SAME_WORD,
    ("pc-667d-dismissed", "{'$neq': {'disposition': 'diversion'}}"): SAME_WORD,
    ("pc-667d-dismissed", "{'$neq': {'disposition': 'unknown'}}"): SAME_WORD,
    ("article-lower", "{'serious_felony': 'no'}"): FELONIES,
    ("article-lower", "{'violent_felony': 'no'}"): FELONIES,
    ("sf-2016-06-board on notify_release",
     "{'$gte': {'n__san_francisco_held_to_answer__items_lo': 1}}"): NEVER_SURE,
    ("sf-2016-06-board on notify_release",
     "{'$gte': {'n__san_francisco_serious_5__items_lo': 1}}"): NEVER_SURE,
    ("la-2017-sheriff on transfer", counted("los_angeles_misdemeanor_5", "lo")): NEVER_SURE,
    ("la-2019-02-sheriff on transfer", counted("los_angeles_misdemeanor_3", "lo")): NEVER_SURE,
    ("sonoma-2026-03-sheriff on notify_release",
     counted("sonoma_any_conviction", "lo")): NEVER_SURE,
    ("sb-554-notify", "{'request__kind__notification': 'yes'}"): NO_GROUND,
    ("contra-costa-2018-01-sheriff on notify_release",
     "{'person__registrant': 'current'}"): NEVER_SURE,
    ("contra-costa-2018-01-sheriff on notify_release",
     "{'person__release_date_public': 'yes'}"): NEVER_SURE,
}  # fmt: skip
# Tests that only facts show which no case may have: what is reduced later was a felony.
IMPOSSIBLE_ONLY = {
    ("pc-667d1-reduced-later", "{'grade': 'felony'}"),
    ("pc-667d1-redesignated", "{'grade': 'felony'}"),
    ("pc-17b-later", "{'grade': 'felony'}"),
    ("pc-1170-18-misdemeanor", "{'grade': 'felony'}"),
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
    ("la-2017-sheriff on transfer", either("published__los_angeles_list_of_151", "yes")): NOT_KNOWN,
    ("la-2017-sheriff on transfer", either(REMOVED, "yes")): ALL_OPEN,
    ("la-2019-02-sheriff on transfer", either("published__los_angeles_list_of_101",
                                              "yes")): ALL_OPEN,
    ("la-2019-02-sheriff on transfer", either(REMOVED, "yes")): ALL_OPEN,
    ("sonoma-2026-03-sheriff on notify_release", either("published__sonoma_qualifying_convictions",
                                                        "yes")): NOT_KNOWN,
    ("contra-costa-2018-01-sheriff on notify_release", either("published__contra_costa_registrant",
                                                              "yes")): NOT_KNOWN,
    ("contra-costa-2018-01-sheriff on notify_release",
     either("published__contra_costa_public_date", "yes")): NOT_KNOWN,
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
             counted("el_dorado_serious_or_violent"), counted("el_dorado_misdemeanor_5"),
             counted("el_dorado_listed_felony"),
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


def program(law: str, action: str, county: str | None = None) -> Program:
    found = library().county(county) if county else None
    return build(library(), law, DAY, action, found, "sheriff" if county else None)


def of_a_day() -> Iterator[tuple[Program, date]]:
    """Programs of the usual acts on one day, under the laws and some policies that then govern."""
    for action in ACTIONS:
        for law in ("state", "article"):
            yield program(law, action), DAY
        for county in COUNTIES:
            yield program("state", action, county), DAY


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
                live = local_rules(county, "sheriff", day, action)
                if any(item.term.when for item in live):  # else no rule is read but the state's
                    yield build(library(), "state", day, action, county, "sheriff"), day


def by_proposal(engine: Spoiled) -> Iterator[WideBench]:
    """Programs of every proposal, with its own rules to drop; the others are swept already."""
    for law in library().laws.values():
        left = {rule.id for rule in law.rules if law.kind == "proposal"}
        for day in sorted(span_starts(library(), law.name)) if left else ():
            for action in law.covers or library().vocabulary.actions:
                found = build(library(), law.name, day, action)
                own = left & set(found.rules)
                if own:
                    bench = WideBench(found, day, engine)
                    bench.entries = [entry for entry in bench.entries if entry.rule in own]
                    yield bench
                left -= own


@pytest.fixture(scope="module")
def benches() -> Benches:
    """Every program of the sweep, compiled."""
    engine = Spoiled()
    found = [WideBench(*one, engine) for one in (*of_a_day(), *by_day())]
    return [*found, *by_proposal(engine)]


def test_the_sweep_reaches_every_rule_and_policy_condition_of_the_law(benches: Benches) -> None:
    reached = {rule for bench in benches for rule in bench.program.rules}
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
    swept = {(i.policy.id, bench.program.action) for bench in benches for i in bench.program.local}
    assert conditions - swept == set()


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("sure", [True, False], ids=["surely", "possibly"])
def test_dropping_any_test_on_any_day_makes_the_engines_disagree(
    benches: Benches, sure: bool, share: int
) -> None:
    sweep = Sweep(sure=sure, share=share, shares=SHARES)
    for bench in benches:
        sweep.add(bench)
    listed = {key for key in (IMPLIED if sure else IMPLIED_POSSIBLE) if sweep.has(key[0])}
    assert set(sweep.unseen) == listed
    assert len(sweep.unseen) == len(listed)
    assert sweep.without_tests == [], "a rule without a condition must be listed"
    assert sweep.impossible == {key for key in IMPOSSIBLE_ONLY if sure and sweep.has(key[0])}


@pytest.mark.parametrize(
    ("sure", "implied", "least"),
    [(True, IMPLIED, 1_000), (False, IMPLIED_POSSIBLE, 900)],
    ids=["surely", "possibly"],
)
def test_hundreds_of_tests_are_dropped(
    benches: Benches, sure: bool, implied: Shared, least: int
) -> None:
    dropped = {
        (rule, entry.subject, *map(str, entry.checks), index)
        for bench in benches
        for entry in bench.entries
        if entry.sure is sure
        for rule in [bench.name_of(entry)]
        for index in asked(entry)
        if (rule, str(entry.checks[index])) not in implied
    }
    assert len(dropped) > least


def test_every_rule_of_every_program_has_a_test_that_was_shown(benches: Benches) -> None:
    for bench in benches:
        swept = {entry.rule for entry in bench.entries}
        shown = {
            entry.rule
            for entry in bench.entries
            if entry.sure
            and any((entry.rule, str(entry.checks[index])) not in IMPLIED for index in asked(entry))
        }
        assert set(bench.program.rules) & swept <= shown


def test_a_rule_that_tests_one_fact_is_asked_what_is_possible_only_while_it_is_unknown(
    benches: Benches,
) -> None:
    single = [
        (entry, check)
        for bench in benches
        for entry in bench.entries
        for check in entry.checks
        if alone(entry, check)
    ]
    assert single
    for entry, check in single:
        field = base_of(check)
        assert not entry.sure
        assert admits(check, {field: UNKNOWN, f"{field}_lo": 0, f"{field}_hi": LARGEST})
