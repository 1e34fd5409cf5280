"""Every small change of a condition, rule, policy or fact, once, and none that is no change."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from models.condition import Node
from models.law import AllOf, AnyOf, Base, Expect, Fact, Found, Law, Not, Rule, Test
from models.law import Open as OpenRoute
from models.policy import CountyPolicy
from tests.scenes import library
from values_act.mutant_conditions import Change, changes_of
from values_act.mutants import Mutant, mutants_of
from values_act.variant import Variant

WORDS = {"grade": ("felony", "misdemeanor", "infraction")}


def a_test(fact: str, *values: bool | int | str, **limits: object) -> Test:
    return Test(fact=fact, expect=Expect.model_validate({"values": values, **limits}))


def changed(node: Node) -> list[Change]:
    return list(changes_of(node, lambda name: WORDS.get(name, ())))


def conditions(node: Node, kind: str) -> list[Node | None]:
    return [change.condition for change in changed(node) if change.kind == kind]


FELONY = a_test("grade", "felony")
YES = a_test("final", True)


def test_each_part_of_a_group_is_left_out_and_the_group_turned_into_the_other() -> None:
    for kind, other in ((AllOf, AnyOf), (AnyOf, AllOf)):
        node = kind(parts=(FELONY, YES, Not(part=FELONY)))
        assert conditions(node, "dropped") == [
            kind(parts=(YES, Not(part=FELONY))),
            kind(parts=(FELONY, Not(part=FELONY))),
        ]
        assert conditions(node, "exception-dropped") == [kind(parts=(FELONY, YES))]
        assert conditions(node, "all-any") == [other(parts=node.parts)]


def test_a_single_part_is_neither_left_out_of_its_group_nor_the_group_turned() -> None:
    node = AllOf(parts=(AnyOf(parts=(YES,)),))
    assert {change.kind for change in changed(node)} == {"negated"}


def test_a_test_alone_is_left_out_for_always() -> None:
    assert conditions(FELONY, "dropped") == [None]


def test_a_test_is_turned_round_once_wherever_it_stands() -> None:
    no = a_test("final", False)
    assert conditions(YES, "negated") == [no]
    assert conditions(FELONY, "negated") == [Not(part=FELONY)]
    assert conditions(Not(part=FELONY), "negated") == [FELONY]
    assert conditions(OpenRoute(route="r"), "negated") == [Not(part=OpenRoute(route="r"))]
    deep = AnyOf(parts=(FELONY, AllOf(parts=(YES, Not(part=FELONY)))))
    assert conditions(deep, "negated") == [
        AnyOf(parts=(Not(part=FELONY), deep.parts[1])),
        AnyOf(parts=(FELONY, AllOf(parts=(no, Not(part=FELONY))))),
        AnyOf(parts=(FELONY, AllOf(parts=(YES, FELONY)))),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"at_most": 5}, [{"at_most": 4}, {"at_most": 6}]),
        ({"at_least": 0}, [{"at_least": 1}]),
        ({"at_least": 2, "at_most": 3}, [{"at_least": 2, "at_most": 2},
                                         {"at_least": 2, "at_most": 4},
                                         {"at_least": 1, "at_most": 3},
                                         {"at_least": 3, "at_most": 3}]),
    ],
)  # fmt: skip
def test_a_limit_is_moved_by_one(before: dict[str, int], after: list[dict[str, int]]) -> None:
    found = conditions(Test(fact="years", expect=Expect.model_validate(before)), "limit")
    wanted = [Test(fact="years", expect=Expect.model_validate(each)) for each in after]
    assert sorted(map(repr, found)) == sorted(map(repr, wanted))


def test_a_day_is_moved_by_one() -> None:
    node = Test(fact="date", expect=Expect.model_validate({"before": date(2020, 3, 1)}))
    moved = [test.expect.before for test in conditions(node, "day") if isinstance(test, Test)]
    assert moved == [date(2020, 2, 29), date(2020, 3, 2)]


def test_a_count_is_moved_by_one_but_not_to_none() -> None:
    assert conditions(Found(rule="m"), "count") == [Found(rule="m", at_least=2)]
    three = Found(rule="m", at_least=3, distinct="event")
    assert [node.at_least for node in conditions(three, "count") if isinstance(node, Found)] == [
        2,
        4,
    ]
    assert conditions(three, "distinct") == [Found(rule="m", at_least=3)]


def test_one_word_is_swapped_for_each_other_and_of_several_each_left_out_or_one_added() -> None:
    assert conditions(FELONY, "word-swapped") == [
        a_test("grade", "misdemeanor"), a_test("grade", "infraction")
    ]  # fmt: skip
    two = a_test("grade", "felony", "misdemeanor")
    assert conditions(two, "word-dropped") == [
        a_test("grade", "misdemeanor"), a_test("grade", "felony")
    ]  # fmt: skip
    assert conditions(two, "word-added") == [a_test("grade", "felony", "misdemeanor", "infraction")]


def test_the_place_of_a_change_leads_to_it() -> None:
    node = AllOf(parts=(YES, Not(part=AnyOf(parts=(FELONY, YES)))))
    places = {change.path for change in changed(node) if change.kind == "word-swapped"}
    assert places == {("when", "all", 1, "not", "any", 0)}


# ---------------------------------------------------------------- the whole law


@pytest.fixture(scope="module")
def every() -> list[Mutant]:
    return mutants_of(library()).found


def test_every_mutant_has_a_name_of_its_own_and_is_a_change(every: list[Mutant]) -> None:
    assert [name for name, n in Counter(one.id for one in every).items() if n > 1] == []
    assert [one.id for one in every if one.changed == one.original] == []


def test_no_two_mutants_of_an_entry_are_alike(every: list[Mutant]) -> None:
    alike = Counter(
        (id(one.original), one.changed.model_dump_json() if one.changed else "") for one in every
    )
    assert [key for key, number in alike.items() if number > 1] == []


def test_every_rule_base_rule_and_policy_is_taken_out_once(every: list[Mutant]) -> None:
    whole = [one.original for one in every if one.changed is None]
    entries = [e for law in library().laws.values() for e in (*law.rules, *law.base)]
    entries += [e for county in library().counties() for e in (*county.rules, *county.policies)]
    entries += library().book.never
    assert sorted(map(id, whole)) == sorted(map(id, entries))


def test_every_bound_in_time_is_moved_both_ways(every: list[Mutant]) -> None:
    for name in ("effective", "ended"):
        moved = Counter(id(one.original) for one in every if one.kind == name)
        dated = {
            id(one.original)
            for one in every
            if isinstance(one.original, (Rule, Base, Law, CountyPolicy))
            and getattr(one.original, name) is not None
        }
        assert moved == dict.fromkeys(dated, 2)


def test_what_a_date_of_a_policy_leaves_open_is_moved_by_its_own_unit(every: list[Mutant]) -> None:
    seen = 0
    for one in every:
        if not isinstance(one.original, CountyPolicy) or one.kind not in ("effective", "ended"):
            continue
        assert one.changed is not None
        before, after = (getattr(entry, one.kind) for entry in (one.original, one.changed))
        assert len(before.text) == len(after.text)
        earlier, later = sorted((before, after), key=lambda bound: bound.first)
        assert (later.first - earlier.last).days == 1  # they touch, and do not overlap
        seen += not before.exact
    assert seen


def test_text_is_never_changed(every: list[Mutant]) -> None:
    for one in every:
        if one.changed is not None:
            for name in ("cite", "title", "text", "source", "note", "question", "label", "because"):
                assert getattr(one.original, name, None) == getattr(one.changed, name, None)


# ---------------------------------------------------------------- a copy of the law in memory


def test_a_variant_shares_all_but_what_is_changed(every: list[Mutant]) -> None:
    for one in every[:: len(every) // 40]:
        variant = Variant(library(), one)
        same = {
            id(entry)
            for law in library().laws.values()
            for entry in (*law.rules, *law.base, *law.routes, *law.readings)
        }
        entries = [
            entry
            for law in variant.laws.values()
            for entry in (*law.rules, *law.base, *law.routes, *law.readings)
        ]
        other = [entry for entry in entries if id(entry) not in same]
        inside = one.law is not None and one.changed is not None and one.original != Law
        assert other in ([], [one.changed]) if inside else other == []
        changed_facts = isinstance(one.original, Fact) or one.id.startswith("never")
        assert (variant.vocabulary is library().vocabulary) != changed_facts


def test_a_proposal_that_copies_a_changed_rule_sees_the_change(every: list[Mutant]) -> None:
    proposal = next(law for law in library().laws.values() if law.replace)
    kept = {rule.id for part in library().parts(proposal.name) for rule in part.rules}
    one = next(
        one
        for one in every
        if one.law in library().enacted and one.kind == "negated" and one.owner in kept
        and library().laws[one.law].kind == "law"
        and one.law in {part.name for part in library().parts(proposal.name)}
    )  # fmt: skip
    variant = Variant(library(), one)
    before, after = (
        next(r for part in copy.parts(proposal.name) for r in part.rules if r.id == one.owner)
        for copy in (library(), variant)
    )
    assert isinstance(one.changed, Rule)
    assert after.when == one.changed.when != before.when


def test_a_change_of_another_copy_of_the_law_is_refused(every: list[Mutant]) -> None:
    one = next(one for one in every if isinstance(one.original, Rule))
    other = Variant(library(), one)
    with pytest.raises(ValueError, match="another library"):
        Variant(other, one)
