"""What Hearsay remembers: the ports of bot, with SQLAlchemy."""
