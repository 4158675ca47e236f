"""Migrations, oldest first; storage.migrate runs them."""
