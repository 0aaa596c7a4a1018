"""The decisions: frozen values in, frozen values out; no clock, chance, disk, network or framework."""
