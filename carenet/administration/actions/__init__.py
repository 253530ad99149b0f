"""What administrators do: appoint each other, let partners' systems in, give accounts."""
