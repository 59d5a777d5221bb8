"""Site knowledge as data: profiles of hosts and the platforms beneath them."""

from newsscraper.sites.profile import Edition, Politeness, Profile

__all__ = ["Edition", "Politeness", "Profile"]
