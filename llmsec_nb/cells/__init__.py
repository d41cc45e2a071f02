"""A cell as IPython runs it: its Python as a tree, its commands, the files that it writes.

Nothing is executed or imported, and every piece knows the characters that it stands in.
"""

from __future__ import annotations

from .program import Body, Command, Program, read

__all__ = ["Body", "Command", "Program", "read"]
