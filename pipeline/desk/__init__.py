"""The desk page: search, articles, stances and lag in a browser, read only, rendered here without any JavaScript."""
