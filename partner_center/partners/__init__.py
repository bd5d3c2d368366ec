"""Companies and their accounts, dated standing, and the links between distributors and resellers."""
