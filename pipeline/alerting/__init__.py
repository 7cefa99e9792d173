"""Standing queries: what matches one when it comes in goes to the topic of alerts; docs/alerts.md says how."""
