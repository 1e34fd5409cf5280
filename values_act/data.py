"""Where the law and the scenarios lie: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

import models
from values_act.errors import ValuesActError

_HERE = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """The folder `rules`, `scenarios` or `examples` that belongs to this program.

    Raises:
        ValuesActError: neither the package nor the checkout holds it.
    """
    for folder in (_HERE / "_data" / name, _HERE.parent / name):
        if folder.is_dir():
            return folder
    raise ValuesActError(f"the folder `{name}` is missing from this installation")


def check_own_models() -> None:
    """Refuse to run on another project's `models` package.

    Raises:
        ValuesActError: the imported `models` does not lie beside this package.
    """
    found = Path(models.__file__ or "").resolve().parent
    if found.parent != _HERE.parent:
        raise ValuesActError(
            f"the `models` package in use is {found}, not the one beside {_HERE}; "
            "run from another folder or in a fresh environment"
        )
