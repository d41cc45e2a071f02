"""Dangerous code in cells and files of Python."""
