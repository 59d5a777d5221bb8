"""The learned classifier of blocks: features, network, weights."""
