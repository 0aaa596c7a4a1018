"""工作台: what waits for me today, the quarter's phases and its deadlines."""
