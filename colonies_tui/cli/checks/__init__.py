"""The doctor's checks: each yields findings, changes nothing, and says what to do about what it finds."""
