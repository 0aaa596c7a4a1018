"""What a quarter owes: classification, quotas, check tasks and their approval."""
