"""One module a field, or a few that belong together: resolvers `resolve_*`, a value or None each."""
