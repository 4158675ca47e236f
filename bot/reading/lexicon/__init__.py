"""What Hearsay reads: one TOML a language."""
