"""`llmsec data` and `%llmsec data`: training data before it is trained on."""
