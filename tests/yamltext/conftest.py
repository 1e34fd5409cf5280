"""Both parsers of PyYAML, for claims that hold whichever is installed."""

from __future__ import annotations

import pytest
import yaml

from values_act import yamltext


@pytest.fixture(params=["libyaml", "pure Python"])
def each_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    loader = yaml.CSafeLoader if request.param == "libyaml" else yaml.SafeLoader
    monkeypatch.setattr(yamltext, "_LOADER", loader)
    return str(request.param)
