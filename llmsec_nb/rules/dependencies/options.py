"""Options of installers: which take a value, what the short ones and the environment mean.

Sources: https://pip.pypa.io/en/stable/cli/pip_install/ and https://docs.astral.sh/uv/reference/
"""

from __future__ import annotations

from typing import Final, NamedTuple

VALUED: Final = frozenset(
    {"-c", "--constraint", "-r", "--requirement", "--requirements", "-e", "--editable", "-t",
     "--target", "--prefix", "--root", "--src", "-i", "--index-url", "--extra-index-url", "-f",
     "--find-links", "--trusted-host", "--platform", "--python-version", "--implementation",
     "--abi", "--python", "-p", "--progress-bar", "--log", "--proxy", "--retries", "--timeout",
     "--exists-action", "--cert", "--client-cert", "--cache-dir", "--no-binary", "--only-binary",
     "--report", "--global-option", "--build-option", "--config-settings", "--config-setting",
     "-C", "--use-feature", "--use-deprecated", "--upgrade-strategy", "--group", "-b", "--build",
     "--root-user-action", "--keyring-provider", "--resume-retries", "-d", "--dest", "-w",
     "--wheel-dir", "--upgrade-package", "-P", "--index", "--default-index", "--index-strategy",
     "--exclude-newer", "--resolution", "--prerelease", "--link-mode", "--extra", "--torch-backend",
     "--allow-insecure-host", "--tag", "--rev", "--branch", "--marker", "-m", "--override",
     "--overrides", "--build-constraint", "--reinstall-package", "--no-build-package",
     "--no-binary-package", "--fork-strategy", "--package", "--script", "--with",
     "--with-editable", "--with-requirements", "--source", "--pypi-mirror", "--uploaded-prior-to",
     "--from", "--refresh-package", "--suffix", "--pip-args", "--preinstall", "--only-deps",
     "--install-option", "--config-setting-package", "--project", "--directory", "-V",
     "--hash", "--color", "-o", "--output-file"}
)  # fmt: skip
"""Options that take a word of their own."""
_LONG: Final = {
    "-i": "--index-url", "--pypi-url": "--index-url", "-f": "--find-links",
    "--default-index": "--index-url", "-r": "--requirement", "--requirements": "--requirement",
    "-c": "--constraint", "-e": "--editable", "--allow-insecure-host": "--trusted-host",
    "--pypi-mirror": "--index-url",
}  # fmt: skip
SETTINGS: Final = {
    "PIP_INDEX_URL": "--index-url", "PIP_EXTRA_INDEX_URL": "--extra-index-url",
    "PIP_TRUSTED_HOST": "--trusted-host", "PIP_FIND_LINKS": "--find-links",
    "PIP_BREAK_SYSTEM_PACKAGES": "--break-system-packages",
    "UV_INDEX_URL": "--index-url", "UV_DEFAULT_INDEX": "--index-url",
    "UV_EXTRA_INDEX_URL": "--extra-index-url", "UV_INDEX": "--index",
    "UV_FIND_LINKS": "--find-links", "UV_INSECURE_HOST": "--trusted-host",
    "UV_INDEX_STRATEGY": "--index-strategy", "PIPENV_PYPI_MIRROR": "--index-url",
}  # fmt: skip
"""Variables of the environment, and the options that they stand for."""


class Option(NamedTuple):
    """An option by its long name; `start` to `end` is its value, or itself where it has none."""

    name: str
    value: str
    start: int
    end: int
    is_open: bool = False


def option_name(name: str) -> str:
    """The long name of an option of pip."""
    return _LONG.get(name, name)


def of_setting(name: str, value: str, span: tuple[int, int]) -> Option | None:
    """The option that a variable of the environment stands for."""
    long = SETTINGS.get(name)
    return Option(long, value, *span) if long else None
