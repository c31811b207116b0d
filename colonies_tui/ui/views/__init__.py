"""The console's main screens: each is a view that the main screen shows one at a time."""
