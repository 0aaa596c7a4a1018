"""Who people are: the tree of bureaus, their units, users, roles and login."""
