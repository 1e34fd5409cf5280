"""Decision diagrams against truth tables of small functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from itertools import combinations, product
from random import Random

import pytest

from values_act.errors import EngineError
from values_act.readers.mdd import FALSE, LEAF, TRUE, Mdd

SIZES = {0: 2, 1: 3, 4: 2, 9: 3}  # number of values by level; levels need not be next to each other
LEVELS = list(SIZES)
POINTS = list(product(*(range(size) for size in SIZES.values())))
TRIALS = 40
Point = tuple[int, ...]
Table = dict[Point, Hashable]


def table(rng: Random, values: list[Hashable]) -> Table:
    """A random function, now and then of few variables."""
    used = [rng.random() < 0.7 for _ in LEVELS]
    found: Table = {}
    for point in POINTS:
        key = tuple(at if use else 0 for at, use in zip(point, used, strict=True))
        found[point] = found.get(key, rng.choice(values))
    return found


def built(mdd: Mdd, of: Table) -> int:
    def down(point: Point) -> int:
        if len(point) == len(LEVELS):
            return mdd.leaf(of[point])
        level = LEVELS[len(point)]
        return mdd.node(level, tuple(down((*point, i)) for i in range(SIZES[level])))

    return down(())


def of(mdd: Mdd, node: int) -> Table:
    """The truth table of a diagram, by walking down it."""

    def value(point: Point) -> Hashable:
        at, place = node, dict(zip(LEVELS, point, strict=True))
        while mdd.level[at] < LEAF:
            at = mdd.kids[at][place[mdd.level[at]]]
        return mdd.values[at]

    return {point: value(point) for point in POINTS}


def numbered(trials: int = TRIALS) -> Iterator[tuple[Random, Mdd]]:
    for seed in range(trials):
        yield Random(seed), Mdd()


def pair(rng: Random, mdd: Mdd, values: list[Hashable]) -> tuple[Table, Table, int, int]:
    a, b = table(rng, values), table(rng, values)
    return a, b, built(mdd, a), built(mdd, b)


def moved(point: Point, place: int, index: int) -> Point:
    return (*point[:place], index, *point[place + 1 :])


def neighbours(point: Point, place: int) -> list[Point]:
    """Points that differ from one in one variable at most."""
    return [moved(point, place, i) for i in range(SIZES[LEVELS[place]])]


def test_and_or_and_not_are_those_of_truth_tables() -> None:
    for rng, mdd in numbered():
        a, b, x, y = pair(rng, mdd, [False, True])
        assert of(mdd, mdd.both(x, y)) == {p: a[p] and b[p] for p in POINTS}
        assert of(mdd, mdd.either(x, y)) == {p: a[p] or b[p] for p in POINTS}
        assert of(mdd, mdd.no(x)) == {p: not a[p] for p in POINTS}
        assert mdd.all([x, y]) == mdd.both(y, x)
        assert mdd.any([x, y]) == mdd.either(y, x)
    assert (mdd.all([]), mdd.any([])) == (TRUE, FALSE)


def test_equal_functions_are_the_same_node() -> None:
    for rng, mdd in numbered():
        a, b, x, y = pair(rng, mdd, [False, True])
        assert mdd.no(mdd.both(x, y)) == mdd.either(mdd.no(x), mdd.no(y))
        assert mdd.both(x, mdd.no(x)) == FALSE
        assert mdd.either(x, mdd.no(x)) == TRUE
        assert mdd.no(mdd.no(x)) == x
        for found in (mdd.both(x, y), mdd.either(x, y), mdd.no(y)):
            assert built(mdd, of(mdd, found)) == found
        assert (a == b) is (x == y)


def test_values_that_python_calls_equal_are_other_leaves() -> None:
    mdd = Mdd()
    assert len({mdd.leaf(0), mdd.leaf(False), mdd.leaf(1), mdd.leaf(True)}) == 4
    assert (mdd.leaf(False), mdd.leaf(True)) == (FALSE, TRUE)


def test_operations_on_values_are_those_of_truth_tables() -> None:
    def halved(value: int) -> int:
        return value // 2

    def less(value: int, other: int) -> int:
        return value - other

    for rng, mdd in numbered():
        a, b, x, y = pair(rng, mdd, [0, 1, 2, 3])
        assert of(mdd, mdd.map(halved, x)) == {p: halved(a[p]) for p in POINTS}  # type: ignore[arg-type]
        wanted = {p: less(a[p], b[p]) for p in POINTS}  # type: ignore[arg-type]
        assert of(mdd, mdd.apply(less, x, y)) == wanted
        assert of(mdd, mdd.apply(less, x, y, mdd.leaf(0))) == wanted
        assert mdd.leaves(x) == set(a.values())


def test_a_function_for_each_value_of_a_variable_may_hang_on_any_others() -> None:
    for rng, mdd in numbered():
        place = rng.randrange(len(LEVELS))
        level = LEVELS[place]
        parts = [table(rng, [False, True]) for _ in range(SIZES[level])]
        found = mdd.choose(level, [built(mdd, part) for part in parts])
        assert of(mdd, found) == {p: parts[p[place]][p] for p in POINTS}
        for index in range(SIZES[level]):
            chosen = of(mdd, mdd.is_value(level, SIZES[level], index))
            assert chosen == {p: p[place] == index for p in POINTS}


def test_a_variable_may_be_fixed_or_several() -> None:
    for rng, mdd in numbered():
        a = table(rng, [0, 1, 2])
        x = built(mdd, a)
        place = rng.randrange(len(LEVELS))
        for index in range(SIZES[LEVELS[place]]):
            fixed = mdd.given(x, LEVELS[place], index)
            assert of(mdd, fixed) == {p: a[moved(p, place, index)] for p in POINTS}
        point = rng.choice(POINTS)
        few = rng.sample(range(len(LEVELS)), rng.randrange(len(LEVELS) + 1))
        found = mdd.at(x, {LEVELS[i]: point[i] for i in few})
        places = {p: tuple(point[i] if i in few else p[i] for i in range(len(p))) for p in POINTS}
        assert of(mdd, found) == {p: a[places[p]] for p in POINTS}


def test_a_variable_decides_where_it_alone_makes_values_clash() -> None:
    def far(a: int, b: int) -> bool:
        return abs(a - b) > 1

    clashing = 0
    for rng, mdd in numbered():
        a, b, x, y = pair(rng, mdd, [0, 1, 1, 2])
        deciding = {
            level
            for place, level in enumerate(LEVELS)
            if any(far(a[p], a[q]) for p in POINTS for q in neighbours(p, place))  # type: ignore[arg-type]
        }
        assert mdd.deciding(x, far) == deciding
        assert mdd.differ(x, y, far) is any(far(a[p], b[p]) for p in POINTS)  # type: ignore[arg-type]
        clashing += 0 < len(deciding) < len(mdd.nodes(x))
    assert clashing


def test_paths_are_apart_and_cover_all_that_is_wanted() -> None:
    for rng, mdd in numbered():
        a = table(rng, [0, 1, 2])
        regions = list(mdd.paths(built(mdd, a), lambda value: value != 1))
        inside = {
            p: sum(
                all(at in region.get(level, (at,)) for level, at in zip(LEVELS, p, strict=True))
                for region in regions
            )
            for p in POINTS
        }
        assert inside == {p: int(a[p] != 1) for p in POINTS}


@pytest.mark.parametrize("wanted", [lambda value: value == 2, lambda value: value != 0])
def test_smallest_changes_are_those_found_by_trying_all(wanted: Callable[[object], bool]) -> None:
    sizes = set()
    for rng, mdd in numbered():
        a = table(rng, [0, 0, 0, 0, 1, 2])
        now = rng.choice(POINTS)
        does: list[frozenset[int]] = []
        for size in range(len(LEVELS) + 1):
            for places in combinations(range(len(LEVELS)), size):
                changed = [
                    p for p in POINTS if all(p[i] == now[i] for i in range(4) if i not in places)
                ]
                levels = frozenset(LEVELS[i] for i in places)
                if any(wanted(a[p]) for p in changed) and not any(s <= levels for s in does):
                    does.append(levels)
        places = dict(zip(LEVELS, now, strict=True))
        found = mdd.ways(
            built(mdd, a),
            lambda level, index, places=places: [  # type: ignore[misc]
                frozenset() if index == places[level] else frozenset({level})
            ],
            lambda value: wanted(value) or None,
        ).get(True, [])
        assert set(found) == set(does)
        assert len(found) == len(does)
        assert [len(levels) for levels in found] == sorted(map(len, found))
        sizes |= set(map(len, found))
    assert {0, 1, 2} <= sizes


def test_smallest_moves_are_those_found_by_trying_all() -> None:
    """A variable may do alone at one value, and at another only with a second one."""
    besides = 0
    for rng, mdd in numbered():
        a = table(rng, [0, 0, 0, 0, 1])
        now = rng.choice(POINTS)
        moves = {
            p: frozenset((LEVELS[i], p[i]) for i in range(4) if p[i] != now[i]) for p in POINTS
        }
        does: list[frozenset[tuple[int, int]]] = []
        for point in sorted(POINTS, key=lambda p: len(moves[p])):
            if a[point] == 1 and not any(part <= moves[point] for part in does):
                does.append(moves[point])
        places = dict(zip(LEVELS, now, strict=True))
        found = mdd.smallest_moves(built(mdd, a), places, lambda value: value == 1)
        assert set(found) == set(does)
        assert len(found) == len(does)
        levels = [{level for level, _ in each} for each in does]
        besides += any(one < other for one in levels for other in levels)
    assert besides >= 5


def test_counts_of_fillings_are_those_of_truth_tables() -> None:
    for rng, mdd in numbered():
        a = table(rng, ["x", "y", "z"])
        root = built(mdd, a)
        assert mdd.counts(root, SIZES) == Counter(a.values())
        for level, tables in mdd.tables(root, SIZES).items():
            for index, found in enumerate(tables):
                own = (value for p, value in a.items() if p[LEVELS.index(level)] == index)
                assert +found == Counter(own), (level, index)


def union(a: frozenset[int], b: frozenset[int]) -> frozenset[int]:
    return a | b


def sets(rng: Random) -> Table:
    return table(rng, [frozenset({n}) for n in range(4)])


def test_what_is_forgotten_joins_all_it_may_be() -> None:
    for rng, mdd in numbered():
        a = sets(rng)
        gone = rng.sample(range(len(LEVELS)), rng.randrange(4))
        found = mdd.forget(built(mdd, a), {LEVELS[i] for i in gone}, union)
        for p in POINTS:
            same = [a[q] for q in POINTS if all(q[i] == p[i] for i in range(4) if i not in gone)]
            assert of(mdd, found)[p] == frozenset().union(*same)  # type: ignore[arg-type]


def test_a_widened_variable_has_one_more_value_for_several() -> None:
    for rng, mdd in numbered():
        a = sets(rng)
        place = rng.randrange(len(LEVELS))
        size = SIZES[LEVELS[place]]
        some = rng.sample(range(size), 2)
        found = mdd.widen(built(mdd, a), {LEVELS[place]: some}, union)
        assert of(mdd, found) == a  # the old values are as they were
        left = of(mdd, mdd.given(found, LEVELS[place], size))
        for p in POINTS:
            both = [a[moved(p, place, i)] for i in some]
            assert left[p] == union(*both)  # type: ignore[arg-type]


def test_reach_is_all_that_the_variables_above_leave() -> None:
    for rng, mdd in numbered():
        a = table(rng, [0, 1, 2])
        place = rng.randrange(len(LEVELS) + 1)
        first = LEVELS[place] if place < len(LEVELS) else LEVELS[-1] + 1
        found = of(mdd, mdd.reach(built(mdd, a), first))
        for p in POINTS:
            assert found[p] == {a[q] for q in POINTS if q[place:] == p[place:]}


def test_ends_may_be_replaced() -> None:
    for rng, mdd in numbered(10):
        a = table(rng, [0, 1, 2])
        labels = {mdd.leaf(n): mdd.leaf(n % 2) for n in range(3)}
        found = mdd.relabel(built(mdd, a), labels)
        assert of(mdd, found) == {p: a[p] % 2 for p in POINTS}  # type: ignore[operator]


def test_a_store_that_outgrows_its_limit_says_so() -> None:
    mdd = Mdd(limit=4)
    made = [mdd.is_value(level, 2, 0) for level in (0, 1)]
    with pytest.raises(EngineError, match=r"outgrew its limit of 4 nodes; no answer is given"):
        mdd.both(*made)
