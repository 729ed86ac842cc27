"""What a requirement is, which responses it looks at, and what must hold before it is checked."""
