"""A line of printed text; apart, so that a command can print without loading what decides."""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """A line of text and how much it matters: outcome, heading, text, or faint."""

    text: str
    style: str = "text"
