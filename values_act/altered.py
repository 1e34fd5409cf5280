"""A copy of the law with rules added or left out, for what is asked of it and never stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

from models.law import Law, Rule
from values_act.library import Library


class Altered(Library):
    """The law of a library with further definitions, or without some rules.

    Facts, catalogue and counties are those of the library; nothing is checked again.

    Args:
        library: the law as it is.
        add: a law of kind `definitions`, whose rules bear on every law.
        drop: ids of rules that are left out of every law.
    """

    def __init__(
        self, library: Library, add: Law | None = None, drop: Collection[str] = ()
    ) -> None:
        super().__init__(library.root)
        _ = library.vocabulary, library.enacted, library.catalogue  # read once, for both
        own = {"_parts", "definitions"}
        self.__dict__ |= {k: v for k, v in library.__dict__.items() if k not in own}
        self._under = library
        self._add = add
        self._drop = frozenset(drop)

    def parts(self, name: str) -> tuple[Law, ...]:
        """The laws that a law is made of, without what is left out."""
        if name not in self._parts:
            self._parts[name] = tuple(self._without(self._under.parts(name)))
        return self._parts[name]

    @cached_property
    def definitions(self) -> tuple[Law, ...]:
        """The laws that define, and what is added."""
        added = (self._add,) if self._add is not None else ()
        return (*self._without(self._under.definitions), *added)

    def _without(self, laws: Iterable[Law]) -> Iterable[Law]:
        for law in laws:
            kept = tuple(rule for rule in law.rules if rule.id not in self._drop)
            same = len(kept) == len(law.rules)
            yield law if same else law.model_copy(update={"rules": kept})


def rules_of(library: Library, law: str) -> dict[str, Rule]:
    """Every rule of a law and of the definitions, by id, whatever its days."""
    laws = (*library.definitions, *library.parts(law))
    return {rule.id: rule for part in laws for rule in part.rules}
