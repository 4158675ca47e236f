"""A little Spanish, for the test that a language is one folder."""
