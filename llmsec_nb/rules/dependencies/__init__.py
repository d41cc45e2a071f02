"""Rules for what is installed: where it comes from, whether it is pinned, known and honest."""
