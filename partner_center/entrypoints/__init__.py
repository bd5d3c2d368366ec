"""Where people and programs come in; each opens onto the apps and knows no other."""
