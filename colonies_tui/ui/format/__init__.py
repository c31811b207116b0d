"""Values as words for the screen. Pure functions: no I/O, no colours, no toolkit."""
