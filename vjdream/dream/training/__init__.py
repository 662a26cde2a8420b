"""Training networks to dream with: on the project's own drawings, or on anybody's pictures."""
