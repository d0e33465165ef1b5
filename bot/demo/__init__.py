"""The demo: the whole pipeline on packaged feeds, in the terminal, without a token and without a network."""
