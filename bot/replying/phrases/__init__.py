"""The phrases of replies: one TOML a language."""
