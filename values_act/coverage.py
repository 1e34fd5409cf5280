"""Which rules, tests, readings, days, lists and policies scenarios exercise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from models.law import Condition, Law, Rule, Unpublished
from models.policy import County, CountyPolicy, Term
from values_act.coverage_dates import dates_of
from values_act.coverage_lists import lists_of
from values_act.coverage_watch import Row, Seen, Watch, rules_of, terms_of
from values_act.coverage_whole import Coverage
from values_act.covered import BaseCover, OptionCover, RuleCover, TermCover, TestCover
from values_act.errors import InputError, did_you_mean
from values_act.library import Library
from values_act.readers.painted import Piece, pieces, placed_leaves, truth_under, turning
from values_act.scenarios import Placed

DECIDE = frozenset({"permits", "requires", "bars", "excludes"})


def laws_asked(library: Library, name: str | None) -> tuple[Law, ...]:
    """A law with those it is made of, or every law; a proposal is its own rules alone.

    Raises:
        InputError: there is no such law.
    """
    laws = library.laws
    if name is None:
        return tuple(laws.values())
    if name not in laws:
        known = ", ".join(sorted(laws))
        raise InputError(f"unknown law `{name}`; laws: {known}{did_you_mean(name, laws)}")
    return (laws[name], *(laws[part] for part in laws[name].includes))


def measure(library: Library, placed: Iterable[Placed], law: str | None = None) -> Coverage:
    """Decide scenarios, and say what of the law they exercise.

    Args:
        library: the loaded law.
        placed: the scenarios, in order.
        law: the law that alone is looked at, without policies and lists; none: everything.

    Raises:
        InputError: there is no such law.
    """
    laws = laws_asked(library, law)
    watch = Watch(library)
    read = 0
    for one in placed:
        watch.look(one)
        read += 1
    return assemble(library, watch.seen, laws, law, read)


def assemble(
    library: Library, seen: Seen, laws: tuple[Law, ...], law: str | None, read: int
) -> Coverage:
    """Everything there is to exercise, with what did."""
    counties = () if law else tuple(library.counties())
    homes = [(part.name, part.title) for part in laws]
    homes += [(county.county, f"{county.county} County") for county in counties]
    names = dict(homes)
    titles = {rule.id: rule.title for _, rule in rules_of(library)}
    return Coverage(
        law=law,
        digest=library.digest,
        homes=tuple(homes),
        read=read,
        todo=seen.todo,
        failed=tuple(seen.failed),
        rules=tuple(
            _rule(library, seen, home, rule, titles)
            for home, rule in rules_of(library)
            if home in names
        ),
        bases=tuple(
            BaseCover(base.id, part.name, base.cite, base.title, base.text,
                      seen.told(seen.decided.get((base.id, ""), ())))
            for part in laws for base in part.base
        ),
        terms=tuple(_term(library, seen, *entry, titles) for entry in terms_of(counties)),
        options=tuple(
            OptionCover(reading.id, reading.question, option,
                        seen.told(seen.taken.get((reading.id, option), ())),
                        seen.told(seen.named.get((reading.id, option), ())))
            for part in laws for reading in part.readings for option in reading.options
        ),
        dates=dates_of(library, seen.stands, seen.told, law, counties),
        lists=lists_of(library, seen.stands) if law is None else (),
    )  # fmt: skip


def _rule(
    library: Library, seen: Seen, home: str, rule: Rule, titles: Mapping[str, str]
) -> RuleCover:
    rows = seen.rows.get((rule.id, ""), {})
    cut = pieces(library.vocabulary, rule.subject[0], rule.when, titles)
    held, failed = _truths(rule.when, rows)
    return RuleCover(
        id=rule.id,
        home=home,
        cite=rule.cite,
        title=rule.title,
        text=rule.text,
        pieces=tuple(cut),
        tests=_tests(seen, rule.when, cut, rows),
        held=seen.told(held),
        failed=seen.told(failed),
        decided=seen.told(seen.decided.get((rule.id, ""), ())),
        decides=rule.effect in DECIDE,
    )


def _term(
    library: Library, seen: Seen, county: County, policy: CountyPolicy, act: str, term: Term,
    titles: Mapping[str, str],
) -> TermCover:  # fmt: skip
    owner = (policy.id, act)
    cut = [Piece(term.rule)]
    if term.rule == "when":
        cut = [Piece("open when "), *pieces(library.vocabulary, "case", term.when, titles)]
    elif term.rule == "unpublished":
        cut = [Piece(f"not published: {term.name}")]
    return TermCover(
        policy=policy.id,
        county=county.county,
        cite=policy.cite,
        title=policy.title,
        act=act,
        pieces=tuple(cut),
        tests=_tests(seen, term.when, cut, seen.rows.get(owner, {})),
        bound=seen.told(seen.bound.get(owner, ())),
        decided=seen.told(seen.decided.get(owner, ())),
        decides=term.rule != "open",
    )


def _truths(condition: Condition | None, rows: Mapping[Row, set[int]]) -> tuple[set[int], set[int]]:
    """Scenarios in which a condition surely held, and in which it surely failed."""
    held, failed = set[int](), set[int]()
    for row, numbers in rows.items():
        truth = truth_under(condition, row)
        if truth is not None:
            (held if truth else failed).update(numbers)
    return held, failed


def _tests(
    seen: Seen, condition: Condition | None, cut: Iterable[Piece], rows: Mapping[Row, set[int]]
) -> tuple[TestCover, ...]:
    placed = list(placed_leaves(condition))
    true, false, turned = ([set[int]() for _ in placed] for _ in range(3))
    for row, numbers in rows.items():
        for index, truth in enumerate(row):
            if truth is not None:
                (true if truth else false)[index].update(numbers)
        for index in turning(condition, row):
            turned[index].update(numbers)
    said = {piece.path: piece.text for piece in cut if piece.path is not None}
    return tuple(
        TestCover(path, said[path], seen.told(true[n]), seen.told(false[n]),
                  seen.told(turned[n]), not isinstance(leaf, Unpublished))
        for n, (path, leaf) in enumerate(placed)
    )  # fmt: skip
