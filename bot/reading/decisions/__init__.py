"""Learnt judgements: candidates → named features → weights in a data file; each explains itself."""
