"""Where stories are: feeds, sitemaps, listing pages, and what a URL alone tells."""
