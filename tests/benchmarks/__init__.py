"""How long a page of the grid takes, as a ratio to a hand-written program. Run by `make bench`, never by `make test`."""
