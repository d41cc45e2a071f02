"""The world as artifacts: files, notebooks and the live kernel become texts with places."""
