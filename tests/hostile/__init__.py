"""Whatever a server, a file or an operator hands over: nothing of it crashes, deceives or reaches the terminal."""
