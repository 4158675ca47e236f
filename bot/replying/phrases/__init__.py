"""What Hearsay says: one TOML a language."""
