"""Model files: what is found in labelled ones, and what that costs, beside picklescan."""
