"""An example of a kind of case as a case file, and its decision under each side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from models.case import InmateCase
from models.law import ITEM_SUBJECTS, Subject
from values_act.casefacts import LISTS, variant_of
from values_act.errors import EngineError, InputError
from values_act.flip_cases import written
from values_act.library import Library
from values_act.places import AGENCY
from values_act.readers.examples import Example, Examples
from values_act.records import EVENT, OFFENSE, Variant
from values_act.vocabulary import FactSpec, Open, Value, Vocabulary

JURISDICTION = "jurisdiction"  # of the codes that an offense is of
Raw = dict[str, Any]


def offenses(library: Library) -> dict[Subject, list[Variant]]:
    """What each offense of the catalogue tells, those alike once; none whose grade has changed.

    Those read in a source come before those that were not.
    """
    vocabulary = library.vocabulary
    found: dict[Subject, list[Variant]] = {}
    for subject in ITEM_SUBJECTS:
        specs = vocabulary.by_subject[subject]
        if not any(spec.origin == "looked_up" for spec in specs.values()):
            continue
        seen: dict[object, tuple[int, Variant]] = {}
        for word in specs[JURISDICTION].words:
            for entry in library.catalogue.rows(word):
                if entry.row.get("changed_on"):
                    continue
                told = variant_of(entry, specs, 0)
                values = {**told.values, JURISDICTION: word}
                unsure = sum(bool(sure) and sure != "found" for sure in entry.confidence.values())
                row = Variant(entry.cite, entry.title, values)
                key = tuple(sorted((name, str(value)) for name, value in values.items()))
                if key not in seen or unsure < seen[key][0]:
                    seen[key] = unsure, row
        found[subject] = [row for _, row in sorted(seen.values(), key=lambda pair: pair[0])]
    return found


@dataclass(frozen=True, slots=True)
class Decided:
    """A case file of a kind of case, its facts in words, and the decisions on it."""

    case: Raw
    facts: tuple[str, ...]
    decisions: Sequence[Any]


def decided_case(
    examples: Examples,
    regions: Sequence[int],
    given: Mapping[str, Value],
    around: Mapping[str, Any],
    decide: Callable[[InmateCase], Sequence[Any]],
    fits: Callable[[Sequence[Any]], bool],
    quick: Callable[[InmateCase], Sequence[Any]] | None = None,
) -> Decided:
    """A case of a kind that is decided as it should be; with offenses of the catalogue, if it can.

    Args:
        examples: makes the cases.
        regions: nodes of the cases, the one that is tried first before the others.
        given: facts of the case that its place gives.
        around: what goes with every case of its place.
        decide: the decisions on a case, under each side.
        fits: whether they are what they should be.
        quick: the same decisions by one engine, while facts are taken out; what is left is decided
            by `decide` again.

    Raises:
        EngineError: no case is, so what was found is not so.
    """
    vocabulary = examples.everyone.versions[0].program.vocabulary
    refused = ""
    for full, real, where in product((False, True), (True, False), regions):
        example = examples.make(where, real=real, full=full)
        if example is None:
            continue
        _complete(given, example)

        def case(one: Example = example) -> InmateCase:
            return InmateCase.model_validate(case_of(vocabulary, one, around))

        try:
            decisions = (quick or decide)(case())
        except InputError as error:
            refused = str(error)
            continue
        if fits(decisions):
            _lighten(example, given, lambda: (quick or decide)(case()), decisions)
            decisions = decide(case())
            if not fits(decisions):
                raise EngineError("the engines disagree on a case of a kind that was found")
            raw = case_of(vocabulary, example, around)
            return Decided(raw, tuple(told(vocabulary, example)), decisions)
        refused = f"it is decided as {', '.join(one.outcome for one in decisions)}"
    raise EngineError(f"a kind of case that was found has no witness ({refused}); nothing is told")


def _lighten(
    example: Example,
    given: Mapping[str, Value],
    decided: Callable[[], Sequence[Any]],
    wanted: Sequence[Any],
) -> None:
    """Take out each item, fact and reading without which all sides decide alike.

    Findings of items are met exactly, so an item may say what keeps it from being found for what
    makes no difference here.
    """

    def alike() -> bool:
        try:
            return decided() == wanted
        except InputError:
            return False

    before = -1
    while before != (before := _stated(example)):
        for item in list(example.items):
            kept = list(example.items)
            example.items = [one for one in kept if one is not item]
            if not alike():
                example.items = kept
        for facts in (*(facts for _, facts in example.items), example.case, example.readings):
            _lighten_facts(facts, given, alike)  # type: ignore[arg-type]  # values of any kind go


def _stated(example: Example) -> int:
    """How much a case states."""
    own = len(example.case) + len(example.readings)
    return own + sum(1 + len(facts) for _, facts in example.items)


def _lighten_facts(
    facts: dict[str, Any], given: Mapping[str, Value], alike: Callable[[], bool]
) -> None:
    for name in [name for name in facts if name not in given]:
        before = dict(facts)
        del facts[name]
        if not alike():
            facts.clear()
            facts.update(before)


def _complete(given: Mapping[str, Value], example: Example) -> None:
    agency = given.get(AGENCY)
    if isinstance(agency, Open):
        example.case.setdefault(AGENCY, agency.choices[0])
    elif agency is not None:
        example.case[AGENCY] = agency


def case_of(vocabulary: Vocabulary, example: Example, around: Mapping[str, Any]) -> Raw:
    """The case file of an example.

    Args:
        vocabulary: the facts.
        example: what the case has to state.
        around: what goes with every case of its kind: the day, the act, the county.
    """
    raw: Raw = {**around}
    for name, value in _ordered(vocabulary, "case", example.case):
        section, _, key = name.partition(".")
        raw[section] = {**raw.get(section, {}), key: value}
    for subject, facts in example.items:
        item = {OFFENSE: facts[OFFENSE]} if OFFENSE in facts else {}
        told = {k: v for k, v in facts.items() if k not in (OFFENSE, EVENT)}
        item |= dict(_ordered(vocabulary, subject, told))
        if EVENT in facts:
            item[EVENT] = facts[EVENT]
        raw.setdefault(LISTS[subject], []).append(item)
    if example.readings:
        raw["readings"] = {**raw.get("readings", {}), **example.readings}
    return raw


def _ordered(
    vocabulary: Vocabulary, subject: Subject, facts: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """Facts as a file gives them: the members of a list that are so, as one list."""
    lists: dict[str, list[str]] = {}
    for name, value in facts.items():
        spec: FactSpec = vocabulary.facts[subject, name]
        if spec.list_name:
            members = lists.setdefault(spec.list_name, [])
            members += [str(spec.member)] if value is True else []
        else:
            yield name, written(spec, value)
    yield from lists.items()


def told(vocabulary: Vocabulary, example: Example) -> Iterator[str]:
    """What an example states, in words, one line a record."""
    numbers: dict[Subject, int] = {}
    if example.case:
        yield "; ".join(_said(vocabulary, "case", example.case))
    for subject, facts in example.items:
        numbers[subject] = numbers.get(subject, 0) + 1
        yield f"{subject} {numbers[subject]}: {'; '.join(_said(vocabulary, subject, facts))}"
    for reading, option in example.readings.items():
        yield f"under the reading {reading} = {option}"


def _said(vocabulary: Vocabulary, subject: Subject, facts: Mapping[str, Any]) -> Iterator[str]:
    if OFFENSE in facts:
        yield str(facts[OFFENSE])
    lists: dict[str, list[str]] = {}
    for name, value in facts.items():
        spec = vocabulary.get(subject, name)
        if spec is None:
            continue
        if spec.list_name is None:
            yield f"{spec.label}: {spec.say(value)}"
        else:
            members = lists.setdefault(spec.label.removesuffix(f": {spec.member_label}"), [])
            members += [str(spec.member_label)] if value is True else []
    for label, members in lists.items():
        yield f"{label}: {', '.join(members) or 'none of what would matter'}"
