"""Hearsay in a terminal."""
