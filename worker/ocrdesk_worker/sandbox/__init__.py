"""What a process that opens users' files may use: limits, files, system calls, and the way back for its results."""
