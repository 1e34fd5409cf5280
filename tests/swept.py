"""The bench of `tests.dropped` for what possibly holds too, and a sweep over many programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zlib import crc32

from models.law import Found
from tests.dropped import Bench, Check, Demand, Entry, base_of, no_bound
from tests.witness import Given, Search

Key = tuple[object, ...]


def alone(entry: Entry, check: Check) -> bool:
    """Whether a rule on what is possible tests one field only.

    It is asked only while that field is unknown, and what is unknown may always be so.
    """
    fields = {field for field, rules in entry.level.tested_by.items() if entry.rule in rules}
    return not entry.sure and fields == {base_of(check)}


class WideBench(Bench):
    """Tries more: with readings left open, and with the items that other tests look for."""

    def _starts(self, search: Search, entry: Entry, index: int) -> list[Given]:
        """The readings to begin from: left open, or those that the rule asks for, but one shut."""
        rule = self.program.rules.get(entry.rule)
        starts: list[Given] = [{}] if rule is None or not rule.reading or not entry.sure else []
        if rule and rule.reading:
            starts += self._live(search, rule, entry, index)
        if entry.subject == "case":
            starts += [{**self._plain(), **start} for start in starts]
        return starts

    def _ways(self, entry: Entry, index: int) -> list[Sequence[Demand]]:
        ways = super()._ways(entry, index)
        if base_of(entry.checks[index]) in self.gates and not entry.sure:
            return [[]]  # the reading is shut, so no alternative holds
        if entry.sure:
            return ways
        met = [self.condition(entry, check) for check in entry.others(index)]
        items: list[Demand] = [(want, True) for want in met if isinstance(want, Found)]
        return [*ways, *([*items, *way] for way in ways if items)]


class Sweep:
    """Every test of every rule dropped once: how each was shown, and what was not.

    Of the rules on what surely holds, or of those on what possibly holds; of one of several shares
    of them, so that the sweep may be divided.
    """

    def __init__(self, *, sure: bool, share: int = 0, shares: int = 1) -> None:
        self.sure = sure
        self.share = share
        self.shares = shares
        self.impossible: set[tuple[str, str]] = set()  # shown only by facts that no case may have
        self.without_tests: list[str] = []  # rules that always hold
        self._unseen: dict[Key, tuple[str, str]] = {}
        self._done: set[Key] = set()

    @property
    def unseen(self) -> list[tuple[str, str]]:
        return list(self._unseen.values())

    def has(self, rule: str) -> bool:
        """Whether a rule or a policy falls to this share."""
        return crc32(rule.encode()) % self.shares == self.share

    def add(self, bench: Bench) -> None:
        """Sweep one program; a rule that an earlier program had just so is not swept again."""
        for entry in bench.entries:
            rule = bench.name_of(entry)
            key: Key = (rule, entry.subject, *map(str, entry.checks))
            if entry.sure is not self.sure or not self.has(rule):
                continue
            if key in self._done and rule == entry.rule:
                continue
            for index in asked(entry):
                # a policy shows only on a day when the law leaves something open: it is tried on
                if key not in self._done or (*key, index) in self._unseen:
                    self._check(bench, entry, index, (*key, index))
            if not entry.checks:
                self.without_tests.append(rule)
            self._done.add(key)

    def _check(self, bench: Bench, entry: Entry, index: int, key: Key) -> None:
        rule, check = bench.name_of(entry), entry.checks[index]
        line = bench.shown(entry, index).line
        if line is None and key not in self._unseen:
            line = bench.shown(entry, index, real=False).line
            if line is not None:
                self.impossible.add((rule, str(check)))
        if line is None or (rule == entry.rule and f"`{rule}`" not in line):
            self._unseen[key] = (rule, str(check))
        else:
            self._unseen.pop(key, None)


def asked(entry: Entry) -> Iterator[int]:
    """Which tests of an entry can be dropped with an effect at all."""
    for index, check in enumerate(entry.checks):
        if not no_bound(check) and not alone(entry, check):
            yield index
