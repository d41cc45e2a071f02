"""What is too much alike: floods of near-copies, leaked evaluation sets, documents of one head."""
