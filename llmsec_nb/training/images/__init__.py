"""Pictures: what is in their files, which are the same, and patches stamped on them."""
