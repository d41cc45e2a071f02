"""A second look at the code: bandit and ruff read copies of it, their findings become ours."""
