"""The pages of reporting: the numbers, the summary, the package to the superior."""
