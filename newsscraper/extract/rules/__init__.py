"""Labels by rules: they teach kinds that labelled pages do not tell, and lend their words to the reasons of labels."""
