"""System administrators: who sets agencies, accounts and partners' systems up, and nothing else."""
