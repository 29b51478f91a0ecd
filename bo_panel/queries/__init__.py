"""Every read: narrowed to what the actor may see, in a constant number of statements."""
