"""One rule, many readers: each reads the same rules and none has law of its own."""
