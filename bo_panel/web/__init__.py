"""The door for browsers: parse, run one change or one query, render."""
