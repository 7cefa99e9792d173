"""The Faust workers: three stages between four topics, and what keeps them from losing anything."""
