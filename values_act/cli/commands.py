"""Registers every command with the application."""

from __future__ import annotations

from values_act.cli import (  # noqa: F401
    ask,
    changelog,
    check,
    checkfiles,
    compare,
    counties,
    coverage,
    decide,
    diff,
    explain,
    flip,
    law,
    mutate,
    new,
    offenses,
    readings,
    scenarios,
    schema,
)
