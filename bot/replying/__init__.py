"""Report → Reply: typed blocks, no markup."""
