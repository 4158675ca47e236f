"""Storage with SQLAlchemy: the implementations of the ports that bot declares."""
