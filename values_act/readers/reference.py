"""The reference evaluator: the meaning of the rule language, written to be read.

For a case whose facts are all known this is the specification. Where facts are unknown the same
code works in three values and gives a bound: what surely and what possibly holds.
The stages, in order: definitions, item bars, counts, rules about the case, bars, what is left on
each route, exclusions and requirements, local policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from models.law import Outcome, Rule
from values_act.kleene import Context, Truth, all_of, any_of, holds, negate
from values_act.program import LOCAL, LocalRule, Program
from values_act.readers.lifted import Lifted
from values_act.records import Facts, Record, derived
from values_act.vocabulary import Open, Values

Choices = Mapping[str, str | None]  # reading -> the option taken; None where it is left open
MANY = 1_000  # items that a list left open may hold, for counts
UNSETTLED = Open((True, False))


def gate(rule: Rule, readings: Choices) -> Truth:
    """Whether a rule is live under the readings taken."""
    result: Truth = True
    for reading, options in rule.reading.items():
        option = readings.get(reading)
        if option is None:
            result = None
        elif option not in options:
            return False
    return result


# ---------------------------------------------------------------- one item


@dataclass(slots=True)
class ItemView:
    """An item with its derived and defined facts, and the truth of each rule about it."""

    record: Record
    values: Values
    truths: dict[str, Truth]  # every rule of the subject, under the readings taken
    bare: dict[str, Truth]  # the same, whatever reading the rule itself asks for
    effective: dict[str, Truth]  # effects that survive item bars


def view_item(
    program: Program,
    facts: Facts,
    record: Record,
    readings: Choices,
    values: Values | None = None,
) -> ItemView:
    """Evaluate every rule about one item; `values` supposes other facts than the record's."""
    known: Values = dict(record.values if values is None else values)
    known |= derived(program.vocabulary, record, facts, readings, known)
    truths: dict[str, Truth] = {}
    bare: dict[str, Truth] = {}
    _define(program.definitions[record.subject], known, readings, truths, bare)
    for rule in program.effects[record.subject]:
        bare[rule.id] = holds(rule.when, known)
        truths[rule.id] = all_of([bare[rule.id], gate(rule, readings)])
    return ItemView(record, known, truths, bare, after_item_bars(program, record, truths))


def _define(
    rules: Sequence[Rule],
    values: Values,
    readings: Choices,
    truths: dict[str, Truth],
    bare: dict[str, Truth],
    context: Context | None = None,
) -> None:
    """Several rules that define one fact are alternatives; one that holds settles it."""
    for rule in rules:
        bare[rule.id] = holds(rule.when, values, context or Context())
        truth = truths[rule.id] = all_of([bare[rule.id], gate(rule, readings)])
        name = rule.defines or ""
        if truth is True or values.get(name) is True:
            values[name] = True
        elif truth is None or isinstance(values.get(name), Open):
            values[name] = UNSETTLED
        else:
            values[name] = False


def after_item_bars(
    program: Program, record: Record, truths: Mapping[str, Truth]
) -> dict[str, Truth]:
    effects = program.effects[record.subject]
    bars = [bar for bar in effects if bar.scope == "item" and truths[bar.id] is not False]
    left: dict[str, Truth] = {}
    for rule in effects:
        if rule.scope == "item":
            continue
        closing = [b for b in bars if rule.marks or rule.requires or rule.route in b.bars]
        truth = all_of([truths[rule.id], negate(any_of([truths[bar.id] for bar in closing]))])
        left[rule.id] = None if record.phantom and truth is True else truth
    return left


# ---------------------------------------------------------------- counts


@dataclass(slots=True)
class Holdings:
    """What the items of a case come to: does a rule hold for any, and for how many."""

    held: dict[str, Truth] = field(default_factory=dict)
    found: dict[tuple[str, bool], tuple[int, int]] = field(default_factory=dict)


def holdings(program: Program, views: Iterable[ItemView]) -> Holdings:
    """Fold the items: each rule holds for the case if it holds for at least one of them."""
    total = Holdings()
    events: dict[str, tuple[set[str], int, set[str], int]] = {}
    for view in views:
        for rule_id, truth in view.effective.items():
            total.held[rule_id] = any_of([total.held.get(rule_id, False), truth])
            if rule_id not in program.counted or truth is False:
                continue
            low, high = total.found.get((rule_id, False), (0, 0))
            more = MANY if view.record.phantom else 1
            total.found[rule_id, False] = (low + (truth is True), high + more)
            sure, blank_sure, possible, blank = events.get(rule_id, (set(), 0, set(), 0))
            event = view.record.event
            if event is None:
                blank += more
                blank_sure += truth is True
            else:
                possible = possible | {event}
                sure = sure | ({event} if truth is True else set())
            events[rule_id] = (sure, blank_sure, possible, blank)
    for rule_id, (sure, blank_sure, possible, blank) in events.items():
        # items of an unnamed event may all be one event with each other and with a named one
        least = len(sure) or min(1, blank_sure)
        total.found[rule_id, True] = (least, len(possible) + blank)
    return total


# ---------------------------------------------------------------- the case


@dataclass(slots=True)
class Supposition:
    """A filling of what is not a fact of the case: unpublished parts, uncertain policy dates."""

    published: Mapping[str, bool] = field(default_factory=dict)
    live: Mapping[str, bool] = field(default_factory=dict)


@dataclass(slots=True)
class LocalResult:
    rule: LocalRule
    open: Truth
    outcomes: frozenset[Outcome]


@dataclass(slots=True)
class Judgment:
    """The outcomes that the facts leave possible, and what stands behind them."""

    truths: dict[str, Truth]
    bare: dict[str, Truth]
    values: Values
    context: Context
    grounds: dict[str, Truth]  # permitting rules left after bars and exceptions
    shut: dict[str, tuple[str, ...]]  # ground -> bars that surely close it
    compelled: dict[str, Truth]
    excluded: dict[str, Truth]
    local_off: Truth
    state: frozenset[Outcome]
    local: list[LocalResult]
    outcomes: frozenset[Outcome]


@dataclass(slots=True)
class CaseView:
    """The case with its defined facts, and the truth of each rule about it."""

    values: Values
    truths: dict[str, Truth]
    bare: dict[str, Truth]
    context: Context


def view_case(
    program: Program,
    case: Record,
    held: Holdings,
    readings: Choices,
    values: Values | None = None,
    supposed: Supposition | None = None,
) -> CaseView:
    """Evaluate every rule about the case, those that look at routes apart."""
    known: Values = dict(case.values if values is None else values)
    context = Context(held.found, {}, supposed.published if supposed else {})
    truths: dict[str, Truth] = {}
    bare: dict[str, Truth] = {}
    _define(program.definitions["case"], known, readings, truths, bare, context)
    for rule in program.effects["case"]:
        bare[rule.id] = holds(rule.when, known, context)
        truths[rule.id] = all_of([bare[rule.id], gate(rule, readings)])
    return CaseView(known, truths, bare, context)


def judge(
    program: Program,
    case: Record,
    held: Holdings,
    readings: Choices,
    values: Values | None = None,
    supposed: Supposition | None = None,
    own: CaseView | None = None,
) -> Judgment:
    """Decide the case from its own facts and what its items come to.

    `own` is a view of the case's own rules already made, good while no counts have changed.
    """
    supposed = supposed or Supposition()
    own = own or view_case(program, case, held, readings, values, supposed)
    truths, bare, context = dict(own.truths), dict(own.bare), own.context
    truth = {
        rule.id: truths[rule.id] if rule.id in truths else held.held.get(rule.id, False)
        for rule in program.weighed
    }
    lifted = Lifted(program, program.weighed, truth)
    bars = [(rule, lifted.force(rule)) for rule in program.weighed if rule.bars]
    grounds: dict[str, Truth] = {}
    shut: dict[str, tuple[str, ...]] = {}
    routes: dict[str, Truth] = {}
    for rule in program.weighed:
        if not rule.permits:
            continue
        route = rule.route or ""
        if truth[rule.id] is False:
            grounds[rule.id], shut[rule.id] = False, ()
            routes.setdefault(route, False)
            continue
        closing = [(bar, force) for bar, force in bars if route in bar.bars and force is not False]
        closed = any_of([force for _, force in closing])
        lifts = any_of([lifted(rule.id), lifted(route)])
        grounds[rule.id] = all_of([truth[rule.id], negate(closed), negate(lifts)])
        shut[rule.id] = tuple(bar.id for bar, force in closing if force is True)
        routes[route] = any_of([routes.get(route, False), grounds[rule.id]])
    context.routes = routes
    everything = program.weighed
    if program.late:
        for rule in program.late:
            bare[rule.id] = holds(rule.when, own.values, context)
            truths[rule.id] = all_of([bare[rule.id], gate(rule, readings)])
            truth[rule.id] = truths[rule.id]
        everything = (*program.weighed, *program.late)
        lifted = Lifted(program, everything, truth)
    compelled = {rule.id: lifted.force(rule) for rule in everything if rule.requires}
    excluded = {rule.id: lifted.force(rule) for rule in everything if rule.excludes}
    judgment = Judgment(
        truths, bare, own.values, context, grounds, shut, compelled, excluded, lifted(LOCAL),
        frozenset(), [], frozenset(),
    )  # fmt: skip
    judgment.state = _outcomes(program, judgment, True)
    for item in program.local:
        if supposed.live.get(item.policy.id) is not False:
            opened = _policy_open(item, judgment, supposed)
            found = _outcomes(program, judgment, opened)
            judgment.local.append(LocalResult(item, opened, found))
    judgment.outcomes = _with_local(program, judgment, readings, supposed)
    return judgment


def _policy_open(item: LocalRule, judgment: Judgment, supposed: Supposition) -> Truth:
    term = item.term
    if term.rule == "when":
        opened = holds(term.when, judgment.values, judgment.context)
    elif term.rule == "unpublished":
        opened = judgment.context.published.get(term.name or "")
    else:
        opened = term.rule == "open"
    if item.in_force is None and item.policy.id not in supposed.live:
        return any_of([opened, None])
    return opened


def _outcomes(program: Program, judgment: Judgment, opened: Truth) -> frozenset[Outcome]:
    """Outcomes that stay possible where local policy is `opened`; state law alone is open."""
    return frozenset(_ladder(program, judgment, any_of([opened, judgment.local_off])))


def _ladder(program: Program, judgment: Judgment, free: Truth) -> Iterable[Outcome]:
    rules = program.rules
    compelled = [
        truth if LOCAL in rules[key].notwithstanding else all_of([truth, free])
        for key, truth in judgment.compelled.items()
        if truth is not False
    ]
    opened = [
        all_of([truth, free]) if yields(program, rules[key].route) else truth
        for key, truth in judgment.grounds.items()
        if truth is not False
    ]
    steps: tuple[tuple[list[Truth], Outcome], ...] = (
        (list(judgment.excluded.values()), "not_regulated"),
        (compelled, "required"),
        (opened, "permitted"),
    )
    for truths, outcome in steps:
        truth = any_of(truths)
        if truth is not False:
            yield outcome
        if truth is True:
            return
    base = program.base
    if base is None or (base.outcome == "permitted" and yields(program, base.route)):
        if free is not False:
            yield base.outcome if base else "not_regulated"
        if free is not True:
            yield "prohibited"
    else:
        yield base.outcome


def yields(program: Program, route: str | None) -> bool:
    """Whether local policy can close a route; an unnamed one is taken to yield."""
    known = program.routes.get(route or "")
    return known is None or known.yields_to_local


def _with_local(
    program: Program, judgment: Judgment, readings: Choices, supposed: Supposition
) -> frozenset[Outcome]:
    if not judgment.local:
        return judgment.state
    results = judgment.local
    reading = program.local_reading
    option = readings.get(reading.id) if reading else None
    if option is not None:
        own = [result for result in results if result.rule.policy.authority == option]
        # if it is not sure that any of them is live, the others may have to decide
        certain = any(r.rule.in_force is not None or r.rule.policy.id in supposed.live for r in own)
        results = own if certain else results
    return frozenset(outcome for result in results for outcome in result.outcomes)


# ---------------------------------------------------------------- whole cases


@dataclass(slots=True)
class View:
    items: list[ItemView]
    held: Holdings
    case: CaseView
    judgment: Judgment


def evaluate(program: Program, facts: Facts, readings: Choices) -> View:
    """Evaluate a case as it stands: exact if all is known, else a sound bound."""
    items = [view_item(program, facts, record, readings) for record in facts.items]
    held = holdings(program, items)
    own = view_case(program, facts.case, held, readings)
    return View(items, held, own, judge(program, facts.case, held, readings, own=own))
