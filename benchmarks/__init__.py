"""What is measured and reported with every release; beside the tests, never in the package."""
