"""From labelled pages to the weights of the body classifier, in one command: `python -m training --data DIR`."""
