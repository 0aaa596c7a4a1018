"""The decisions: values in, values out; no clock, chance, disk, network or framework."""
