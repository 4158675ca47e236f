"""Message → Link → Page → Article."""
