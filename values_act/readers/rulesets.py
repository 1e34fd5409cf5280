"""A program as durable_rules rulesets: stages, levels and the limits the engine must not meet.

The rules of each subject are a ruleset of their own, so that programs which differ in little, as
those of two counties do, share most of what is compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from models.law import Condition, Found, Open, Rule, Subject, Test, Unpublished
from values_act.conditions import facts_of, leaves
from values_act.errors import LawError
from values_act.program import Program
from values_act.readers.literals import (
    UNKNOWN,
    Alternative,
    alternatives,
    bounds,
    engine_test,
    field_of,
    gates,
    reading_field,
    word,
)
from values_act.vocabulary import Value, Vocabulary

CONDITION = "any"  # key of each stage's catch-all: an unmatched fact would raise
LADDER = "ladder"
LATE, POLICY, PROCEDURE = "late", "policy", "procedure"  # sources, beside the subjects
MAX_RULES = 56  # of one stage: the engine holds at most 64 pending tests for one fact
MAX_FIELDS = 200  # of one fact: the engine holds 252
MAX_SAME_TEST = 250

_YES, _MAYBE, _NO, _MAYBE_NOT = ("yes",), ("yes", UNKNOWN), ("no",), ("no", UNKNOWN)


@dataclass(frozen=True, slots=True)
class Level:
    """Rules of one subject that test nothing defined at their own level or later."""

    ruleset: str
    rules: tuple[str, ...]
    words: tuple[tuple[str, str], ...]  # (fact, field) of yes/no and word facts
    numbers: tuple[tuple[str, str], ...]  # (fact, field) of numbers and days
    readings: tuple[str, ...]  # reading fields
    sure: tuple[str, ...]  # stage names
    possible: tuple[str, ...]
    tested_by: Mapping[str, frozenset[str]]  # field -> rules whose condition or reading tests it
    asked: Mapping[str, str]  # rule -> field that asks for it at the stages of what is possible


@dataclass(frozen=True, slots=True)
class Source:
    """What one ruleset is compiled from."""

    name: str  # a subject, or `late`, `policy` or `procedure`
    subject: Subject
    vocabulary: Vocabulary
    rules: tuple[Rule, ...] = ()
    conditions: tuple[tuple[int, Condition | None], ...] = ()  # of policies, by their place

    @property
    def key(self) -> tuple[object, ...]:
        """The same for two sources of the same rules, while both are there."""
        conditions = ((place, id(when)) for place, when in self.conditions)
        return (self.name, id(self.vocabulary), *map(id, self.rules), *conditions)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Ruleset:
    """A ruleset and how to feed it."""

    source: Source
    name: str
    definition: dict[str, Any]
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """The rulesets of a program and how to feed them."""

    rulesets: tuple[Ruleset, ...]
    levels: Mapping[Subject, tuple[Level, ...]]
    late: tuple[Level, ...]
    policies: Mapping[int, Level]
    procedure: str  # name of its ruleset


def fact_fields(
    level: Level, values: Mapping[str, Value], options: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """The flat fact of a subject at a level, and the fields of it that are not known."""
    fields: dict[str, Any] = {}
    unknown: list[str] = []
    for name, field in level.words:
        fields[field] = found = word(values.get(name, False))
        if found == UNKNOWN:
            unknown.append(field)
    for name, field in level.numbers:
        low, high = bounds(values.get(name, 0))
        fields[f"{field}_lo"], fields[f"{field}_hi"] = low, high
        if low != high:
            unknown.append(field)
    for name in level.readings:
        fields[name] = options[name]
        if options[name] == UNKNOWN:
            unknown.append(name)
    return fields, unknown


def sources(program: Program) -> Iterator[Source]:
    """What the rulesets of a program are compiled from."""
    words = program.vocabulary
    for subject, effects in program.effects.items():
        rules = (*program.definitions[subject], *effects)
        if rules:
            yield Source(subject, subject, words, rules)
    if program.late:
        yield Source(LATE, "case", words, program.late)
    conditions = [
        (place, item.term.when)
        for place, item in enumerate(program.local)
        if item.term.rule == "when"
    ]
    if conditions:
        yield Source(POLICY, "case", words, conditions=tuple(conditions))
    yield Source(PROCEDURE, "case", words)


def compile_source(source: Source, name: str, action: Callable[[str], Any]) -> Ruleset:
    """Compile every rule twice, surely and possibly, or the procedure's own stages once.

    Args:
        source: the rules.
        name: name of the ruleset.
        action: makes the consequent that records a key.

    Raises:
        LawError: the rules exceed what the engine carries safely.
    """
    compiler = _Compiler(source, name, action)
    levels: tuple[Level, ...] = ()
    if source.name == PROCEDURE:
        compiler.procedure()
    elif source.conditions:
        levels = tuple(compiler.policy(place, when) for place, when in source.conditions)
    else:
        levels = compiler.levels(*([source.rules] if source.name == LATE else compiler.heights()))
    _check_names(compiler.book)
    return Ruleset(source, name, compiler.book, levels)


def joined(rulesets: Iterable[Ruleset]) -> Compiled:
    """The rulesets of all sources of a program."""
    known = {ruleset.source.name: ruleset for ruleset in rulesets}
    late, policies = known.get(LATE), known.get(POLICY)
    return Compiled(
        tuple(known.values()),
        {r.source.subject: r.levels for name, r in known.items() if name == r.source.subject},
        late.levels if late else (),
        {
            p: level
            for (p, _), level in zip(policies.source.conditions, policies.levels, strict=True)
        }
        if policies
        else {},
        known[PROCEDURE].name,
    )


def compile_program(program: Program, name: str, action: Callable[[str], Any]) -> Compiled:
    """Compile a program alone, under names that begin alike.

    Raises:
        LawError: the rules exceed what the engine carries safely.
    """
    return joined(compile_source(s, f"{name}-{s.name}", action) for s in sources(program))


class _Compiler:
    def __init__(self, source: Source, name: str, action: Callable[[str], Any]) -> None:
        self.source = source
        self.name = name
        self.book: dict[str, Any] = {}
        self.action = action

    # ------------------------------------------------------------ the law's rules
    def heights(self) -> list[list[Rule]]:
        """The rules of a subject by level: after the definitions that they test."""
        height: dict[str, int] = {}
        placed: dict[int, list[Rule]] = {}
        for rule in self.source.rules:
            if rule.defines:  # every alternative of a fact is settled before anything tests it
                height[rule.defines] = max(height.get(rule.defines, 0), self._height(rule, height))
        for rule in self.source.rules:
            level = height[rule.defines] if rule.defines else self._height(rule, height)
            placed.setdefault(level, []).append(rule)
        return [placed[key] for key in sorted(placed)]

    def _height(self, rule: Rule, height: Mapping[str, int]) -> int:
        used = [height[fact] for fact in facts_of(rule.when) if fact in height]
        return 1 + max(used, default=0)

    def levels(self, *groups: Iterable[Rule]) -> tuple[Level, ...]:
        return tuple(
            self._level(f"{self.source.name}{index}", {r.id: r.when for r in group}, group)
            for index, group in enumerate(groups)
        )

    def policy(self, place: int, when: Condition | None) -> Level:
        return self._level(f"{POLICY}{place}", {f"{POLICY}{place}": when}, [])

    def _level(
        self,
        stage: str,
        conditions: Mapping[str, Condition | None],
        rules: Iterable[Rule],
    ) -> Level:
        words: dict[str, str] = {}
        numbers: dict[str, str] = {}
        for condition in conditions.values():
            for leaf in leaves(condition):
                name, is_number = self._leaf(leaf)
                (numbers if is_number else words)[name] = field_of(name)
        gated = {rule.id: rule for rule in rules}
        numeric = {name: name in numbers for name in (*words, *numbers)}
        asked = {rule_id: f"ask{index}" for index, rule_id in enumerate(conditions)}
        tested_by: dict[str, set[str]] = {}
        for rule_id, condition in conditions.items():
            used = {field_of(self._leaf(leaf)[0]) for leaf in leaves(condition)}
            used |= (
                {reading_field(name) for name in gated[rule_id].reading}
                if rule_id in gated
                else set()
            )
            for field in used:
                tested_by.setdefault(field, set()).add(rule_id)
        stages = []
        for sure in (True, False):
            compiled: list[tuple[str, Alternative]] = []
            for rule_id, condition in conditions.items():
                gate = gates(gated[rule_id], sure=sure) if rule_id in gated else ()
                ask: Alternative = () if sure else ((asked[rule_id], "in", ("yes",)),)
                compiled += [
                    (rule_id, (*ask, *alternative, *gate))
                    for alternative in alternatives(condition, numeric, sure=sure)
                ]
            stages.append(self._stages(f"{stage}{'s' if sure else 'p'}", compiled))
        readings = sorted({reading_field(name) for rule in gated.values() for name in rule.reading})
        level = Level(
            self.name, tuple(conditions), tuple(words.items()), tuple(numbers.items()),
            tuple(readings), stages[0], stages[1],
            {k: frozenset(v) for k, v in tested_by.items()}, asked,
        )  # fmt: skip
        if len(conditions) + len(words) + 2 * len(numbers) + len(readings) > MAX_FIELDS:
            raise LawError(f"stage {stage} tests more than {MAX_FIELDS} fields; split the rules")
        return level

    def _leaf(self, leaf: Test | Found | Open | Unpublished) -> tuple[str, bool]:
        if isinstance(leaf, Test):
            spec = self.source.vocabulary.facts[self.source.subject, leaf.fact]
            return leaf.fact, spec.type in {"number", "date"}
        if isinstance(leaf, Found):
            return f"n.{leaf.rule}.{'events' if leaf.distinct else 'items'}", True
        if isinstance(leaf, Open):
            return f"open.{leaf.route}", False
        return f"published.{leaf.name}", False

    def _stages(self, name: str, compiled: list[tuple[str, Alternative]]) -> tuple[str, ...]:
        """Put alternatives into stages small enough for the engine, each with a catch-all."""
        names: list[str] = []
        rest = iter(compiled)
        while chunk := list(islice(rest, MAX_RULES)):
            stage = f"{name}.{len(names)}"
            names.append(stage)
            self._catch_all(stage)
            for index, (rule_id, alternative) in enumerate(chunk):
                self._add(f"{stage}.{index}", stage, engine_test(alternative), rule_id)
        if not names:
            names.append(f"{name}.0")
            self._catch_all(names[0])
        return tuple(names)

    # ------------------------------------------------------------ the procedure's own stages
    def procedure(self) -> None:
        self._pair("keep", {"held": (_YES, _MAYBE), "off": (_NO, _MAYBE_NOT),
                            "real": (_YES, ("yes", "no"))})  # fmt: skip
        self._pair("ground", {"held": (_YES, _MAYBE), "shut": (_NO, _MAYBE_NOT),
                              "lifted": (_NO, _MAYBE_NOT)})  # fmt: skip
        self._pair("local", {"held": (_YES, _MAYBE), "free": (_YES, _MAYBE)})
        self._catch_all("free")
        for key, words in (("sure", _YES), ("possible", _MAYBE)):
            for index, name in enumerate(("open", "off")):
                self._add(f"free.{key}.{index}", "free", [_one_of(name, words)], key)
        self._ladder()

    def _pair(self, stage: str, fields: Mapping[str, tuple[tuple[str, ...], ...]]) -> None:
        self._catch_all(stage)
        for index, key in enumerate(("sure", "possible")):
            tests = [_one_of(name, words[index]) for name, words in fields.items()]
            self._add(f"{stage}.{key}", stage, tests, key)

    def _ladder(self) -> None:
        self._catch_all(LADDER)
        above: list[dict[str, Any]] = []
        for name, outcome in (
            ("excluded", "not_regulated"),
            ("required", "required"),
            ("permitted", "permitted"),
        ):
            self._add(f"{LADDER}.{name}", LADDER, [*above, _one_of(name, _MAYBE)], outcome)
            above.append(_one_of(name, _MAYBE_NOT))
        for outcome in ("permitted", "prohibited", "not_regulated"):
            base = {"base": outcome}
            self._add(
                f"{LADDER}.fixed.{outcome}", LADDER, [*above, base, {"fixed": "yes"}], outcome
            )
            tests = [*above, base, {"fixed": "no"}, _one_of("free", _MAYBE)]
            self._add(f"{LADDER}.free.{outcome}", LADDER, tests, outcome)
        tests = [*above, {"fixed": "no"}, _one_of("free", _MAYBE_NOT)]
        self._add(f"{LADDER}.closed", LADDER, tests, "prohibited")

    # ------------------------------------------------------------ the engine's form
    def _catch_all(self, stage: str) -> None:
        self._add(f"{stage}.any", stage, [], CONDITION)

    def _add(self, name: str, stage: str, tests: list[dict[str, Any]], key: str) -> None:
        parts = [{"s": stage}, *tests]
        body = {"$and": parts} if len(parts) > 1 else parts[0]
        self.book[name] = {"all": [{"m": body}], "run": self.action(key)}


def _one_of(name: str, words: tuple[str, ...]) -> dict[str, Any]:
    options = [{name: item} for item in words]
    return options[0] if len(options) == 1 else {"$or": options}


# ---------------------------------------------------------------- limits


def fnv32(text: str) -> int:
    """FNV-1a, the hash by which the engine tells field names apart."""
    value = 2166136261
    for byte in text.encode():
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value


def _check_names(book: Mapping[str, Any]) -> None:
    """Refuse field names that the engine would confuse, and a test that too many rules share."""
    names: dict[str, None] = {}
    stages: dict[str, int] = {}
    for rule in book.values():
        body = rule["all"][0]["m"]
        for part in body.get("$and", [body]):
            names.update(dict.fromkeys(_fields_of(part)))
        stage = (body["$and"][0] if "$and" in body else body)["s"]
        stages[stage] = stages.get(stage, 0) + 1
    fields: dict[int, str] = {}
    for name in names:
        other = fields.setdefault(fnv32(name), name)
        if other != name:
            raise LawError(f"fields `{name}` and `{other}` hash alike; rename one fact")
    crowded = [stage for stage, count in stages.items() if count > MAX_SAME_TEST]
    if crowded:
        raise LawError(f"stage {crowded[0]} has more than {MAX_SAME_TEST} rules")


def _fields_of(part: Mapping[str, Any]) -> Iterable[str]:
    for key, value in part.items():
        if key == "$or":
            for item in value:
                yield from item
        elif key.startswith("$"):
            yield from value
        else:
            yield key
