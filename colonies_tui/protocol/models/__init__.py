"""The protocol's data models, one file per subject (§ Data models)."""
