"""How good and how fast the core is, on labelled pages that lie beside the checkout."""
