"""The draw: freeze, commit, close, draw, witness, seal and release."""
