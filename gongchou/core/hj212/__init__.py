"""HJ 212, the wire format of automatic monitors: framing, check sum, packets, answers."""
