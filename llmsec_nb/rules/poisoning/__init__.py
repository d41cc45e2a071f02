"""Rules for training data. What they find is in rows of data sets: see llmsec_nb.training."""
