"""What the scenarios are written with. One noun per file."""
