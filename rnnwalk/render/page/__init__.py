"""The walk as one HTML file that recomputes itself: a document, the record of the run, and a script that runs it again."""
