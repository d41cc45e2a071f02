"""Triggers in prompts that call up odd responses: instruction pairs and preference pairs."""
