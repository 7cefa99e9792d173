"""Speed, measured side by side with its limit in the same run."""
