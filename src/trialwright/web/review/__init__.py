"""A record is dropped and comes back annotated. Open to everyone; nothing of it is kept."""
