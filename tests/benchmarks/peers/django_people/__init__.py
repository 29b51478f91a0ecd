"""A Django app over the tables of the users; Django makes none of them."""
