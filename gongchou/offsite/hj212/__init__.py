"""The receiver of automatic monitors: listens, keeps what arrives, and answers what is kept."""
