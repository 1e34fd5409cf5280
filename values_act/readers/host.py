"""A durable_rules host that starts no threads and gives back what its rulesets take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

try:
    import durable_rules_engine
    from durable.engine import Host
except ImportError as error:  # not built for this Python: the program says so and goes on
    WHY_MISSING: str | None = str(error)
    Host = object
else:
    WHY_MISSING = None


class QuietHost(Host):  # type: ignore[misc]  # the package is untyped
    """A host without the stock one's endless timer threads, which would run actions themselves."""

    def _run(self) -> None:
        pass

    @property
    def names(self) -> set[str]:
        """Names of the rulesets that are kept."""
        return set(self._ruleset_directory)

    def register(self, name: str, definition: Mapping[str, Mapping[str, Any]]) -> None:
        # the host takes what it is given apart, so it gets copies
        self.set_rulesets({name: {key: dict(rule) for key, rule in definition.items()}})

    def free(self, name: str) -> None:
        """Drop a ruleset, if it is still kept; the stock host has no call for it.

        They are not Python's, and take up to ten megabytes each.
        """
        ruleset = self._ruleset_directory.pop(name, None)
        if ruleset is not None:
            self._ruleset_list.remove(ruleset)
            durable_rules_engine.delete_ruleset(ruleset._handle)

    def free_all(self) -> None:
        for name in self.names:
            self.free(name)
