"""What the central team sets up: areas, organisations, partnerships and rounds, by hand and from CSV files."""
