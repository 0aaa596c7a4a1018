"""公抽: random, open inspections of an ecological-environment bureau."""

__version__ = "0.1.0"
