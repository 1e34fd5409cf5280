"""Deciding with durable_rules, inside the subset of it that is safe.

Nothing of the reference evaluator is used here. Each subject is asserted as a flat fact, stage by
stage; the engine matches every test, definition, item bar, exception, bar and outcome, and what it
fires is recorded. Between stages, records are only counted and linked into the next flat facts.
Negation needs no `none()`: a fact of a later stage carries what the earlier stage settled.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.law import Outcome, Rule
from values_act.errors import EngineError
from values_act.program import LOCAL, LocalRule, Program
from values_act.readers.host import WHY_MISSING, QuietHost
from values_act.readers.links import any_of, counts, either, value_of
from values_act.readers.literals import UNKNOWN, reading_field
from values_act.readers.rulesets import (
    CONDITION,
    LADDER,
    Compiled,
    Level,
    Ruleset,
    Source,
    compile_source,
    fact_fields,
    joined,
    sources,
)
from values_act.records import Facts, Record, derived
from values_act.vocabulary import Open, Value, Values

__all__ = ["NAME", "WHY_MISSING", "Engine", "Findings"]

Truth = bool | None
NAME = "durable_rules 2.0.28"
MAX_PROGRAMS = 64  # whose rulesets are kept
_WORDS: Mapping[Truth, str] = {True: "yes", False: "no", None: UNKNOWN}


@dataclass(slots=True)
class Findings:
    """What the engine fired: truth of each rule, of each ground left, and the outcomes."""

    items: list[dict[str, Truth]] = field(default_factory=list)
    effective: list[dict[str, Truth]] = field(default_factory=list)
    case: dict[str, Truth] = field(default_factory=dict)
    grounds: dict[str, Truth] = field(default_factory=dict)
    policies: dict[str, Truth] = field(default_factory=dict)
    state: frozenset[Outcome] = frozenset()
    outcomes: frozenset[Outcome] = frozenset()


class Engine:
    """One durable_rules host for the process; a lock keeps one session live at a time."""

    def __init__(self) -> None:
        if WHY_MISSING is not None:
            raise EngineError(f"durable_rules is not usable here: {WHY_MISSING}")
        self._host = QuietHost()
        self._lock = threading.Lock()
        self._compiled: OrderedDict[int, tuple[Program, Compiled]] = OrderedDict()
        self._rulesets: weakref.WeakValueDictionary[object, Ruleset] = weakref.WeakValueDictionary()
        self._serial = 0
        self._fired: list[tuple[str, Mapping[str, Any]]] = []
        self._errors: list[BaseException] = []
        weakref.finalize(self, self._host.free_all).atexit = False

    # ------------------------------------------------------------ rulesets
    def compiled(self, program: Program) -> Compiled:
        """The rulesets of a program; those of the oldest are freed when there are many."""
        key = id(program)
        if key not in self._compiled:
            found = joined(map(self._ruleset, sources(program)))
            while len(self._compiled) >= MAX_PROGRAMS:
                self._compiled.popitem(last=False)
            self._compiled[key] = (program, found)
        self._compiled.move_to_end(key)
        return self._compiled[key][1]

    def _ruleset(self, source: Source) -> Ruleset:
        """The registered ruleset of some rules, kept for as long as some program has them."""
        found = self._rulesets.get(source.key)
        if found is None:
            self._serial += 1
            found = compile_source(source, f"law{self._serial}", self._action)
            self._host.register(found.name, found.definition)
            weakref.finalize(found, self._host.free, found.name).atexit = False
            self._rulesets[source.key] = found
        return found

    def _action(self, key: str) -> Any:
        """A consequent of exactly one parameter that records, and keeps its own errors."""
        fired, errors = self._fired, self._errors  # not the engine, which is then freed at once

        def fire(closure: Any) -> None:
            try:
                fired.append((key, closure._m))
            except BaseException as error:  # the engine would swallow it
                errors.append(error)

        return fire

    # ------------------------------------------------------------ deciding
    def decide(
        self, program: Program, facts: Facts, readings: Mapping[str, str | None]
    ) -> Findings:
        """Run one case.

        Raises:
            EngineError: the engine failed; there is no answer then.
        """
        with self._lock:
            compiled = self.compiled(program)
            self._serial += 1
            session = _Session(self, compiled, program, facts, readings, f"case{self._serial}")
            try:
                return session.run()
            finally:
                session.close()

    def submit(self, name: str, fact: dict[str, Any]) -> list[str]:
        """Assert one flat fact and return the keys of the rules that fired on it."""
        self._fired.clear()
        try:
            state = self._host.assert_fact(name, fact)
        except Exception as error:
            raise EngineError(f"durable_rules failed on stage `{fact['s']}`: {error}") from error
        if self._errors or (state and "exception" in state):
            reason = self._errors.pop() if self._errors else state["exception"]
            raise EngineError(f"durable_rules failed in an action: {reason}")
        keys = [key for key, _ in self._fired]
        if CONDITION not in keys:
            raise EngineError(f"durable_rules fired nothing on stage `{fact['s']}`")
        return keys

    def forget(self, name: str, sid: str) -> None:
        self._host.delete_state(name, sid)


class _Session:
    """One case inside the engine: asserts facts stage by stage and links what was fired."""

    def __init__(
        self,
        engine: Engine,
        compiled: Compiled,
        program: Program,
        facts: Facts,
        readings: Mapping[str, str | None],
        sid: str,
    ) -> None:
        self.engine = engine
        self.compiled = compiled
        self.program = program
        self.facts = facts
        self.sid = sid
        self.serial = 0
        self.used: dict[str, None] = {}  # rulesets in which something fired
        self.options = {
            reading_field(name): readings.get(name) or UNKNOWN for name in program.readings
        }
        self.readings = readings
        self.climbed: dict[tuple[str, ...], frozenset[Outcome]] = {}

    def close(self) -> None:
        for name in self.used:  # deleting a session in which nothing fired kills the process
            self.engine.forget(name, self.sid)

    def submit(self, ruleset: str, stage: str, fields: Mapping[str, Any]) -> set[str]:
        self.serial += 1
        fact = {"sid": self.sid, "s": stage, "i": self.serial, **fields}
        fired = self.engine.submit(ruleset, fact)
        self.used[ruleset] = None
        return set(fired)

    def level(self, level: Level, values: Mapping[str, Value]) -> dict[str, Truth]:
        """Assert one subject at one level; truth of every rule of the level."""
        fields, unknown = fact_fields(level, values, self.options)
        sure: set[str] = set()
        for stage in level.sure:
            sure |= self.submit(level.ruleset, stage, fields)
        # only a rule that tests something unknown can possibly hold without surely holding
        at_risk = {rule for field in unknown for rule in level.tested_by.get(field, ())} - sure
        possible: set[str] = set()
        if at_risk:
            asks = {f: "yes" if r in at_risk else "no" for r, f in level.asked.items()}
            for stage in level.possible:
                possible |= self.submit(level.ruleset, stage, {**fields, **asks})
        return {
            rule: True if rule in sure else (None if rule in possible else False)
            for rule in level.rules
        }

    def both(self, stage: str, **fields: Truth | str) -> Truth:
        """A stage of the procedure itself, compiled as the pair `sure` and `possible`."""
        words = {key: _WORDS[v] if not isinstance(v, str) else v for key, v in fields.items()}
        fired = self.submit(self.compiled.procedure, stage, words)
        if "sure" in fired:
            return True
        return None if "possible" in fired else False

    # ------------------------------------------------------------ items
    def run(self) -> Findings:
        found = Findings()
        for record in self.facts.items:
            values: Values = dict(record.values)
            values |= derived(self.program.vocabulary, record, self.facts, self.readings)
            truths = self.subject(record, values)
            found.items.append(truths)
            found.effective.append(self.keep(record, truths))
        self.case(found)
        return found

    def subject(self, record: Record, values: Values) -> dict[str, Truth]:
        truths: dict[str, Truth] = {}
        for level in self.compiled.levels.get(record.subject, ()):
            result = self.level(level, values)
            truths |= result
            for rule_id, truth in result.items():
                rule = self.program.rules.get(rule_id)
                if rule is not None and rule.defines:
                    values[rule.defines] = either(values.get(rule.defines, False), truth)
        return truths

    def keep(self, record: Record, truths: Mapping[str, Truth]) -> dict[str, Truth]:
        """Effects left after item bars; an item that may not exist surely opens nothing."""
        effects = self.program.effects[record.subject]
        bars = [rule for rule in effects if rule.scope == "item"]
        left: dict[str, Truth] = {}
        for rule in effects:
            if rule.scope == "item":
                continue
            barred = any_of(
                truths[bar.id]
                for bar in bars
                if rule.marks or rule.requires or rule.route in bar.bars
            )
            held = truths[rule.id]
            if held is not False and (barred is not False or record.phantom):
                held = self.both("keep", held=held, off=barred, real=not record.phantom)
            left[rule.id] = held
        return left

    # ------------------------------------------------------------ the case
    def case(self, found: Findings) -> None:
        program = self.program
        values: Values = dict(self.facts.case.values)
        values |= counts(program, self.facts.items, found.effective)
        values |= {f"published.{name}": Open((True, False)) for name in program.unpublished}
        found.case = self.subject(self.facts.case, values)
        rules = {rule.id: rule for rule in program.weighed}
        truth: dict[str, Truth] = {}
        for rule in rules.values():
            truth[rule.id] = (
                found.case[rule.id]
                if rule.about_case
                else any_of(effective.get(rule.id, False) for effective in found.effective)
            )
        routes = self.grounds(list(rules.values()), truth, found)
        for name in program.routes:
            values[f"open.{name}"] = value_of(routes.get(name, False))
        for level in self.compiled.late:
            result = self.level(level, values)
            truth |= result
            found.case |= result
        rules |= {rule.id: rule for rule in program.late}
        self.outcome(list(rules.values()), truth, values, found)

    def lifted(self, rules: Sequence[Rule], truth: Mapping[str, Truth], name: str) -> Truth:
        """Whether an exception that itself has force names this rule, route or local policy."""
        return any_of(
            self.force(rules, truth, rule) for rule in rules if name in rule.notwithstanding
        )

    def force(self, rules: Sequence[Rule], truth: Mapping[str, Truth], rule: Rule) -> Truth:
        held = truth[rule.id]
        off = self.lifted(rules, truth, rule.id) if held is not False else False
        if held is False or off is False:
            return held
        return self.both("keep", held=held, off=off, real=True)

    def grounds(
        self, rules: Sequence[Rule], truth: Mapping[str, Truth], found: Findings
    ) -> dict[str, Truth]:
        routes: dict[str, Truth] = {}
        bars = [(rule, self.force(rules, truth, rule)) for rule in rules if rule.bars]
        for rule in rules:
            if not rule.permits:
                continue
            route = rule.route or ""
            left: Truth = truth[rule.id]
            if left is not False:
                shut = any_of(force for bar, force in bars if route in bar.bars)
                names = (rule.id, route)
                lifted = any_of(self.lifted(rules, truth, name) for name in names)
                if shut is not False or lifted is not False:
                    left = self.both("ground", held=left, shut=shut, lifted=lifted)
            found.grounds[rule.id] = left
            routes[route] = any_of([routes.get(route, False), left])
        return routes

    def outcome(
        self,
        rules: Sequence[Rule],
        truth: Mapping[str, Truth],
        values: Mapping[str, Value],
        found: Findings,
    ) -> None:
        forced = {rule.id: self.force(rules, truth, rule) for rule in rules}
        excluded = any_of(forced[rule.id] for rule in rules if rule.excludes)
        local_off = self.lifted(rules, truth, LOCAL)
        compelled = [(LOCAL not in r.notwithstanding, forced[r.id]) for r in rules if r.requires]
        grounds = [
            (self.yields(self.program.rules[key].route), left)
            for key, left in found.grounds.items()
        ]
        found.state = self.ladder(excluded, compelled, grounds, True)
        by_policy: list[tuple[LocalRule, frozenset[Outcome]]] = []
        for index, item in enumerate(self.program.local):
            opened = found.policies[item.policy.id] = self.policy(index, item, values)
            free = self.both("free", open=opened, off=local_off)
            by_policy.append((item, self.ladder(excluded, compelled, grounds, free)))
        found.outcomes = self.local(by_policy) if by_policy else found.state

    def policy(self, index: int, item: LocalRule, values: Mapping[str, Value]) -> Truth:
        opened: Truth = item.term.rule == "open"
        if item.term.rule == "when":
            level = self.compiled.policies[index]
            opened = self.level(level, values)[level.rules[0]]
        elif item.term.rule == "unpublished":
            opened = None
        return None if item.in_force is None and opened is not True else opened

    def local(self, results: list[tuple[LocalRule, frozenset[Outcome]]]) -> frozenset[Outcome]:
        reading = self.program.local_reading
        option = self.readings.get(reading.id) if reading else None
        chosen = [pair for pair in results if pair[0].policy.authority == option]
        if all(item.in_force is None for item, _ in chosen):
            chosen = results  # none is chosen, or it is not sure that any of them is live
        return frozenset().union(*(outcomes for _, outcomes in chosen))

    def yields(self, route: str | None) -> bool:
        known = self.program.routes.get(route or "")
        return known is None or known.yields_to_local

    def ladder(
        self,
        excluded: Truth,
        compelled: Iterable[tuple[bool, Truth]],
        grounds: Iterable[tuple[bool, Truth]],
        free: Truth,
    ) -> frozenset[Outcome]:
        """The order of outcomes, matched by the engine: excluded, required, permitted, base."""
        base = self.program.base
        free_base = base is None or (base.outcome == "permitted" and self.yields(base.route))
        words = {
            "excluded": _WORDS[excluded],
            "required": _WORDS[any_of(self.stands(*pair, free) for pair in compelled)],
            "permitted": _WORDS[any_of(self.stands(*pair, free) for pair in grounds)],
            "free": _WORDS[free],
            "base": base.outcome if base else "not_regulated",
            "fixed": "no" if free_base else "yes",
        }
        key = tuple(words.values())
        if key not in self.climbed:  # a policy that leaves the act open gives the same fact again
            fired = self.submit(self.compiled.procedure, LADDER, words)
            self.climbed[key] = frozenset(fired - {CONDITION})  # type: ignore[arg-type]  # outcomes
        return self.climbed[key]

    def stands(self, yielding: bool, held: Truth, free: Truth) -> Truth:
        if held is False or not yielding or free is True:
            return held
        return self.both("local", held=held, free=free)
