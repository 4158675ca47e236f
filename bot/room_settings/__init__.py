"""Room settings: each declared once, read from typed text and from files."""
