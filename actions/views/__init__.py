"""One file a purpose: filing, moves, desk, history, lineage, freshness, media."""
