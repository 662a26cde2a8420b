"""vjdream: a headless instrument for live neural hallucination."""

__version__ = "0.1.0"
