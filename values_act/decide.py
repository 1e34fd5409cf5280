"""Decide one case: both engines, the exact outcome over what is unknown, and the reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models.case import InmateCase
from models.decision import Decision
from models.law import Outcome
from models.policy import County
from values_act import __version__
from values_act.answer import Answer
from values_act.casefacts import read_facts
from values_act.errors import EngineError, InputError, did_you_mean
from values_act.lawcheck import InCase, check_county
from values_act.library import Library
from values_act.program import Program, Programs
from values_act.readers import durable
from values_act.readers.reference import View, evaluate
from values_act.reasons import write_decision
from values_act.settle import settle

REFERENCE = f"reference {__version__}"
NONE = "none"


@dataclass(slots=True)
class Settings:
    """What overrides a case: options of a command, or of a caller."""

    law: str | None = None
    county: str | None = None
    as_of: date | None = None
    readings: Mapping[str, str] | None = None
    action: str | None = None


class Decider:
    """Decides cases under one copy of the law; keeps programs, and nothing of any case."""

    def __init__(self, library: Library, *, use_engine: bool = True) -> None:
        self.library = library
        self.programs = Programs(library)
        self._engine = durable.Engine() if use_engine and durable.WHY_MISSING is None else None

    def decide(self, case: InmateCase, settings: Settings | None = None) -> Decision:
        """The decision on a case.

        Raises:
            InputError: the case names a law, county, reading, action or word that does not exist,
                or facts that contradict each other.
            EngineError: the two engines disagree, or one failed; there is no answer then.
        """
        return write_decision(self.answer(case, settings))

    def acts(self, case: InmateCase, settings: Settings | None = None) -> tuple[str, ...]:
        """The acts that a case asks about: its one act, or all that its word stands for."""
        asked = settings.action if settings and settings.action is not None else case.action
        return self.library.vocabulary.several.get(asked, (asked,))

    def answer(
        self, case: InmateCase, settings: Settings | None = None, *, contested: bool = True
    ) -> Answer:
        """Everything a decision is written from; without contested readings if not asked for."""
        case = apply(case, settings)
        vocabulary = self.library.vocabulary
        if case.action not in vocabulary.actions:
            if case.action in vocabulary.several:
                acts = ", ".join(vocabulary.several[case.action])
                raise InputError(f"action `{case.action}` is several: {acts}; ask one at a time")
            raise InputError(
                f"unknown action `{case.action}`; actions: {', '.join(vocabulary.actions)}"
                f"{did_you_mean(case.action, vocabulary.actions)}"
            )
        self._check_covered(case)
        county = self._county(case)
        facts = read_facts(case, vocabulary, self.library.catalogue)
        kind = facts.case.values.get("agency.kind")
        program = self.programs.get(
            case.law, facts.day, case.action, county, kind if isinstance(kind, str) else None
        )
        choices = self._choices(program, case)
        view = evaluate(program, facts, choices)
        decided_by = [REFERENCE]
        if self._engine is not None:
            compare(program, view, self._engine.decide(program, facts, choices))
            decided_by.insert(0, durable.NAME)
        settled = settle(program, facts, choices, view, contested=contested)
        if not settled.outcomes <= view.judgment.outcomes:
            raise EngineError(
                f"the exact outcomes {_list(settled.outcomes)} lie outside the bound "
                f"{_list(view.judgment.outcomes)}"
            )
        return Answer(
            self.library, case, county, facts, program, choices, view, settled, tuple(decided_by)
        )

    def _check_covered(self, case: InmateCase) -> None:
        """Silence of a file that is not complete for an act is no answer of the law."""
        covered = self.library.encoded(case.law)
        if covered is not None and case.action not in covered:
            raise InputError(
                f"action `{case.action}` is not encoded in law `{case.law}`, so it cannot say; "
                f"encoded: {', '.join(sorted(covered))}"
            )

    def _county(self, case: InmateCase) -> County | None:
        if case.policy is not None:
            county = County(county=case.agency.county or "Hypothetical", policies=(case.policy,))
            place = InCase("the case", lambda _: (0, 0))
            check_county(county, place, self.library.enacted, self.library.vocabulary)
            return county
        return self.library.county(case.agency.county) if case.agency.county is not None else None

    def _choices(self, program: Program, case: InmateCase) -> dict[str, str | None]:
        known = self.library.readings_beside(case.law)
        if not case.readings.keys() <= known.keys():
            known = self.library.readings
        for name, option in case.readings.items():
            if name not in known:
                raise InputError(
                    f"unknown reading `{name}`; see `readings list`{did_you_mean(name, known)}"
                )
            options = [*known[name].options, NONE]
            if option not in options:
                raise InputError(
                    f"reading `{name}` has no option `{option}`; options: {', '.join(options)}"
                    f"{did_you_mean(option, options)}"
                )
        taken = {name: case.readings.get(name, r.default) for name, r in program.readings.items()}
        return {name: None if option == NONE else option for name, option in taken.items()}


def apply(case: InmateCase, settings: Settings | None) -> InmateCase:
    """The case with what the settings override."""
    if settings is None:
        return case
    if settings.county is not None and case.policy is not None:
        raise InputError(
            f"the case brings a policy of its own, so `{settings.county}` would not decide; "
            "leave out the county or the policy"
        )
    raw = case.model_dump(mode="json", exclude_unset=True)
    if settings.law is not None:
        raw["law"] = settings.law
    if settings.action is not None:
        raw["action"] = settings.action
    if settings.as_of is not None:
        raw["as_of"] = settings.as_of.isoformat()
    if settings.county is not None:
        raw["agency"] = {**raw.get("agency", {}), "county": settings.county}
    if settings.readings:
        raw["readings"] = {**raw.get("readings", {}), **settings.readings}
    return InmateCase.model_validate(raw)


def compare(program: Program, view: View, found: durable.Findings) -> None:
    """Refuse where the two engines differ, naming the rule.

    Raises:
        EngineError: the first difference.
    """
    for item, truths, effective in zip(view.items, found.items, found.effective, strict=True):
        _same(item.record.name, item.truths, truths)
        _same(f"{item.record.name}, after item bars", item.effective, effective)
    judgment = view.judgment
    _same("the case", judgment.truths, found.case)
    _same("what is left on the routes", judgment.grounds, found.grounds)
    policies = {result.rule.policy.id: result.open for result in judgment.local}
    _same("whether the policy leaves the act open", policies, found.policies)
    for name, ours, theirs in (
        ("state law", judgment.state, found.state),
        ("the outcome", judgment.outcomes, found.outcomes),
    ):
        if ours != theirs:
            raise EngineError(
                f"the engines disagree on {name} of {program.action}: "
                f"reference {_list(ours)}, durable_rules {_list(theirs)}; no answer is given"
            )


def _same(where: str, ours: Mapping[str, object], theirs: Mapping[str, object]) -> None:
    if ours == theirs:
        return
    for rule in {**ours, **theirs}:
        if ours.get(rule, "absent") != theirs.get(rule, "absent"):
            raise EngineError(
                f"the engines disagree on rule `{rule}` for {where}: reference {ours.get(rule)}, "
                f"durable_rules {theirs.get(rule)}; no answer is given"
            )


def _list(outcomes: frozenset[Outcome]) -> str:
    return ", ".join(sorted(outcomes))
