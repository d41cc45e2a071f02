"""Configuration and suppression: what counts, what does not, and that nothing is hidden."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from llmsec_nb import check
from llmsec_nb.config import Config, ConfigError, load
from llmsec_nb.core.finding import Report
from llmsec_nb.core.rule import Confidence, Severity

from .conftest import write_notebook
from .samples import Maker


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('fail_on = "high"', 'unknown key "fail_on"; did you mean "fail-on"?'),
        ('fail-on = "hihg"', "Invalid enum value 'hihg' - at `$.fail-on`"),
        ("select = 3", "Expected `array`, got `int` - at `$.select`"),
        ("select = [", "not valid TOML"),
    ],
)
def test_wrong_configuration(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "llmsec.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as raised:
        load(tmp_path)
    assert str(raised.value).startswith(f"{file}: ")
    assert message in str(raised.value)


def test_nearest_file_wins(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.llmsec]\nfail-on = "high"\n')
    inner = tmp_path / "a"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[project]\nname='x'\n")
    config, file = load(inner)
    assert (config.fail_on, file) == (Severity.HIGH, tmp_path / "pyproject.toml")
    (inner / "llmsec.toml").write_text('min-confidence = "low"\n')
    assert load(inner)[0] == Config(min_confidence=Confidence.LOW)


def told(report: Report) -> list[tuple[str, str | None, str]]:
    return [
        (f.rule, f.suppression.kind, f.suppression.reason) if f.suppression else (f.rule, None, "")
        for f in report.findings
    ]


def scan(tmp_path: Path, *sources: str, config: Config | None = None, **metadata: Any) -> Report:
    write_notebook(tmp_path / "n.ipynb", *sources, **metadata)
    return check(tmp_path / "n.ipynb", config=config, root=tmp_path)


def test_comments(tmp_path: Path, maker: Maker) -> None:
    token = maker.token("SEC103")
    assert told(scan(tmp_path, f"k = '{token}'  # llmsec: ignore[SEC103] a fake")) == [
        ("SEC103", "comment", "a fake")
    ]
    above = f"# llmsec: ignore[github-token]\nk = '{token}'\nj = '{token}'"
    assert told(scan(tmp_path, above)) == [("SEC103", "comment", ""), ("SEC103", None, "")]
    other = f"k = '{token}'  # llmsec: ignore[SEC101]"
    assert told(scan(tmp_path, other)) == [("SEC103", None, ""), ("HYG001", None, "")]
    nothing = f"k = '{token}'  # llmsec: ignore"
    assert told(scan(tmp_path, nothing)) == [("SEC103", None, ""), ("HYG002", None, "")]
    wrong = f"k = '{token}'  # llmsec: ignore[SEC000]"
    assert told(scan(tmp_path, wrong)) == [("SEC103", None, ""), ("HYG002", None, "")]


def test_a_comment_inside_a_string_is_no_comment(tmp_path: Path, maker: Maker) -> None:
    token = maker.token("SEC103")
    source = f"k = '{token} # llmsec: ignore[SEC103]'"
    assert told(scan(tmp_path, source)) == [("SEC103", None, "")]
    assert told(scan(tmp_path, f"!echo\n{source}")) == [("SEC103", None, "")]


def test_cells_and_tags(tmp_path: Path, maker: Maker) -> None:
    token = maker.token("SEC103")
    whole = f"# llmsec: ignore-cell[SEC] fakes\n\n\nk = '{token}'"
    assert told(scan(tmp_path, whole, f"k = '{token}'")) == [
        ("SEC103", "comment", "fakes"),
        ("SEC103", None, ""),
    ]
    for tag in ("llmsec-ignore-SEC103", "llmsec: ignore[SEC103]"):
        assert told(scan(tmp_path, f"k = '{token}'", tags=[tag])) == [("SEC103", "tag", "")]
    assert told(scan(tmp_path, "1", tags=["llmsec-ignore-SEC103"])) == [("HYG001", None, "")]


def test_configured(tmp_path: Path, maker: Maker) -> None:
    source = f"k = '{maker.token('SEC103')}'"
    ignored = scan(tmp_path, source, config=Config(ignore=("SEC103",)))
    assert told(ignored) == [("SEC103", "config", "ignored by the configuration")]
    assert (ignored.summary.findings, ignored.summary.suppressed) == (0, 1)
    by_path = Config(per_path_ignores={"n*.ipynb": ("SEC",), "other/": ("SEC",)})
    assert told(scan(tmp_path, source, config=by_path)) == [
        ("SEC103", "config", "per-path-ignores")
    ]
    assert told(scan(tmp_path, source, config=Config(select=("UNI",)))) == []
    assert told(scan(tmp_path, source, config=Config(select=("secret",)))) == [("SEC103", None, "")]


def test_low_confidence_is_counted(tmp_path: Path) -> None:
    source = "db_password = 'password123'"
    assert scan(tmp_path, source).summary.low_confidence == 1
    assert told(scan(tmp_path, source, config=Config(min_confidence=Confidence.LOW))) == [
        ("SEC301", None, "")
    ]


def test_a_selection_does_not_make_other_suppressions_unused(tmp_path: Path, maker: Maker) -> None:
    source = f"k = '{maker.token('SEC103')}'  # llmsec: ignore[SEC103]"
    assert told(scan(tmp_path, source, config=Config(select=("UNI", "HYG")))) == []
