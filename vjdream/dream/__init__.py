"""Everything that needs torch: networks, objective, prior, canvas, dreamer."""
