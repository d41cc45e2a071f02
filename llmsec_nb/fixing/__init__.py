"""`llmsec check --fix`: the fixes of a report made in the files, each proven by another scan."""
