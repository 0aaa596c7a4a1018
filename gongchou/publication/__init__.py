"""What becomes public, when, and in which words: finished documents that stand alone."""
