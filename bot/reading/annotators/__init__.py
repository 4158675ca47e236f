"""Annotators: those who find attributions in a document. The rules are the first."""
