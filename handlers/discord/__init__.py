"""Hearsay on Discord."""
