"""The Selling Partner API client: what Amazon says, as values. Knows nothing of us."""
