"""Plain data and protocols: standard library and msgspec only."""
