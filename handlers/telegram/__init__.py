"""Hearsay on Telegram."""
