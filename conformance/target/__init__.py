"""The users, groups and contacts of a target: target file and discovery."""
