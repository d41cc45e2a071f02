"""Training data judged without a model: triggers, payloads, duplicates, leaks, lineage."""
