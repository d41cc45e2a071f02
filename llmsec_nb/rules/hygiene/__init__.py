"""Rules about the upkeep of a notebook's own security notes."""
