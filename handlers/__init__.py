"""Where people meet Hearsay."""
