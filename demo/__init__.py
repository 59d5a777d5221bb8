"""A made-up news site and the small server that serves it on loopback."""
