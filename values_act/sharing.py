"""What places on one day share: the facts of all of them, and the diagrams made so far."""

from __future__ import annotations

from collections.abc import Sequence

from values_act.places import Place
from values_act.readers.anycase import Ground
from values_act.readers.layout import Layout


class Grounds:
    """The ground of a place; only that of the last day is kept, so ask in order of time."""

    def __init__(self) -> None:
        self._key: object = None
        self._ground: Ground | None = None

    def of(self, place: Place, every: Sequence[Place]) -> Ground:
        """The ground of a place, and of all others on the same day."""
        key = _on(place)
        if key != self._key or self._ground is None:
            asked = dict.fromkeys(
                one for other in every if _on(other) == key for one in other.asked
            )
            self._key, self._ground = key, Ground(Layout(list(asked)))
        return self._ground


def _on(place: Place) -> tuple[object, ...]:
    return tuple(asked.day for asked in place.asked)


def in_time(place: Place) -> tuple[object, ...]:
    """Sorts places so that those that share a ground stand together."""
    return _on(place), place.counties != (None, None), str(place.counties)
