"""Rules in plain Python: no clock, no I/O, standard library only."""
