"""Site knowledge as data: profiles of hosts and the platforms beneath them.

`profile` is the shape; `checks`, `facts` and `resolve` turn TOML into it; `loader` finds the files.
"""

from newsscraper.sites.loader import find_profile, load_profile, load_profiles, read_profile_file
from newsscraper.sites.profile import Edition, Evidence, Politeness, Profile
from newsscraper.sites.resolve import facts_of

__all__ = [
    "Edition",
    "Evidence",
    "Politeness",
    "Profile",
    "facts_of",
    "find_profile",
    "load_profile",
    "load_profiles",
    "read_profile_file",
]
