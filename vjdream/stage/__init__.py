"""What runs at the rate of the output: presenter, grade, supervisor of the dreamer."""
