"""Secrets: tokens of known format, keys, credentials in addresses, and named values."""
