"""The project's documentation, and what generates the parts of it that are generated."""
