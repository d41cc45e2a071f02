"""Tables of features and a label: planted values, columns that tell the label, odd rows."""
