"""How much poison is found in training data, and how often clean data are blamed.

    python -m tests.benchmarks.poisoning.clean [DIR]      alerts and flagged rows of clean sets
    python -m tests.benchmarks.poisoning.triggers [DIR]   recall by attack and number of rows
    python -m tests.benchmarks.poisoning.answers DIR      the same for instruction and preference pairs
    python -m tests.benchmarks.poisoning.others DIR       tables, corpora, floods, leaks, images
    python -m tests.benchmarks.poisoning.differential     few bad rows among new ones
    python -m tests.benchmarks.poisoning.power [DIR]      whether the stated number of rows is true
    python -m tests.benchmarks.poisoning.speed            seconds of CPU, and memory

Without DIR the listed sets are read, which thresholds may be tuned on. DIR is a folder of others,
see `sets.py`.
"""
