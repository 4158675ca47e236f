"""Article → Report: pure, without network, clock or chat."""
