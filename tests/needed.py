"""Which scenarios need a rule, a base rule, a policy or an option of a reading: fail without."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from models.case import InmateCase
from models.law import Rule
from models.policy import County
from tests.scenes import edited, library, without
from values_act.casefacts import read_facts
from values_act.decide import Decider
from values_act.program import Program
from values_act.readers.reference import View, evaluate
from values_act.records import Facts
from values_act.scenarios import Placed, load_folder, run

Choices = Mapping[str, str | None]
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Seen:
    """A scenario as the reference sees it, before what is unknown is settled."""

    program: Program
    facts: Facts
    choices: Choices
    view: View

    def change(self, program: Program, choices: Choices, without: str = "") -> int:
        """What another program or other readings change: 0 the outcome, 1 another rule, 2 nothing.

        As far as it can be told at once; a change that is not seen here may still show.
        """
        view = evaluate(program, self.facts, choices)
        if view.judgment.outcomes != self.view.judgment.outcomes:
            return 0
        return 1 if told(view, without) != told(self.view, without) else 2


def told(view: View, without: str) -> list[dict[str, bool | None]]:
    """What a view says of each rule but one."""
    judgment = view.judgment
    truths = [judgment.truths, judgment.grounds, *(item.truths for item in view.items)]
    return [{rule: truth for rule, truth in each.items() if rule != without} for each in truths]


@cache
def decided() -> dict[str, tuple[Placed, Seen]]:
    """Every scenario with an answer, by name."""
    judge = Decider(library(), use_engine=False)
    found = [placed for placed in load_folder(ROOT / "scenarios") if placed.scenario.expect]
    return {placed.scenario.name: (placed, seen(judge, placed.scenario.case)) for placed in found}


def seen(judge: Decider, case: InmateCase) -> Seen:
    county = judge._county(case)
    facts = read_facts(case, library().vocabulary, library().catalogue)
    kind = facts.case.values.get("agency.kind")
    agency = kind if isinstance(kind, str) else None
    program = judge.programs.get(case.law, facts.day, case.action, county, agency)
    choices = judge._choices(program, case)
    return Seen(program, facts, choices, evaluate(program, facts, choices))


def held(view: View) -> dict[str, bool]:
    """Rules that hold, or may hold, for the case or an item of it; whether one of them surely."""
    found: dict[str, bool] = {}
    for truths in (view.judgment.truths, *(item.truths for item in view.items)):
        for rule, truth in truths.items():
            if truth is not False:
                found[rule] = found.get(rule, False) or truth is True
    return found


@cache
def users() -> dict[str, list[Placed]]:
    """The scenarios in which a rule holds, a base rule stands or a policy is live; sure ones first.

    Without a rule that surely holds more changes than without one that only may.
    """
    surely: dict[str, list[Placed]] = defaultdict(list)
    maybe: dict[str, list[Placed]] = defaultdict(list)
    for placed, found_in in decided().values():
        program = found_in.program
        names = held(found_in.view) | {item.policy.id: True for item in program.local}
        names |= {program.base.id: True} if program.base else {}
        for name, sure in names.items():
            (surely if sure else maybe)[name].append(placed)
    return {name: [*surely[name], *maybe[name]] for name in {**surely, **maybe}}


def fails(name: str, changed: Decider) -> bool:
    """Whether some scenario that the entry bears on fails once it is taken out."""
    wanted = promising(users().get(name, ()), lambda placed: _change(placed, name))
    return any(run(placed, changed).problems for placed in wanted)


def promising(found: Iterable[Placed], change: Callable[[Placed], int]) -> Iterator[Placed]:
    """All of several scenarios, those that change most as soon as they are met."""
    later: dict[int, list[Placed]] = {1: [], 2: []}
    for placed in found:
        rank = change(placed)
        if rank:
            later[rank].append(placed)
        else:
            yield placed
    yield from (*later[1], *later[2])


def _change(placed: Placed, name: str) -> int:
    expect, (_, found) = placed.scenario.expect, decided()[placed.scenario.name]
    if expect and name in (expect.rule, *(expect.duties or ())):
        return 0
    return found.change(_lacking(found.program, name), found.choices, name)


def _lacking(program: Program, name: str) -> Program:
    def kept(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        return tuple(rule for rule in rules if rule.id != name)

    return replace(
        program,
        rules={key: rule for key, rule in program.rules.items() if key != name},
        definitions={subject: kept(rules) for subject, rules in program.definitions.items()},
        effects={subject: kept(rules) for subject, rules in program.effects.items()},
        late=kept(program.late),
        weighed=kept(program.weighed),
        counted=program.counted - {name},
        base=program.base if program.base and program.base.id != name else None,
        local=tuple(item for item in program.local if item.policy.id != name),
    )


def left(name: str) -> Decider:
    """The reference under the law without an entry of a law."""
    return Decider(without(name), use_engine=False)


def without_in_county(county: County, name: str) -> Decider:
    fewer = county.model_copy(
        update={
            "rules": tuple(rule for rule in county.rules if rule.id != name),
            "policies": tuple(policy for policy in county.policies if policy.id != name),
        }
    )
    counties = [fewer if each is county else each for each in library().counties()]
    return Decider(edited(library().laws.values(), counties), use_engine=False)


def takers(reading: str, option: str) -> Iterator[Placed]:
    """The scenarios that take an option, by their words or by default; telling ones first."""
    mine = [p for p, found in decided().values() if found.choices.get(reading) == option]
    others = [other for other in library().readings[reading].options if other != option]

    def change(placed: Placed) -> int:
        _, found = decided()[placed.scenario.name]
        ways = ({**found.choices, reading: other} for other in others)
        return min((found.change(found.program, choices) for choices in ways), default=2)

    return promising(mine, change)


def taking(placed: Placed, reading: str, option: str) -> Placed:
    """The scenario with another option taken and the same expectation."""
    case = placed.scenario.case
    other = case.model_copy(update={"readings": {**case.readings, reading: option}})
    return replace(placed, scenario=placed.scenario.model_copy(update={"case": other}))
