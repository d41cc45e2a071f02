"""Every detector of training data there is: the one list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .detector import TableDetector


def detectors() -> tuple[TableDetector[Any], ...]:
    """New ones, in the order in which reports name them."""
    from .features.detector import TableFeatures
    from .images.files import ImageFiles
    from .images.patches import ImagePatches
    from .labels.conflicts import LabelConflicts
    from .labels.issues import LabelIssues
    from .likeness.flood import NearCopies
    from .likeness.heads import SharedHeads
    from .likeness.leakage import Leakage
    from .pairs.detector import PairMiner
    from .payloads.detector import Payloads
    from .triggers.detector import TriggerMiner

    return (
        TriggerMiner(),
        PairMiner(),
        Payloads(),
        NearCopies(),
        SharedHeads(),
        Leakage(),
        LabelConflicts(),
        LabelIssues(),
        TableFeatures(),
        ImageFiles(),
        ImagePatches(),
    )
