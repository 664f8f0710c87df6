"""One file a purpose: create, steps, rows, moves, media."""
