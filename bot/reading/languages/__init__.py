"""Languages: a folder each, with what the rules ask of it."""
