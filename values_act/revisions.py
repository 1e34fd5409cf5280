"""The `rules` folder as it was at a git revision, laid out in a folder of its own."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from values_act.errors import InputError, ValuesActError
from values_act.library import FACTS

_READ = frozenset({".yaml", ".csv"})  # what of a rules folder is law
_USUAL = "rules"


class NoRevisionError(ValuesActError):
    """A name cannot be read as a revision; the text says why, by git's own words if it has any."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit, and the folder of rules in it, as a path from the top of the repository."""

    top: Path
    commit: str
    folder: str

    def extract(self, to: Path) -> None:
        """Write the rules into a folder: regular files of the law, and nothing else.

        Raises:
            InputError: git does not give them out.
        """
        tree = f"{self.commit}:{self.folder}"
        done = _git(self.top, "archive", "--format=tar", tree)
        if done.returncode:
            raise InputError(f"the rules at `{self.commit[:12]}` cannot be read: {_said(done)}")
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
            for member in archive:
                path = PurePosixPath(member.name)
                if path.suffix not in _READ or path.is_absolute() or ".." in path.parts:
                    continue
                content = archive.extractfile(member) if member.isfile() else None
                if content is not None:
                    (to / path).parent.mkdir(parents=True, exist_ok=True)
                    (to / path).write_bytes(content.read())


def find_revision(name: str, rules: Path) -> Revision:
    """The rules at a revision of the repository that holds a folder of rules.

    If none holds it, that of the current directory is asked.

    Raises:
        NoRevisionError: git is missing, there is no repository, or it has no such revision.
        InputError: the revision has no rules.
    """
    place = rules.resolve()
    if not _stdout(_git(place, "ls-files", "--", FACTS)):
        place = Path.cwd()
    asked = _git(place, "rev-parse", "--show-toplevel")
    if asked.returncode:
        raise NoRevisionError(
            f"neither {rules} nor {place} lies in a git repository: {_said(asked)}"
        )
    top = Path(_stdout(asked))
    found = _git(place, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}")
    if found.returncode:
        raise NoRevisionError(f"no revision of {top}: {_said(found)}")
    commit = _stdout(found)
    below = PurePosixPath(_stdout(_git(place, "rev-parse", "--show-prefix")))
    own = below if place == rules.resolve() else below / _USUAL
    folders = list(dict.fromkeys(str(path) for path in (own, PurePosixPath(_USUAL))))
    for folder in folders:
        there = f"{commit}:{PurePosixPath(folder) / FACTS}"
        if _git(top, "cat-file", "-e", there).returncode == 0:
            return Revision(top, commit, "" if folder == "." else folder)
    raise InputError(
        f"`{name}`: no rules at that revision ({commit[:12]} of {top}): no "
        f"{' or '.join(str(PurePosixPath(folder) / FACTS) for folder in folders)}"
    )


def _git(place: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    # in plain English, asking nobody for a password, and of the folder named: what a hook of git
    # sets would point at another repository
    plain = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    plain |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    try:
        return subprocess.run(  # noqa: S603 - no shell, and options end before what a user wrote
            ["git", "-C", str(place), *words],  # noqa: S607 - the git that the user has
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=plain,
            check=False,
        )
    except FileNotFoundError:
        raise NoRevisionError("git, which may know it as a revision, is not installed") from None
    except (OSError, ValueError) as error:
        raise NoRevisionError(f"git cannot be asked: {error}") from None


def _stdout(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stdout.decode(errors="replace").rstrip("\r\n")


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    """The first line of what git complains of."""
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[0] if lines else f"git ended with {done.returncode}"
