"""Training data: what is wrong with which rows, what a scan would have seen, what to hold back."""

from __future__ import annotations

from ..sources.dataset import DatasetError
from ..training.guess import UnknownColumn
from .result import DataScan, UnknownAlert
from .scan import Trusted, scan

__all__ = ["DataScan", "DatasetError", "Trusted", "UnknownAlert", "UnknownColumn", "scan"]
