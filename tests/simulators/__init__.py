"""Small servers of our own that keep the rules of outside services, over HTTP on loopback."""
