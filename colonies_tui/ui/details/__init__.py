"""Objects in full as documents of labelled values. Pure; every text from a server is cleaned here."""
