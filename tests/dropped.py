"""Rules of the engine with one test dropped, and the case that shows it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from models.law import AllOf, Condition, Expect, Found, Not, Rule, Subject, Test, Unpublished
from models.law import Open as OpenRoute
from tests.witness import Given, Search
from values_act.decide import compare
from values_act.errors import EngineError
from values_act.program import Program
from values_act.readers import durable
from values_act.readers.links import value_of
from values_act.readers.literals import UNKNOWN, reading_field
from values_act.readers.reference import evaluate
from values_act.readers.rulesets import CONDITION, Compiled, Level, fact_fields
from values_act.records import Facts, Record
from values_act.vocabulary import LARGEST, Open, Span, Values

Check = dict[str, Any]  # one test in the engine's own form
Demand = tuple[Condition | None, bool]
Case = tuple[Facts, Mapping[str, str | None]]  # facts, and the readings taken
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "$neq": operator.ne,
    "$gte": operator.ge,
    "$lte": operator.le,
    "$lt": operator.lt,
    "$gt": operator.gt,
}
MAX_TRIED = 400  # cases made for one dropped test before giving up


def base_of(check: Check) -> str:
    """The field that a test looks at; a number is a pair of fields, `_lo` and `_hi`."""
    ((key, body),) = check.items()
    if key == "$or":
        return base_of(body[0])
    name = str(next(iter(body)) if key in COMPARE else key)
    return name.removesuffix("_lo").removesuffix("_hi")


def admits(check: Check, fields: Mapping[str, Any]) -> bool:
    """Whether one test admits a flat fact."""
    ((key, body),) = check.items()
    if key == "$or":
        return any(admits(part, fields) for part in body)
    if key in COMPARE:
        ((name, constant),) = body.items()
        return COMPARE[key](fields[name], constant)
    return bool(fields[key] == body)


def parts_of(rule: Mapping[str, Any]) -> list[Check]:
    """The tests of a rule in the engine's own form; the first is of its stage."""
    body = rule["all"][0]["m"]
    return list(body.get("$and", [body]))


def definition(compiled: Compiled) -> dict[str, Any]:
    """Every rule of the engine for a program, by name."""
    return {key: rule for ruleset in compiled.rulesets for key, rule in ruleset.definition.items()}


def no_bound(check: Check) -> bool:
    """Whether a test is of the open end of a range, which every number is inside."""
    ((_, body),) = check.items()
    return isinstance(body, dict) and next(iter(body.values())) in (-1, LARGEST + 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule of the engine: an alternative of a rule of law, surely or possibly."""

    name: str
    stage: str
    rule: str
    sure: bool
    subject: Subject
    level: Level
    checks: tuple[Check, ...]

    def others(self, index: int) -> list[Check]:
        return [check for i, check in enumerate(self.checks) if i != index]

    def fact(self, check: Check) -> str:
        """The fact, count or part that a test is about."""
        names = {field: name for name, field in (*self.level.words, *self.level.numbers)}
        return names.get(base_of(check), base_of(check))


class Shown(NamedTuple):
    """The error that shows a dropped test, if a case was found; else whether all were tried."""

    line: str | None
    exhausted: bool


class Spoiled(durable.Engine):
    """The engine, where one stage may be answered by other rules.

    A stage is matched by itself, so the others need not be compiled again.
    """

    def __init__(self) -> None:
        super().__init__()
        self._stage = ""
        self._used: set[str] = set()  # rulesets in which something fired for the session

    def _action(self, key: str) -> Any:
        fire = super()._action(key)
        fire.key = key
        return fire

    @contextmanager
    def spoiled(self, stage: str, rules: Mapping[str, Any]) -> Iterator[None]:
        """These rules answer for a stage, and are dropped again."""
        self._host.register("spoiled", rules)
        self._stage = stage
        try:
            yield
        finally:
            self._stage = ""
            self._host.free("spoiled")

    def submit(self, name: str, fact: dict[str, Any]) -> list[str]:
        name = "spoiled" if fact["s"] == self._stage else name
        fired = super().submit(name, fact)
        self._used.add(name)
        return fired

    def forget(self, name: str, sid: str) -> None:
        for used in self._used:  # deleting a session in which nothing fired kills the process
            super().forget(used, sid)
        self._used.clear()


class Bench:
    """One program whose rules can be spoiled one test at a time."""

    def __init__(self, program: Program, day: date, engine: Spoiled) -> None:
        self.program = program
        self.day = day
        self.engine = engine
        compiled = engine.compiled(program)  # not kept, so that the engine may drop it
        self.stages: dict[str, dict[str, Any]] = {}
        for key, body in definition(compiled).items():
            self.stages.setdefault(parts_of(body)[0]["s"], {})[key] = body
        self.entries = list(self._entries(compiled))
        self.gates = {reading_field(name): name for name in program.readings}

    def _entries(self, compiled: Compiled) -> Iterator[Entry]:
        places: list[tuple[Subject, Level]] = [
            (subject, level) for subject, levels in compiled.levels.items() for level in levels
        ]
        places += [("case", level) for level in (*compiled.late, *compiled.policies.values())]
        stages = {
            stage: (subject, level, sure)
            for subject, level in places
            for sure, names in ((True, level.sure), (False, level.possible))
            for stage in names
        }
        for name, body in definition(compiled).items():
            stage, *checks = parts_of(body)
            if stage["s"] in stages and body["run"].key != CONDITION:
                subject, level, sure = stages[stage["s"]]
                asks = set(level.asked.values())
                kept = tuple(check for check in checks if base_of(check) not in asks)
                yield Entry(name, stage["s"], body["run"].key, sure, subject, level, kept)

    def name_of(self, entry: Entry) -> str:
        """The rule, or for a policy's condition the policy and the action."""
        if entry.rule in self.program.rules:
            return entry.rule
        policy = self.program.local[int(entry.rule.removeprefix("policy"))].policy
        return f"{policy.id} on {self.program.action}"

    # ------------------------------------------------------------ running
    def without(self, entry: Entry, dropped: Check) -> dict[str, Any]:
        """The rules of the stage of an entry, of which it lacks one test."""
        rules = {key: dict(body) for key, body in self.stages[entry.stage].items()}
        parts = parts_of(rules[entry.name])
        left = [part for part in parts if part is not dropped]
        assert len(left) == len(parts) - 1
        rules[entry.name]["all"] = [{"m": {"$and": left} if len(left) > 1 else left[0]}]
        return rules

    def disagreement(self, case: Case, entry: Entry, dropped: Check) -> str | None:
        """What comparing the engines says where one test of one rule is dropped."""
        facts, readings = case
        with self.engine.spoiled(entry.stage, self.without(entry, dropped)):
            found = self.engine.decide(self.program, facts, readings)
        try:
            compare(self.program, evaluate(self.program, facts, readings), found)
        except EngineError as error:
            return str(error)
        return None

    # ------------------------------------------------------------ what shows a dropped test
    def shown(self, entry: Entry, index: int, *, real: bool = True) -> Shown:
        """The error by which a case shows that one test of an entry is dropped."""
        dropped = entry.checks[index]
        search = Search(self.program, self.day, real=real)
        for tried, case in enumerate(self._cases(search, entry, index)):
            if tried >= MAX_TRIED:
                return Shown(None, False)
            if self._promising(entry, index, case):
                line = self.disagreement(case, entry, dropped)
                if line is not None:
                    return Shown(line, False)
        return Shown(None, not search.gave_up)

    def _cases(self, search: Search, entry: Entry, index: int) -> Iterator[Case]:
        for start in self._starts(search, entry, index):
            for way in self._ways(entry, index):
                search.steps = 0
                for given in search.every(entry.subject, way, start):
                    for more in self._beside(search, entry, given):
                        case = search.case(entry.subject, given, more)
                        if case is not None:
                            yield case

    def _starts(self, search: Search, entry: Entry, index: int) -> list[Given]:
        """What to begin from: the readings that the rule asks for, or the usual case."""
        rule = self.program.rules.get(entry.rule)
        if rule is None:
            return [{}, self._plain()]
        if not rule.reading:
            return [{}]
        return [*self._live(search, rule, entry, index), *([] if entry.sure else [{}])]

    def _live(self, search: Search, rule: Rule, entry: Entry, index: int) -> list[Given]:
        """The options that a rule asks for; the reading whose test is dropped is shut."""
        live = [*search.live(rule, {})]
        shut = self.gates.get(base_of(entry.checks[index]))
        if shut is None:
            return live
        others = [o for o in self.program.readings[shut].options if o not in rule.reading[shut]]
        return [{**start, ("reading", shut): o} for start in live for o in others]

    def _plain(self) -> Given:
        """The case as it usually is, asked in every way, under the first option of each reading."""
        facts = {spec.name: spec.presumed.value for spec in
                 self.program.vocabulary.presumable["case"] if spec.presumed}  # fmt: skip
        asked = [n for s, n in self.program.vocabulary.facts if n.startswith("request.kind.")]
        facts |= {name: not name.endswith(".none") for name in asked}
        given: dict[tuple[str, str], object] = {("case", n): value for n, value in facts.items()}
        for name, reading in self.program.readings.items():
            given["reading", name] = next(iter(reading.options))
        return given

    def _ways(self, entry: Entry, index: int) -> list[Sequence[Demand]]:
        """What to demand: the other tests are met, the dropped one and all alternatives are not."""
        dropped, others = entry.checks[index], entry.others(index)
        if dropped.get("$neq", {}).get(base_of(dropped)) == UNKNOWN:  # the fact is left open
            others = [check for check in others if base_of(check) != base_of(dropped)]
            return [[(self.condition(entry, check), True) for check in others]]
        met: list[Demand] = [(self.condition(entry, check), True) for check in others]
        gone = self.condition(entry, dropped)  # None for a reading, which is shut instead
        not_met: list[Demand] = [(gone, False)] if gone else []
        for other in self.entries:
            if other.rule == entry.rule and other.sure is entry.sure and other is not entry:
                own = [self.condition(other, c) for c in other.checks if c not in others]
                parts = tuple(part for part in own if part)
                not_met.append((AllOf(parts=parts) if parts else None, False))
        if not entry.sure:
            return [not_met]
        # the dropped test comes first: often few ways make it fail, and many meet the others
        gone_first = [*not_met[:1], *met, *not_met[1:]] if gone else met
        return [gone_first, [*met, *not_met], met]

    def _beside(self, search: Search, entry: Entry, given: Given) -> Iterator[tuple[Record, ...]]:
        """Items to put beside what a case rule asks for: none, one not known, one that opens."""
        blanks = [search.blank(name, 90) for name in self.program.effects if name != "case"]
        if entry.subject != "case":
            yield ()
        elif entry.rule in self.program.rules:
            yield ()
            yield from ((blank,) for blank in blanks)
        else:
            grounds = [r for r in self.program.rules.values() if r.permits and not r.about_case]
            made = [search.item(rule, given) for rule in grounds]
            opening = [replace(item[0], number=80) for item in made if item]
            yield from ((item,) for item in opening)
            yield from ((item, blank) for item in opening for blank in blanks)
            yield ()

    def _promising(self, entry: Entry, index: int, case: Case) -> bool:
        """Whether the engine, without the test, must fire where the reference does not hold."""
        facts, readings = case
        view = evaluate(self.program, facts, readings)
        judgment = view.judgment
        if entry.subject != "case":
            values, truth = view.items[0].values, view.items[0].truths[entry.rule]
        else:
            values = {**judgment.values, **self._counts(view.held.found)}
            values |= {f"published.{n}": Open((True, False)) for n in self.program.unpublished}
            routes = judgment.context.routes
            values |= {f"open.{n}": value_of(routes.get(n, False)) for n in self.program.routes}
            if entry.rule in self.program.rules:
                truth = judgment.truths[entry.rule]
            else:
                if judgment.state == {"prohibited"}:
                    return False  # nothing is open that the policy could close
                truth = judgment.local[int(entry.rule[6:])].open
        options = {field: readings[name] or UNKNOWN for field, name in self.gates.items()}
        fields, unknown = fact_fields(entry.level, values, options)
        if not all(admits(check, fields) for check in entry.others(index)):
            return False
        if entry.sure:
            return truth is not True
        at_risk = any(entry.rule in entry.level.tested_by.get(field, ()) for field in unknown)
        return truth is False and at_risk

    def _counts(self, found: Mapping[tuple[str, bool], tuple[int, int]]) -> Values:
        return {
            f"n.{rule}.{kind}": Span(*found.get((rule, kind == "events"), (0, 0)))
            for rule in self.program.counted
            for kind in ("items", "events")
        }

    def condition(self, entry: Entry, check: Check) -> Condition | None:
        """A test of the engine as a condition on known facts; None if it asks nothing of them."""
        ((key, body),) = check.items()
        base, name = base_of(check), entry.fact(check)
        if base in self.gates:
            return None
        if name.startswith("published."):
            return Unpublished(name=name)
        if name.startswith("open."):
            return OpenRoute(route=name.removeprefix("open."))
        if name.startswith("n."):
            rule, kind = name[2:].rsplit(".", 1)
            least = next(iter(body.values()))
            distinct = "event" if kind == "events" else None
            if key not in ("$gte", "$lt"):
                return None
            counted = Found(rule=rule, at_least=least, distinct=distinct)
            return counted if key == "$gte" else Not(part=counted)
        if key in COMPARE and key != "$neq":
            limit = next(iter(body.values()))
            if key in ("$gte", "$lt"):
                bound = Test(fact=name, expect=Expect(at_least=limit))
                return bound if key == "$gte" else Not(part=bound)
            bound = Test(fact=name, expect=Expect(at_most=limit))
            return bound if key == "$lte" else Not(part=bound)
        words = [part[base] for part in body] if key == "$or" else [body]
        if key == "$neq":
            words = [body[base]]
        known = tuple({"yes": True, "no": False}.get(w, w) if self._yes_no(entry, name) else w
                      for w in words if w != UNKNOWN)  # fmt: skip
        if not known:
            return None
        test = Test(fact=name, expect=Expect(values=known))
        return Not(part=test) if key == "$neq" else test

    def _yes_no(self, entry: Entry, name: str) -> bool:
        return self.program.vocabulary.facts[entry.subject, name].type == "yes_no"
