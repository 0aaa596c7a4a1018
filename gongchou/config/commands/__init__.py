"""The groups of the `gongchou` command, one module each."""
