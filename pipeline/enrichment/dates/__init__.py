"""Dates: where they stand in an article and which day, month or year of the calendar each means."""
