"""The option by which the command is told to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_sast(parser: argparse.ArgumentParser) -> None:
    """`--sast`: only the command asks, and no configuration can say so."""
    parser.add_argument(
        "--sast",
        action="store_true",
        help="let bandit (by way of nbQA) and ruff look at the code, too; needs the extra sast",
    )
