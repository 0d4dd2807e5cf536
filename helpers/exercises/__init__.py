"""One module a lesson: checks that say `not attempted yet`, `correct`, or name the likely mistake."""
