"""Migrations, oldest first; storage.migrating runs them."""
