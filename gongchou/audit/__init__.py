"""What was done: the append-only, hash-chained event log of each bureau."""
