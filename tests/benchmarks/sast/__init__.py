"""How the second look compares with what the tools do on their own."""
