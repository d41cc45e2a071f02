"""Labels that contradict each other, or the rest of their rows."""
