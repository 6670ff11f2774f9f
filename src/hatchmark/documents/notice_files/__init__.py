"""Reads the file of a published notice, whatever its format, as paragraphs and grids of raw cells.

`reading.read_notice_file` and `reading.read_notice_bytes` are the way in: a file that nobody vouches for is opened by
a child process with limits on time, memory and output, and without network. One module per format does the rest.
"""
