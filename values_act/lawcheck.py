"""Checks on the law files that no single model can make: names, types, cycles, targets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from models.law import Condition, Found, Law, Open, Rule, Subject, Test, Unpublished
from models.policy import County, CountyPolicy
from values_act import overlay, timecheck
from values_act.conditions import facts_of, leaves, tests_routes
from values_act.cycles import find_cycle
from values_act.errors import LawError, did_you_mean
from values_act.vocabulary import FactSpec, Vocabulary

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A file, and how to find the line of a path in it."""

    file: str
    where: Callable[[Path], tuple[int, int]]

    def fail(self, path: Path, message: str) -> LawError:
        return LawError(f"{self.file}:{self.where(path)[0]}: {message}")


@dataclass(frozen=True, slots=True)
class InCase(Place):
    """A policy that a case brings with it: it has no file of its own to point into."""

    def fail(self, path: Path, message: str) -> LawError:  # noqa: ARG002 - there is no place
        return LawError(message)


@dataclass(frozen=True, slots=True)
class _Names:
    vocabulary: Vocabulary
    rules: Mapping[str, Rule]
    routes: frozenset[str]
    readings: Mapping[str, frozenset[str]]
    unpublished_allowed: bool = False


def check_facts(vocabulary: Vocabulary, file: str) -> None:
    """Presumed values, implications and impossible combinations must name real facts and values.

    Raises:
        LawError: the first that does not.
    """
    names = _Names(vocabulary, {}, frozenset(), {})
    for (subject, name), spec in vocabulary.facts.items():
        for value in [spec.presumed.value] if spec.presumed else []:
            problem = _value_problem(spec, value)
            if problem:
                raise LawError(f"{file}: fact `{name}`: presumed {problem}")
        for implied in spec.implied:
            problem = _condition_problem(implied.when, (subject,), names)
            problem = problem or _value_problem(spec, implied.value)
            if problem:
                raise LawError(f"{file}: fact `{name}`: implied {problem}")
    for subject, nevers in vocabulary.never.items():
        for never in nevers:
            problem = _condition_problem(never.when, (subject,), names)
            if problem:
                raise LawError(f"{file}: never `{never.because}`: {problem}")


def check_laws(
    laws: Mapping[str, Law], places: Mapping[str, Place], vocabulary: Vocabulary
) -> None:
    """Every name a law uses exists, every value is one its fact can take, nothing is circular.

    Raises:
        LawError: the first fault, with file and line.
    """
    for fault in law_faults(laws, places, vocabulary):
        raise fault


def law_faults(
    laws: Mapping[str, Law], places: Mapping[str, Place], vocabulary: Vocabulary
) -> Iterator[LawError]:
    """The first fault of each law that has one, with file and line."""
    ids: dict[str, str] = {}
    for _, law in sorted(laws.items(), key=lambda entry: entry[1].kind == "proposal"):
        try:
            _check_law(law, laws, places, vocabulary, ids)
        except LawError as fault:
            yield fault


def _check_law(
    law: Law,
    laws: Mapping[str, Law],
    places: Mapping[str, Place],
    vocabulary: Vocabulary,
    ids: dict[str, str],
) -> None:
    """Check one law beside the others; `ids` gathers the file of each id."""
    definitions = [other for other in laws.values() if other.kind == "definitions"]
    composed = {part for other in laws.values() for part in other.includes}
    place = places[law.name]
    fault = overlay.fault_of(law, laws)
    if fault:
        raise place.fail(*fault)
    together = _together(law, laws)
    scope = [*definitions, *together]
    names = _Names(
        vocabulary,
        {rule.id: rule for member in scope for rule in member.rules},
        frozenset(route.name for member in scope for route in member.routes),
        {r.id: frozenset(r.options) for member in laws.values() for r in member.readings},
    )
    for key, entry_ids in (
        ("rules", [rule.id for rule in law.rules]),
        ("base", [base.id for base in law.base]),
        ("readings", [reading.id for reading in law.readings]),
    ):
        for index, entry_id in enumerate(entry_ids):
            if entry_id in ids:
                used = f"id `{entry_id}` is used already in {ids[entry_id]}"
                raise place.fail((key, index), used)
            ids[entry_id] = place.file
    _need_actions(law.covers, vocabulary, place, ("covers",))
    for index, base in enumerate(law.base):
        _need_actions(base.actions, vocabulary, place, ("base", index))
    for index, rule in enumerate(law.rules):
        problem = _rule_problem(rule, names)
        if problem:
            raise place.fail(("rules", index), f"rule `{rule.id}`: {problem}")
    if law.kind == "proposal":
        _check_kept(law, together, names, place)
    _check_cycles(names, place, law)
    _check_definitions(names, place, law)
    parts = together if law.kind == "proposal" else overlay.parts_of(law, laws)
    late = timecheck.law_fault(law)
    if not late and law.kind != "definitions" and law.name not in composed:
        late = timecheck.base_fault(law, parts, laws)
    if late:
        raise places[late[0]].fail(*late[1:])


def _check_kept(proposal: Law, together: Iterable[Law], names: _Names, place: Place) -> None:
    """What a proposal leaves of the law that it would change names nothing that is gone."""
    change = "drop" if proposal.drop else "replace"
    own = {rule.id for rule in proposal.rules}
    defined = _defined_by(names.rules.values())
    for rule in (rule for part in together for rule in part.rules if rule.id not in own):
        problem = _rule_problem(rule, names) or _definition_problem(rule, names, defined)
        if problem:
            said = f"with what `{proposal.name}` drops or replaces, rule `{rule.id}`: {problem}"
            raise place.fail((change,), said)


def _together(law: Law, laws: Mapping[str, Law]) -> list[Law]:
    """A law and those it is composed with: they may name each other's rules and routes.

    A proposal comes last, after what it keeps of the law that it would change.
    """
    if law.kind == "definitions":
        return []
    if law.kind == "proposal":
        return list(overlay.parts_of(law, laws))
    names = dict.fromkeys([law.name])
    for other in laws.values():
        if law.name in other.includes:
            names |= dict.fromkeys(other.includes)
    return [laws[name] for name in names if name in laws]


def check_county(
    county: County, place: Place, laws: Mapping[str, Law], vocabulary: Vocabulary
) -> None:
    """The same checks for a county's marks and the conditions of its policies.

    Raises:
        LawError: the first fault, with file and line.
    """
    rules = {rule.id: rule for law in laws.values() for rule in law.rules}
    rules |= {rule.id: rule for rule in county.rules}
    names = _Names(
        vocabulary,
        rules,
        frozenset(route.name for law in laws.values() for route in law.routes),
        {r.id: frozenset(r.options) for law in laws.values() for r in law.readings},
        unpublished_allowed=True,
    )
    for index, rule in enumerate(county.rules):
        problem = "a county's rule can only mark" if not rule.marks else _rule_problem(rule, names)
        if problem:
            raise place.fail(("rules", index), f"rule `{rule.id}`: {problem}")
    for index, policy in enumerate(county.policies):
        problem = _policy_problem(policy, names)
        if problem:
            raise place.fail(("policies", index), f"policy `{policy.id}`: {problem}")
    late = timecheck.policy_fault(county)
    if late:
        index, problem = late
        said = f"policy `{county.policies[index].id}`: {problem}"
        raise place.fail(("policies", index), said)


def rule_fault(rule: Rule, laws: Iterable[Law], vocabulary: Vocabulary) -> str | None:
    """What is wrong with a rule that is asked beside some laws; None if nothing is."""
    together = list(laws)
    rules = {known.id: known for law in together for known in law.rules}
    routes = frozenset(route.name for law in together for route in law.routes)
    names = _Names(vocabulary, rules, routes, {})
    if rule.when is not None and tests_routes(rule):  # a duty may look at what is left open
        return _condition_problem(rule.when, rule.subject, names)
    return _rule_problem(rule, names) or _definition_problem(
        rule, names, _defined_by(rules.values())
    )


def _policy_problem(policy: CountyPolicy, names: _Names) -> str | None:
    actions = names.vocabulary.actions
    for action in policy.actions:
        if action not in actions:
            return f"unknown action `{action}`{did_you_mean(action, actions)}"
    kinds = names.vocabulary.facts["case", "agency.kind"].words
    for kind in policy.binds:
        if kind not in kinds:
            return f"unknown agency kind `{kind}`{did_you_mean(kind, kinds)}"
    for term in policy.actions.values():
        problem = _condition_problem(term.when, ("case",), names) if term.when else None
        if problem:
            return problem
    return None


# ---------------------------------------------------------------- single faults


def _need_actions(actions: Iterable[str], vocabulary: Vocabulary, place: Place, path: Path) -> None:
    for action in actions:
        if action not in vocabulary.actions:
            raise place.fail(
                path, f"unknown action `{action}`{did_you_mean(action, vocabulary.actions)}"
            )


def _rule_problem(rule: Rule, names: _Names) -> str | None:
    if rule.when is not None:
        problem = _condition_problem(rule.when, rule.subject, names)
        if problem:
            return problem
    for subject in rule.subject if rule.defines else ():
        spec = names.vocabulary.get(subject, rule.defines or "")
        if spec is None or spec.origin != "defined" or spec.type != "yes_no":
            return f"defines `{rule.defines}`, which is no defined yes/no fact of a {subject}"
    for action in (*rule.permits, *rule.requires, *rule.excludes, *rule.actions):
        if action not in names.vocabulary.actions:
            return f"unknown action `{action}`{did_you_mean(action, names.vocabulary.actions)}"
    for route in (*rule.bars, *([rule.route] if rule.route else ())):
        if route not in names.routes:
            return f"unknown route `{route}`{did_you_mean(route, names.routes)}"
    for target in rule.notwithstanding:
        if target not in names.rules and target not in names.routes and target != "local":
            return f"unknown target `{target}`{did_you_mean(target, names.rules)}"
    for reading, options in rule.reading.items():
        if reading not in names.readings:
            return f"unknown reading `{reading}`{did_you_mean(reading, names.readings)}"
        for option in options:
            if option not in names.readings[reading]:
                return f"reading `{reading}` has no option `{option}`" + did_you_mean(
                    option, names.readings[reading]
                )
    if tests_routes(rule) and (rule.defines or rule.marks or rule.permits or rule.bars):
        return "a rule that looks at open routes comes after grounds and bars, so it cannot be one"
    return None


def _condition_problem(
    condition: Condition, subjects: tuple[Subject, ...], names: _Names
) -> str | None:
    for leaf in leaves(condition):
        problem = _leaf_problem(leaf, subjects, names)
        if problem:
            return problem
    return None


def _leaf_problem(
    leaf: Test | Found | Open | Unpublished, subjects: tuple[Subject, ...], names: _Names
) -> str | None:
    if isinstance(leaf, Test):
        for subject in subjects:
            spec = names.vocabulary.get(subject, leaf.fact)
            if spec is None:
                known = names.vocabulary.names(subject)
                return f"unknown fact `{leaf.fact}` of a {subject}{did_you_mean(leaf.fact, known)}"
            problem = _test_problem(spec, leaf)
            if problem:
                return problem
        return None
    if subjects != ("case",):
        return "only a rule about the case may look for items, routes or unpublished parts"
    if isinstance(leaf, Found):
        target = names.rules.get(leaf.rule)
        if target is None or target.about_case:
            return f"found: unknown item rule `{leaf.rule}`{did_you_mean(leaf.rule, names.rules)}"
        if not (target.marks or target.permits or target.requires):
            return f"found: `{leaf.rule}` neither marks nor opens anything"
        return "at_least must be 1 or more" if leaf.at_least < 1 else None
    if isinstance(leaf, Open):
        if leaf.route not in names.routes:
            return f"open: unknown route `{leaf.route}`{did_you_mean(leaf.route, names.routes)}"
        return None
    return None if names.unpublished_allowed else "only a policy has unpublished parts"


def _test_problem(spec: FactSpec, test: Test) -> str | None:
    expect = test.expect
    numeric = expect.at_most is not None or expect.at_least is not None
    dated = expect.since is not None or expect.before is not None
    if dated != (spec.type == "date"):
        return f"fact `{spec.name}`: from and before are for dates, and only for them"
    if numeric and spec.type != "number":
        return f"fact `{spec.name}` is no number, so it has no limit"
    for value in expect.values:
        problem = _value_problem(spec, value)
        if problem:
            return f"fact `{spec.name}`: {problem}"
    return None


def _value_problem(spec: FactSpec, value: object) -> str | None:
    if spec.type == "yes_no" and not isinstance(value, bool):
        return f"`{value}` is neither true nor false"
    if spec.type == "word" and spec.words and str(value) not in spec.words:
        allowed = ", ".join(spec.words)
        return f"`{value}` is not one of {allowed}{did_you_mean(str(value), spec.words)}"
    if spec.type == "number" and (isinstance(value, bool) or not isinstance(value, int)):
        return f"`{value}` is not a whole number"
    return None


# ---------------------------------------------------------------- cycles and gaps


def _defined_by(rules: Iterable[Rule]) -> dict[tuple[Subject, str], list[Rule]]:
    found: dict[tuple[Subject, str], list[Rule]] = {}
    for rule in rules:
        for subject in rule.subject if rule.defines else ():
            found.setdefault((subject, rule.defines or ""), []).append(rule)
    return found


def _check_cycles(names: _Names, place: Place, law: Law) -> None:
    graph: dict[str, set[str]] = {}
    for (subject, fact), rules in _defined_by(names.rules.values()).items():
        graph[f"{subject}.{fact}"] = {
            f"{subject}.{used}" for rule in rules for used in facts_of(rule.when)
        }
    cycle = find_cycle(graph)
    if cycle:
        raise place.fail((), f"law `{law.name}`: circular definition: {' -> '.join(cycle)}")
    exceptions = {
        rule.id: set(rule.notwithstanding) & set(names.rules) for rule in names.rules.values()
    }
    cycle = find_cycle(exceptions)
    if cycle:
        raise place.fail((), f"law `{law.name}`: circular exceptions: {' -> '.join(cycle)}")


def _check_definitions(names: _Names, place: Place, law: Law) -> None:
    defined = _defined_by(names.rules.values())
    for index, rule in enumerate(law.rules):
        problem = _definition_problem(rule, names, defined)
        if problem:
            raise place.fail(("rules", index), f"rule `{rule.id}`: {problem}")


def _definition_problem(
    rule: Rule, names: _Names, defined: Mapping[tuple[Subject, str], list[Rule]]
) -> str | None:
    for subject in rule.subject:
        for fact in facts_of(rule.when):
            spec = names.vocabulary.facts[subject, fact]
            if spec.origin == "defined" and (subject, fact) not in defined:
                return f"no rule defines `{fact}` for a {subject}"
    return None
