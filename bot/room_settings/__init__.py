"""What an admin can set: each setting declared once, read from what people type and from files."""
