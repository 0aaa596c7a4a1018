"""The policies as data: one folder of TOML for each plan, and the one file that reads them."""
